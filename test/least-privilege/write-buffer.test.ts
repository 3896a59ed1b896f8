import { readFile } from 'node:fs/promises';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { CfnOutput, Duration, type Stack } from 'aws-cdk-lib';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import {
  Credentials,
  DatabaseInstance,
  DatabaseInstanceEngine,
  PostgresEngineVersion,
} from 'aws-cdk-lib/aws-rds';
import { type ISink, Sink, WriteBuffer } from 'cdk-decouple';
import type { Deployment, Emulator, ManualClock } from 'cdk-decouple-emulator';
import { Client } from 'pg';
import { everyRightCounts } from './variants';

function bufferTo(stack: Stack, sink: ISink, encryptionKey: Key): void {
  const buffer = new WriteBuffer(stack, 'Buffer', { sink, encryptionKey });
  new CfnOutput(stack, 'Queue', { value: buffer.queue.queueUrl });
  new CfnOutput(stack, 'DeadLetters', { value: buffer.deadLetterQueue.queueUrl });
}

/** A database whose login, like the queues, is encrypted with a key of one's own. */
function postgres(stack: Stack): void {
  const encryptionKey = new Key(stack, 'Key');
  const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1 });
  const instance = new DatabaseInstance(stack, 'Database', {
    engine: DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_16 }),
    vpc,
    databaseName: 'shop',
    credentials: Credentials.fromGeneratedSecret('postgres', {
      encryptionKey: new Key(stack, 'LoginKey'),
    }),
  });
  new CfnOutput(stack, 'Login', { value: instance.secret?.secretArn ?? '' });
  const sink = Sink.postgres({
    instance,
    vpc,
    table: 'orders',
    columns: { order_id: '$.orderId' },
    conflictKey: 'order_id',
  });
  bufferTo(stack, sink, encryptionKey);
}

async function connect(aws: Emulator, deployment: Deployment): Promise<Client> {
  const { SecretString = '' } = await aws
    .client(SecretsManagerClient)
    .send(new GetSecretValueCommand({ SecretId: deployment.output('Login') }));
  const { dbname, host, password, port, username } = JSON.parse(SecretString);
  const ca = await readFile(await aws.certificateAuthorityFile(), 'utf8');
  const client = new Client({
    host,
    port,
    user: username,
    password,
    database: dbname,
    ssl: { ca },
  });
  await client.connect();
  return client;
}

async function send(aws: Emulator<ManualClock>, deployment: Deployment, ...bodies: string[]) {
  const sqs = aws.client(SQSClient);
  for (const MessageBody of bodies)
    await sqs.send(new SendMessageCommand({ QueueUrl: deployment.output('Queue'), MessageBody }));
  await aws.clock.advance(Duration.seconds(20));
}

/** Messages in a queue, those in flight included. */
async function depth(aws: Emulator, QueueUrl: string): Promise<number> {
  const { Attributes = {} } = await aws
    .client(SQSClient)
    .send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  return (
    Number(Attributes.ApproximateNumberOfMessages) +
    Number(Attributes.ApproximateNumberOfMessagesNotVisible)
  );
}

everyRightCounts('a write buffer in front of PostgreSQL', {
  build: postgres,
  async works(aws, deployment) {
    const client = await connect(aws, deployment);
    try {
      await client.query('CREATE TABLE orders (order_id text PRIMARY KEY)');
      await send(aws, deployment, JSON.stringify({ orderId: '1' }), 'not JSON');
      const { rowCount } = await client.query('SELECT * FROM orders');
      const left = await depth(aws, deployment.output('Queue'));
      const dead = await depth(aws, deployment.output('DeadLetters'));
      return rowCount === 1 && left === 0 && dead === 1;
    } finally {
      await client.end();
    }
  },
});

const decryptAlone = "of the use of a table's key the emulator asks a caller for kms:Decrypt alone";

everyRightCounts('a write buffer in front of a DynamoDB table with a key of its own', {
  spared: {
    'kms:DescribeKey': decryptAlone,
    'kms:Encrypt': decryptAlone,
    'kms:GenerateDataKey*': decryptAlone,
    'kms:ReEncrypt*': decryptAlone,
  },
  build(stack) {
    const table = new Table(stack, 'Orders', {
      partitionKey: { name: 'order_id', type: AttributeType.STRING },
      encryptionKey: new Key(stack, 'TableKey'),
    });
    new CfnOutput(stack, 'Table', { value: table.tableName });
    const sink = Sink.dynamoDb({ table, attributes: { order_id: '$.orderId' } });
    bufferTo(stack, sink, new Key(stack, 'Key'));
  },
  async works(aws, deployment) {
    await send(aws, deployment, JSON.stringify({ orderId: '1' }), 'not JSON');
    const { Count } = await aws.client(DynamoDB).scan({ TableName: deployment.output('Table') });
    const left = await depth(aws, deployment.output('Queue'));
    const dead = await depth(aws, deployment.output('DeadLetters'));
    return Count === 1 && left === 0 && dead === 1;
  },
});

everyRightCounts('a write buffer in front of a function', {
  build(stack) {
    const fn = new LambdaFunction(stack, 'Writer', {
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: Code.fromInline('exports.handler = async () => ({ batchItemFailures: [] });'),
    });
    bufferTo(stack, Sink.function(fn), new Key(stack, 'Key'));
  },
  async works(aws, deployment) {
    await send(aws, deployment, 'a');
    return (await depth(aws, deployment.output('Queue'))) === 0;
  },
});
