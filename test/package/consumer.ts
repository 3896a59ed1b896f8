/**
 * A project that uses both packages as npm delivers them: scripts/check-consumer.mjs type-checks and runs it beside the
 * unpacked tarballs.
 */
import { strictEqual } from 'node:assert';
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { InstanceType, Vpc } from 'aws-cdk-lib/aws-ec2';
import {
  DatabaseInstance,
  DatabaseInstanceEngine,
  PostgresEngineVersion,
} from 'aws-cdk-lib/aws-rds';
import { PropsValidationError, Sink, WorkQueue, WriteBuffer } from 'cdk-decouple';
import { Emulator } from 'cdk-decouple-emulator';

const stack = new Stack(new App(), 'Consumer');
const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1 });
const instance = new DatabaseInstance(stack, 'Database', {
  engine: DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_16 }),
  instanceType: new InstanceType('t4g.medium'),
  vpc,
});
const numbers = new WriteBuffer(stack, 'Numbers', {
  sink: Sink.postgres({
    instance,
    vpc,
    statement: 'SELECT :number::int',
    parameters: { number: '$.number' },
  }),
});
new CfnOutput(stack, 'Queue', { value: numbers.queue.queueUrl });
new CfnOutput(stack, 'DeadLetters', { value: numbers.deadLetterQueue.queueUrl });

async function main(): Promise<void> {
  try {
    new WorkQueue(stack, 'Wrong', { maxReceiveCount: 0 });
    throw new Error('a mistake was not found');
  } catch (error) {
    if (!(error instanceof PropsValidationError)) throw error;
  }

  const aws = await Emulator.start({ clock: 'manual' });
  try {
    const deployment = await aws.deploy(stack);
    const sqs = aws.client(SQSClient);
    for (const number of ['1', '"many"']) {
      await sqs.send(
        new SendMessageCommand({
          QueueUrl: deployment.output('Queue'),
          MessageBody: `{"number": ${number}}`,
        }),
      );
    }
    await aws.clock.settle();
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: deployment.output('DeadLetters'),
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
      }),
    );
    strictEqual(Messages.length, 1);
    strictEqual(Messages[0]?.MessageAttributes?.FailureReason?.StringValue, 'InvalidValue');
    strictEqual(Messages[0]?.Body, '{"number": "many"}');
  } finally {
    await aws.stop();
  }
  console.log('the packages work as they are packed');
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
