import type { Authorize } from '../../iam/caller';
import type { MetricSink } from '../../metrics/metric-sink';
import type { CallContext } from '../../protocol/handlers';
import type { RandomSource } from '../../random/random';
import { Regional, type ServiceEnvironment } from '../service';
import { notFound } from './errors';
import { DynamoDbFaults } from './faults';
import type { Table } from './table';
import { addressOf, type TableAddress, tableArn, tableOrIndexArn } from './table-address';
import { Tables } from './tables';

/** What DynamoDB needs of KMS. */
export interface TableKeys {
  /** The ARN of a usable key; errors are those of KMS. */
  usableKeyArn(keyId: string, account: string, region: string): string;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html */
function countThrottled(sink: MetricSink, arn: string, Operation: string, now: number): void {
  const [, , , region = '', account = '', path = ''] = arn.split(':');
  const dimensions = { TableName: path.slice(path.indexOf('/') + 1), Operation };
  const metric = { namespace: 'AWS/DynamoDB', name: 'ThrottledRequests', dimensions };
  sink.recorder({ account, region }, metric, 'Count').add(1, now);
}

/** All tables, and what every operation asks before it touches one. */
export class DynamoDbState {
  readonly faults: DynamoDbFaults;
  readonly random: RandomSource;
  readonly authorize: Authorize;
  readonly clock: ServiceEnvironment['clock'];
  private readonly regions: Regional<Tables>;

  constructor(
    environment: ServiceEnvironment,
    readonly keys: TableKeys,
  ) {
    const { authorize, clock, metrics, random } = environment;
    this.authorize = authorize;
    this.clock = clock;
    this.random = random;
    this.faults = new DynamoDbFaults(random, (tableArn, operation) =>
      countThrottled(metrics, tableArn, operation, clock.now()),
    );
    this.regions = new Regional((account, region) => new Tables(account, region, clock, random));
  }

  in({ account, region }: Pick<TableAddress, 'account' | 'region'>): Tables {
    return this.regions.in(account, region);
  }

  all(): Tables[] {
    return this.regions.all();
  }

  /**
   * Asks whether the caller may do this to a table, or to the index that is read instead.
   *
   * @param action - without its prefix. @default - that of the call
   */
  permit(
    nameOrArn: string,
    context: CallContext,
    action: string = context.operation,
    index?: string,
  ): TableAddress {
    const address = addressOf(nameOrArn, context);
    context.authorize(`dynamodb:${action}`, tableOrIndexArn(address, index));
    return address;
  }

  /**
   * A table to read or write items of, whose key the caller may use.
   *
   * @throws ServiceError ResourceNotFoundException, AccessDeniedException
   */
  usable(address: TableAddress, context: CallContext): Table {
    const table = this.in(address).usable(address.name);
    this.useKey(table, context);
    return table;
  }

  /** Lets a call take the time that a fault says. */
  async delay(addresses: readonly TableAddress[], context: CallContext): Promise<void> {
    const times = addresses.map((address) =>
      this.faults.latencyOf(tableArn(address), context.operation),
    );
    const latency = Math.max(0, ...times);
    if (latency > 0)
      await context.park<void>((wake) => {
        const label = `latency of ${context.operation} on ${addresses[0]?.name}`;
        this.clock.after(latency, label, () => wake());
      });
  }

  /** The table of an ARN, in any account and region. */
  find(address: TableAddress): Table {
    const table = this.in(address).find(address.name);
    if (!table) throw notFound();
    return table;
  }

  /** Gives a table a policy; returns its revision. */
  putPolicy(table: Table, document: string): string {
    const revision = this.random
      .stream(`dynamodb/policies/${table.arn}`)
      .integer(2 ** 40)
      .toString();
    table.resourcePolicy = { document, revision };
    return revision;
  }

  /**
   * With a key of the user's own, callers need the right to have DynamoDB decrypt the table's key.
   *
   * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
   */
  private useKey({ address, settings }: Table, context: CallContext): void {
    const { customerManagedKey, keyArn } = settings;
    if (keyArn === undefined || !customerManagedKey) return;
    context.authorize(
      'kms:Decrypt',
      this.keys.usableKeyArn(keyArn, address.account, address.region),
      {
        'kms:ViaService': `dynamodb.${address.region}.amazonaws.com`,
        'kms:CallerAccount': context.caller.account,
        'kms:EncryptionContext:aws:dynamodb:tableName': address.name,
        'kms:EncryptionContext:aws:dynamodb:subscriberId': address.account,
      },
    );
  }
}
