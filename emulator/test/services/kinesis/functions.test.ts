import { Lambda } from '@aws-sdk/client-lambda';
import { SQS } from '@aws-sdk/client-sqs';
import { App, Stack } from 'aws-cdk-lib';
import { Stream, StreamConsumer, StreamEncryption } from 'aws-cdk-lib/aws-kinesis';
import { Code, Function as Fn, Runtime, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import {
  KinesisConsumerEventSource,
  KinesisEventSource,
  SqsDlq,
} from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { KinesisBench, streamArn } from './support';

/** Sends the texts of a batch to a queue; fails if one is bad. */
const code = `
const { SQS } = require('@aws-sdk/client-sqs');
const sqs = new SQS({});
exports.handler = async ({ Records }) => {
  const texts = Records.map(({ kinesis }) => Buffer.from(kinesis.data, 'base64').toString());
  if (texts.includes('bad')) throw new Error('bad');
  await sqs.sendMessage({ QueueUrl: process.env.QUEUE_URL, MessageBody: JSON.stringify(texts) });
};`;

function stackOf(): Stack {
  const stack = new Stack(new App(), 'Consumers');
  const stream = new Stream(stack, 'Stream', {
    streamName: 'clicks',
    shardCount: 2,
    encryption: StreamEncryption.KMS,
  });
  const failures = new Queue(stack, 'Failures', { queueName: 'failures' });
  const settings = {
    startingPosition: StartingPosition.TRIM_HORIZON,
    bisectBatchOnError: true,
    retryAttempts: 1,
    onFailure: new SqsDlq(failures),
  };
  const streamConsumer = new StreamConsumer(stack, 'FanOut', {
    stream,
    streamConsumerName: 'billing',
  });
  for (const [name, source] of [
    ['polling', new KinesisEventSource(stream, settings)],
    ['pushed', new KinesisConsumerEventSource(streamConsumer, settings)],
  ] as const) {
    const queue = new Queue(stack, `${name}Queue`, { queueName: name });
    const fn = new Fn(stack, name, {
      runtime: Runtime.NODEJS_20_X,
      handler: 'index.handler',
      code: Code.fromInline(code),
      environment: { QUEUE_URL: queue.queueUrl },
    });
    queue.grantSendMessages(fn);
    fn.addEventSource(source);
    if (name === 'pushed') stream.grantRead(fn);
  }
  return stack;
}

test('functions that the CDK connects to a stream and to its consumer get every record, with their own rights', async () => {
  const bench = await KinesisBench.start();
  await bench.aws.deploy(stackOf());
  const { EventSourceMappings } = await bench.aws.client(Lambda).listEventSourceMappings({});
  expect(EventSourceMappings?.map(({ EventSourceArn }) => EventSourceArn).sort()).toEqual([
    streamArn('clicks'),
    expect.stringContaining(`${streamArn('clicks')}/consumer/billing:`),
  ]);
  const sent = Array.from({ length: 40 }, (_, index) => (index === 20 ? 'bad' : `${index}`));
  for (const text of sent) await bench.put('clicks', text, text);
  await bench.aws.clock.advance(60_000);
  const sqs = bench.aws.client(SQS);
  const bodies = async (name: string) => {
    const { QueueUrl } = await sqs.getQueueUrl({ QueueName: name });
    const all: string[] = [];
    for (;;) {
      const { Messages = [] } = await sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10 });
      if (Messages.length === 0) return all;
      all.push(...Messages.map(({ Body = '' }) => Body));
    }
  };
  const good = sent.filter((text) => text !== 'bad').sort();
  for (const name of ['polling', 'pushed'])
    expect((await bodies(name)).flatMap((body) => JSON.parse(body)).sort()).toEqual(good);
  const failures = (await bodies('failures')).map((body) => JSON.parse(body).KinesisBatchInfo);
  expect(failures).toMatchObject([
    { batchSize: 1, streamArn: streamArn('clicks') },
    { batchSize: 1, streamArn: streamArn('clicks') },
  ]);
  await bench.stop();
});
