import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kinesis from 'aws-cdk-lib/aws-kinesis';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { notifyOn } from '../alarms/notify';
import { acknowledgeWildcard } from '../least-privilege/acknowledge-wildcard';
import { grantPutMetrics } from '../streams/producer-grants';
import { type StreamAlarms, streamAlarms } from '../streams/stream-alarms';
import { failuresOf, isKnown, throwIfAny, type ValidationRule } from '../validation';
import { ALARM_TOPIC_RULE } from '../work-queue/work-queue-rules';
import { grantReadStream } from './read-grants';

/** DynamoDB's longest name of a table, and the longest ending that KCL gives one. */
const LONGEST_NAME = 255 - '-WorkerMetricStats'.length;
/** As KCL names it: https://docs.aws.amazon.com/streams/latest/dev/kcl-dynamoDB.html */
const LEASE_INDEX = 'LeaseOwnerToLeaseKeyIndex';

/** What a {@link KclApplication} can be told. */
export interface KclApplicationProps {
  /** The stream that the application reads. */
  readonly stream: kinesis.IStream;

  /**
   * What the application calls itself: up to 237 letters, digits, hyphens, underscores and full stops. KCL finds its tables by it, and
   * names its metrics.
   */
  readonly applicationName: string;

  /**
   * Whether the application registers itself for enhanced fan-out, which is KCL's default, instead of polling.
   *
   * @default true
   */
  readonly enhancedFanOut?: boolean;

  /**
   * A KMS key of your own for the tables.
   *
   * @default - a key that DynamoDB owns
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * What becomes of the tables when they leave the stack. They hold how far the application has read.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * How far the application may be behind before the alarm on it goes off, if it polls.
   *
   * @default Duration.hours(1)
   */
  readonly maxIteratorAge?: Duration;

  /**
   * Where the alarms tell of their going off and of their end.
   *
   * @default - the alarms are made, nobody is told
   */
  readonly alarmTopic?: sns.ITopic;
}

const RULES: ReadonlyArray<ValidationRule<KclApplicationProps>> = [
  {
    fails: ({ applicationName }) =>
      isKnown(applicationName) &&
      (applicationName.length > LONGEST_NAME || !/^[a-zA-Z0-9_.-]{3,}$/.test(applicationName)),
    message: ({ applicationName }) =>
      `applicationName must be 3 to ${LONGEST_NAME} letters, digits, hyphens, underscores and full stops, got '${applicationName}'`,
  },
  ALARM_TOPIC_RULE,
];

/**
 * What an application needs that reads a stream with the Kinesis Client Library: the tables in which its workers agree who reads which
 * shard, and the rights to read.
 *
 * The tables are made here, so that the application needs no right to make any.
 *
 * @example
 * const counter = new KclApplication(this, 'Counter', { stream, applicationName: 'counter' });
 * counter.grantRun(taskRole);
 */
export class KclApplication extends Construct {
  /** Which worker has which shard, and how far it has read. */
  public readonly leaseTable: dynamodb.TableV2;

  /** How busy the workers are; KCL 3 balances leases by it. */
  public readonly workerMetricsTable: dynamodb.TableV2;

  /** What KCL 3 keeps of itself. */
  public readonly coordinatorStateTable: dynamodb.TableV2;

  /** Its alarms: of the stream that it reads. */
  public readonly alarms: StreamAlarms;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: KclApplicationProps,
  ) {
    throwIfAny(scope, id, KclApplication.name, failuresOf(props, RULES));
    super(scope, id);
    const { alarmTopic, applicationName, maxIteratorAge, stream } = props;
    this.leaseTable = this.makeTable('LeaseTable', applicationName, 'leaseKey', {
      globalSecondaryIndexes: [
        {
          indexName: LEASE_INDEX,
          partitionKey: { name: 'leaseOwner', type: dynamodb.AttributeType.STRING },
          sortKey: { name: 'leaseKey', type: dynamodb.AttributeType.STRING },
          projectionType: dynamodb.ProjectionType.KEYS_ONLY,
        },
      ],
    });
    this.workerMetricsTable = this.makeTable(
      'WorkerMetricsTable',
      `${applicationName}-WorkerMetricStats`,
      'wid',
    );
    this.coordinatorStateTable = this.makeTable(
      'CoordinatorStateTable',
      `${applicationName}-CoordinatorState`,
      'key',
    );
    this.alarms = streamAlarms(this, stream, maxIteratorAge ?? Duration.hours(1));
    if (alarmTopic !== undefined) {
      const { iteratorAge, readLimit, writeLimit } = this.alarms;
      notifyOn(this, alarmTopic, [iteratorAge, readLimit, writeLimit]);
    }
  }

  /**
   * Lets a principal run the application: the role of its tasks or instances.
   *
   * @see https://docs.aws.amazon.com/streams/latest/dev/kcl-iam-permissions.html
   */
  public grantRun(grantee: iam.IGrantable): void {
    const { applicationName, enhancedFanOut, stream } = this.props;
    grantReadStream(stream, grantee);
    if (enhancedFanOut !== false) this.grantFanOut(grantee);
    const records = [
      'dynamodb:DescribeTable',
      'dynamodb:Scan',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
    ];
    for (const table of [this.leaseTable, this.workerMetricsTable, this.coordinatorStateTable]) {
      iam.Grant.addToPrincipal({ grantee, actions: records, resourceArns: [table.tableArn] });
    }
    this.grantKey(grantee);
    iam.Grant.addToPrincipal({
      grantee,
      actions: ['dynamodb:Query'],
      resourceArns: [`${this.leaseTable.tableArn}/index/${LEASE_INDEX}`],
    });
    grantPutMetrics(grantee, applicationName);
  }

  private grantKey(grantee: iam.IGrantable): void {
    const { encryptionKey } = this.props;
    encryptionKey?.grantEncryptDecrypt(grantee);
    if (encryptionKey !== undefined && Construct.isConstruct(grantee)) {
      const reason =
        'Writing to an encrypted table needs the variants of this action, on the one key of the tables.';
      Validations.of(grantee).acknowledge(
        { id: 'AwsSolutions-IAM5[Action::kms:GenerateDataKey*]', reason },
        { id: 'AwsSolutions-IAM5[Action::kms:ReEncrypt*]', reason },
      );
    }
  }

  private grantFanOut(grantee: iam.IGrantable): void {
    const { stream } = this.props;
    stream.grant(grantee, 'kinesis:RegisterStreamConsumer');
    const consumers = `${stream.streamArn}/consumer/*`;
    iam.Grant.addToPrincipal({
      grantee,
      actions: ['kinesis:SubscribeToShard', 'kinesis:DescribeStreamConsumer'],
      resourceArns: [consumers],
    });
    if (Construct.isConstruct(grantee)) {
      acknowledgeWildcard(
        grantee,
        consumers,
        'Kinesis ends the ARN of a consumer with when it registered, which the application does itself.',
      );
    }
  }

  private makeTable(
    id: string,
    tableName: string,
    key: string,
    props: Pick<dynamodb.TablePropsV2, 'globalSecondaryIndexes'> = {},
  ): dynamodb.TableV2 {
    const { encryptionKey, removalPolicy } = this.props;
    const table = new dynamodb.TableV2(this, id, {
      tableName,
      partitionKey: { name: key, type: dynamodb.AttributeType.STRING },
      billing: dynamodb.Billing.onDemand(),
      encryption:
        encryptionKey === undefined
          ? dynamodb.TableEncryptionV2.dynamoOwnedKey()
          : dynamodb.TableEncryptionV2.customerManagedKey(encryptionKey),
      removalPolicy: removalPolicy ?? RemovalPolicy.RETAIN,
      ...props,
    });
    Validations.of(table).acknowledge({
      id: 'AwsSolutions-DDB3',
      reason:
        'A lease as it was some time ago is of no use: the shard would be read again from there.',
    });
    return table;
  }
}
