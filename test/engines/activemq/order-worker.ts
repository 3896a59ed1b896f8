import { setTimeout } from 'node:timers/promises';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { runWorker } from 'cdk-decouple/worker';
import { type Connection, create_container, type EventContext } from 'rhea';

const { BROKER_SECRET_ARN, BROKER_URI = '', BUCKET_NAME } = process.env;

/** Orders that it asks the broker for at a time. */
const portion = 10;

const s3 = new S3Client({});

/** The addresses in `failover:(amqps://…,amqps://…)`. */
function addressesIn(failoverUri: string): URL[] {
  const [, list = ''] = /^failover:\((.*)\)$/.exec(failoverUri) ?? [];
  return list.split(',').map((address) => new URL(address));
}

/** A connection that goes from one member to the next until one answers, and again when it is lost. */
async function connect(): Promise<Connection> {
  const { SecretString = '' } = await new SecretsManagerClient({}).send(
    new GetSecretValueCommand({ SecretId: BROKER_SECRET_ARN }),
  );
  const { password, username } = JSON.parse(SecretString);
  const members = addressesIn(BROKER_URI);
  let attempt = 0;
  const next = () => {
    const { hostname: host, port } = members[attempt++ % members.length] ?? new URL(BROKER_URI);
    return { host, port: Number(port), transport: 'tls' as const };
  };
  const connection = create_container().connect({
    ...next(),
    connection_details: next,
    reconnect: true,
    username,
    password,
  });
  connection.on('connection_error', ({ error }) => console.log(`turned away: ${error}`));
  connection.on('disconnected', () => console.log('disconnected'));
  return connection;
}

/** Twice delivered is once done: the result of the second time takes the place of the first. */
async function workOff(order: string): Promise<void> {
  await setTimeout(1_000);
  await s3.send(
    new PutObjectCommand({ Bucket: BUCKET_NAME, Key: `done/${order}`, Body: `packed ${order}` }),
  );
}

/** Works off a queue of the broker until it is empty; an order is acknowledged when its result is stored. */
async function drain(queue: string): Promise<void> {
  const connection = await connect();
  const receiver = connection.open_receiver({
    source: { address: queue },
    credit_window: 0,
    autoaccept: false,
  });
  let asked = 0;
  let work: Promise<void> = Promise.resolve();
  let had = 0;
  const ask = () => {
    asked++;
    had = 0;
    receiver.drain = true;
    receiver.add_credit(portion);
  };
  const done = async ({ delivery, message }: EventContext) => {
    const asking = asked;
    await workOff(String(message?.message_id));
    // What a lost connection had delivered, the broker delivers again.
    if (asking === asked) delivery?.accept();
  };
  await new Promise<void>((resolve) => {
    // Also when it has been connected anew.
    receiver.on('receiver_open', ask);
    receiver.on('message', (context) => {
      had++;
      const isLast = had === portion;
      work = work.then(() => done(context));
      if (isLast) void work.then(ask);
    });
    receiver.on('receiver_drained', () => {
      const isEmpty = had === 0;
      void work.then(() => (isEmpty ? resolve() : ask()));
    });
  });
  connection.close();
}

void runWorker(async ({ Body = '' }) => drain(Body), { concurrency: 1 });
