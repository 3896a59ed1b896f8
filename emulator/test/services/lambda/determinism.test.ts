import { SteppedClock } from '../../../src/clock/manual-clock';
import { LambdaHarness } from './harness';

const runs = 20;
const messages = 60;

/** Forwards each record, several at a time, after a while; every seventh order fails on its first delivery. */
const forwarder = `
  const { SQS } = require('@aws-sdk/client-sqs');
  const sqs = new SQS({});
  exports.handler = async ({ Records }) => {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const failed = [];
    await Promise.all(Records.map(async ({ messageId, body, attributes }) => {
      if (Number(body) % 7 === 0 && attributes.ApproximateReceiveCount === '1') failed.push(messageId);
      else await sqs.sendMessage({ QueueUrl: process.env.TARGET, MessageBody: body });
    }));
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };`;

/** Sends orders through a queue, a function and a second queue, and returns everything that happened. */
async function run(): Promise<string[]> {
  const aws = new LambdaHarness(new SteppedClock(), {}, 7);
  const { QueueUrl: inbox } = await aws.sqs.createQueue({ QueueName: 'inbox' });
  const { QueueUrl: target = '' } = await aws.sqs.createQueue({ QueueName: 'target' });
  await aws.createFunction('forwarder', forwarder, {
    Timeout: 10,
    Environment: { Variables: { TARGET: target } },
  });
  await aws.lambda.createEventSourceMapping({
    EventSourceArn: 'arn:aws:sqs:us-east-1:000000000000:inbox',
    FunctionName: 'forwarder',
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    ScalingConfig: { MaximumConcurrency: 4 },
  });
  for (let i = 0; i < messages; i += 10)
    await aws.sqs.sendMessageBatch({
      QueueUrl: inbox,
      Entries: Array.from({ length: 10 }, (_, k) => ({ Id: `${k}`, MessageBody: `${i + k}` })),
    });
  await aws.clock.advance(60_000);
  const hops = aws.journal
    .hops()
    .map(({ time, kind, messageId, resource }) => `${time} ${kind} ${messageId} ${resource}`);
  await aws.stop();
  return hops;
}

test('the same calls with the same seed give the same journal, run after run', async () => {
  const first = await run();
  const sent = first.filter((hop) => hop.includes(' sent ') && hop.endsWith(':target'));
  expect(sent).toHaveLength(messages);
  expect(first.filter((hop) => hop.includes(' failed '))).toHaveLength(9);
  for (let i = 1; i < runs; i++) expect(await run()).toEqual(first);
}, 60_000);
