import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import {
  GetQueueAttributesCommand,
  type Message,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { Duration } from 'aws-cdk-lib';
import { Emulator, type EmulatorOptions, type ManualClock } from 'cdk-decouple-emulator';
import { digestOf, receiveAll } from './messages';
import { DynamoDbStore } from './shop-dynamodb';
import { PostgresStore } from './shop-postgres';
import { type ShopStackOptions, shopStack } from './shop-stack';
import type { ShopStore } from './shop-store';

/** How a shop is built. */
export interface ShopOptions extends ShopStackOptions {
  readonly emulator?: Partial<Omit<EmulatorOptions, 'clock'>>;
  /** The columns of its tables in PostgreSQL. @default - those of {@link TestOrder} */
  readonly table?: string;
}

/** One order as the tests send it. */
export interface TestOrder {
  readonly orderId: string;
  readonly position: number;
  readonly amount: string;
  /** FIFO only. */
  readonly group?: string;
}

/** A shop that is deployed and has its tables. */
export class Shop {
  readonly sqs: SQSClient;

  private constructor(
    readonly aws: Emulator<ManualClock>,
    /** What orders are written to. */
    readonly store: ShopStore,
    private readonly outputs: (key: string) => string,
    private readonly fifo: boolean,
  ) {
    this.sqs = aws.client(SQSClient);
  }

  static async open(options: ShopOptions = {}): Promise<Shop> {
    const aws = await Emulator.start({ ...options.emulator, clock: 'manual' });
    const deployment = await aws.deploy(shopStack(options));
    const outputs = (key: string): string => deployment.output(key);
    return new Shop(aws, await openStore(aws, outputs, options), outputs, options.fifo ?? false);
  }

  /** The shop's database, if it is PostgreSQL. */
  get postgres(): PostgresStore {
    if (!(this.store instanceof PostgresStore)) throw new Error('the shop has no PostgreSQL');
    return this.store;
  }

  /** The shop's tables, if they are DynamoDB's. */
  get dynamoDb(): DynamoDbStore {
    if (!(this.store instanceof DynamoDbStore)) throw new Error('the shop has no DynamoDB');
    return this.store;
  }

  queueUrl(buffer = 'orders'): string {
    return this.outputs(`Queue${buffer}`);
  }

  deadLetterQueueUrl(buffer = 'orders'): string {
    return this.outputs(`DeadLetters${buffer}`);
  }

  /** Sends message bodies, ten at a time. */
  async sendBodies(bodies: readonly string[], groups: readonly string[] = [], buffer = 'orders') {
    for (let i = 0; i < bodies.length; i += 10) {
      const { Failed = [] } = await this.sqs.send(
        new SendMessageBatchCommand({
          QueueUrl: this.queueUrl(buffer),
          Entries: bodies.slice(i, i + 10).map((body, index) => ({
            Id: String(index),
            MessageBody: body,
            ...(this.fifo
              ? {
                  MessageGroupId: groups[i + index] ?? 'all',
                  MessageDeduplicationId: `m-${i + index}`,
                }
              : {}),
          })),
        }),
      );
      expect(Failed).toEqual([]);
    }
  }

  sendOrders(orders: readonly TestOrder[], buffer = 'orders'): Promise<void> {
    return this.sendBodies(
      orders.map(({ group: _group, ...body }) => JSON.stringify(body)),
      orders.map((order) => order.group ?? 'all'),
      buffer,
    );
  }

  /** Messages in a queue, in flight and delayed ones included. */
  async depth(queueUrl = this.queueUrl()): Promise<number> {
    const { Attributes = {} } = await this.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] }),
    );
    return (
      Number(Attributes.ApproximateNumberOfMessages) +
      Number(Attributes.ApproximateNumberOfMessagesNotVisible) +
      Number(Attributes.ApproximateNumberOfMessagesDelayed)
    );
  }

  /** Receives everything that can be received, without deleting it. */
  receiveAll(queueUrl: string): Promise<Message[]> {
    return receiveAll(this.sqs, queueUrl);
  }

  /**
   * Lets time pass in steps until the queue is empty; fails after `limit`.
   *
   * @param eachStep - called after each step
   */
  async drain(
    limit = Duration.hours(2),
    buffer = 'orders',
    step = Duration.seconds(30),
    eachStep: () => Promise<void> = async () => undefined,
  ): Promise<void> {
    const end = this.aws.clock.now() + limit.toMilliseconds();
    await this.aws.clock.settle();
    while ((await this.depth(this.queueUrl(buffer))) > 0) {
      if (this.aws.clock.now() >= end) throw new Error('the queue did not drain');
      await this.aws.clock.advance(step);
      await eachStep();
    }
  }

  /** ARN of the only function. */
  async functionArn(): Promise<string> {
    const { Functions = [] } = await this.aws
      .client(LambdaClient)
      .send(new ListFunctionsCommand({}));
    const [first] = Functions;
    if (!first?.FunctionArn || Functions.length !== 1) throw new Error('not exactly one function');
    return first.FunctionArn;
  }

  /** A digest of the whole journal: equal for runs that went the same way. */
  journalDigest(): string {
    return digestOf(this.aws.journal);
  }

  close(): Promise<void> {
    return this.aws.stop();
  }
}

async function openStore(
  aws: Emulator<ManualClock>,
  outputs: (key: string) => string,
  options: ShopOptions,
): Promise<ShopStore> {
  const tables = options.buffers ?? ['orders'];
  if (options.store !== 'dynamodb')
    return PostgresStore.open(aws, outputs('Secret'), tables, options.table);
  return new DynamoDbStore(
    aws,
    (table) => outputs(`Table${table}`),
    async () => void (await aws.deploy(shopStack({ ...options, amountIsOptional: true }))),
  );
}

/** Orders numbered from 1. */
export function testOrders(count: number): TestOrder[] {
  return Array.from({ length: count }, (_, index) => ({
    orderId: `order-${index + 1}`,
    position: index + 1,
    amount: `${index + 1}.25`,
  }));
}
