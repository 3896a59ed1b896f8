import { type AttributeValue, DynamoDB } from '@aws-sdk/client-dynamodb';
import { Duration } from 'aws-cdk-lib';
import type { Emulator, ManualClock } from 'cdk-decouple-emulator';
import type { BlockedWriters, ShopStore, StoredOrder } from './shop-store';

/** A shop's tables of DynamoDB. */
export class DynamoDbStore implements ShopStore {
  readonly knowsOrder = false;
  /** Each is a call, where PostgreSQL takes ten in a statement. */
  readonly volume = 3_000;
  readonly poison = [
    'not JSON at all',
    JSON.stringify({ orderId: 'no-amount', position: 1 }),
    JSON.stringify({ orderId: 'too-large', position: 2, amount: '1', note: 'x'.repeat(410_000) }),
    JSON.stringify({ orderId: 'no-number', position: 3, amount: 'a lot' }),
  ];
  readonly repairable = JSON.stringify({ orderId: 'free', position: 1 });
  readonly client: DynamoDB;
  private endFault: () => void = () => undefined;

  constructor(
    private readonly aws: Emulator<ManualClock>,
    private readonly tableName: (table: string) => string,
    /** Deploys the shop anew with a sink that takes orders without an amount. */
    readonly repair: () => Promise<void>,
  ) {
    this.client = aws.client(DynamoDB);
  }

  async orders(table = 'orders'): Promise<StoredOrder[]> {
    return (await this.items(table)).map(({ amount, order_id: id, position }) => ({
      orderId: id?.S ?? '',
      position: Number(position?.N),
      amount: amount?.N ?? '',
    }));
  }

  async rowCount(table?: string): Promise<number> {
    return (await this.items(table)).length;
  }

  /** All items of a table, in no order. */
  async items(table = 'orders'): Promise<Record<string, AttributeValue>[]> {
    const items: Record<string, AttributeValue>[] = [];
    let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
    do {
      const page = await this.client.scan({ TableName: this.tableName(table), ExclusiveStartKey });
      items.push(...(page.Items ?? []));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
    return items;
  }

  async stop(): Promise<void> {
    this.endFault = this.aws.faults.throttleTable({ operations: ['PutItem'] });
  }

  async start(): Promise<void> {
    this.endFault();
  }

  /** Puts that are under way are done in a day, if anybody waits for it. */
  async blockWriters(): Promise<BlockedWriters> {
    const end = this.aws.faults.tableLatency({
      operations: ['PutItem'],
      milliseconds: Duration.days(1).toMilliseconds(),
    });
    return { waiting: (settled) => settled, release: async () => end() };
  }
}
