import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import {
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { Duration } from 'aws-cdk-lib';
import { Emulator, type EmulatorOptions, type ManualClock } from 'cdk-decouple-emulator';
import { Client } from 'pg';
import { type ShopStackOptions, shopStack } from './shop-stack';

/** How a shop is built. */
export interface ShopOptions extends ShopStackOptions {
  readonly emulator?: Partial<Omit<EmulatorOptions, 'clock'>>;
  /** The columns of its tables. @default - those of {@link TestOrder} */
  readonly table?: string;
}

const ORDERS =
  'order_id text PRIMARY KEY, position int NOT NULL, amount numeric NOT NULL CHECK (amount >= 0), written serial';

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
    private readonly outputs: (key: string) => string,
    private readonly connection: Connection,
    private readonly fifo: boolean,
  ) {
    this.sqs = aws.client(SQSClient);
  }

  static async open(options: ShopOptions = {}): Promise<Shop> {
    const aws = await Emulator.start({ ...options.emulator, clock: 'manual' });
    const deployment = await aws.deploy(shopStack(options));
    const { SecretString = '' } = await aws
      .client(SecretsManagerClient)
      .send(new GetSecretValueCommand({ SecretId: deployment.output('Secret') }));
    const connection: Connection = {
      ...(JSON.parse(SecretString) as Omit<Connection, 'ca'>),
      ca: await readFile(await aws.certificateAuthorityFile(), 'utf8'),
    };
    const shop = new Shop(aws, (key) => deployment.output(key), connection, options.fifo ?? false);
    for (const table of options.buffers ?? ['orders']) {
      await shop.query(`CREATE TABLE ${table} (${options.table ?? ORDERS})`);
    }
    return shop;
  }

  /** ARN of the secret with the database's login. */
  get secretArn(): string {
    return this.outputs('Secret');
  }

  /** What that secret held when the shop was opened. */
  get login(): Omit<Connection, 'ca'> {
    const { ca: _ca, ...login } = this.connection;
    return login;
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
  async receiveAll(queueUrl: string): Promise<Message[]> {
    const all: Message[] = [];
    for (;;) {
      const { Messages = [] } = await this.sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: queueUrl,
          MaxNumberOfMessages: 10,
          WaitTimeSeconds: 0,
          MessageAttributeNames: ['All'],
        }),
      );
      if (Messages.length === 0) return all;
      all.push(...Messages);
    }
  }

  /** Lets time pass in steps until the queue is empty; fails after `limit`. */
  async drain(limit = Duration.hours(2), buffer = 'orders'): Promise<void> {
    const end = this.aws.clock.now() + limit.toMilliseconds();
    await this.aws.clock.settle();
    while ((await this.depth(this.queueUrl(buffer))) > 0) {
      if (this.aws.clock.now() >= end) throw new Error('the queue did not drain');
      await this.aws.clock.advance(Duration.seconds(30));
    }
  }

  async query<T extends object>(text: string): Promise<T[]> {
    const client = await this.connect();
    try {
      return (await client.query<T>(text)).rows;
    } finally {
      await client.end();
    }
  }

  /** A connection of one's own, as a writer without a buffer would open. */
  async connect(): Promise<Client> {
    const { host, port, username, password, dbname, ca } = this.connection;
    const client = new Client({
      host,
      port,
      user: username,
      password,
      database: dbname,
      ssl: { ca },
    });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  /**
   * Keeps every writer waiting in the middle of its batch until the returned function is called.
   *
   * @param writers - resolves once so many of them wait
   */
  async blockWriters(
    writers: number,
  ): Promise<{ waiting: Promise<void>; release(): Promise<void> }> {
    const client = await this.connect();
    await client.query('BEGIN');
    await client.query('LOCK TABLE orders IN EXCLUSIVE MODE');
    const count = async (): Promise<number> => {
      const { rows } = await client.query<{ waiting: string }>(
        "SELECT count(*) AS waiting FROM pg_locks WHERE NOT granted AND relation = 'orders'::regclass",
      );
      return Number(rows[0]?.waiting);
    };
    const allWaiting = async (): Promise<void> => {
      while ((await count()) < writers);
    };
    return {
      waiting: allWaiting(),
      release: async () => {
        await client.query('ROLLBACK').catch(() => undefined);
        await client.end();
      },
    };
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

  async rowCount(table = 'orders'): Promise<number> {
    const [row] = await this.query<{ rows: string }>(`SELECT count(*) AS rows FROM ${table}`);
    return Number(row?.rows);
  }

  /** A digest of the whole journal: equal for runs that went the same way. */
  journalDigest(): string {
    expect(this.aws.journal.evicted).toBe(0);
    return createHash('sha256').update(JSON.stringify(this.aws.journal.hops())).digest('hex');
  }

  close(): Promise<void> {
    return this.aws.stop();
  }
}

interface Connection {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  readonly dbname: string;
  readonly ca: string;
}

/** Orders numbered from 1. */
export function testOrders(count: number): TestOrder[] {
  return Array.from({ length: count }, (_, index) => ({
    orderId: `order-${index + 1}`,
    position: index + 1,
    amount: `${index + 1}.25`,
  }));
}
