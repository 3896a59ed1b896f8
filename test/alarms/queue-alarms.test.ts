import { SNS } from '@aws-sdk/client-sns';
import { Duration } from 'aws-cdk-lib';
import { FanOut, WorkQueue } from 'cdk-decouple';
import { AlarmBench } from './alarm-bench';

let bench: AlarmBench | undefined;
afterEach(() => bench?.aws.stop());

async function opened<T>(
  make: Parameters<typeof AlarmBench.deploy<T>>[0],
): Promise<[AlarmBench, T]> {
  const all = await AlarmBench.deploy(make);
  [bench] = all;
  return all;
}

const queueOf = (stack: ConstructorParameters<typeof WorkQueue>[0]) =>
  new WorkQueue(stack, 'Queue', { maxAge: Duration.minutes(10), maxDepth: 5, maxReceiveCount: 1 });

test('the alarm on dead letters goes off when a message is given up, and ends when it is gone', async () => {
  const [aws, work] = await opened(queueOf);
  await aws.minutes(2);
  expect(await aws.state(work.alarms.deadLetters)).toBe('OK');
  await aws.send(work.queue, 'poison');
  const QueueUrl = aws.url(work.queue);
  const receive = { QueueUrl, VisibilityTimeout: 0, WaitTimeSeconds: 0 };
  for (let i = 0; i < 2; i += 1) await aws.sqs.receiveMessage(receive);
  await aws.minutes(1);
  expect(await aws.state(work.alarms.deadLetters)).toBe('ALARM');
  await aws.purge(work.deadLetterQueue);
  await aws.minutes(2);
  expect(await aws.state(work.alarms.deadLetters)).toBe('OK');
});

test('the alarm on age goes off when a message waits too long, and ends when it is consumed', async () => {
  const [aws, work] = await opened(queueOf);
  await aws.send(work.queue, 'waits');
  await aws.minutes(10);
  expect(await aws.state(work.alarms.age)).toBe('OK');
  await aws.minutes(4);
  expect(await aws.state(work.alarms.age)).toBe('ALARM');
  await aws.purge(work.queue);
  await aws.minutes(5);
  expect(await aws.state(work.alarms.age)).toBe('OK');
});

test('the alarm on depth counts what is in flight, too, and ends when the queue is empty', async () => {
  const [aws, work] = await opened(queueOf);
  await aws.send(work.queue, 'a', 'b', 'c', 'd', 'e');
  await aws.sqs.receiveMessage({
    QueueUrl: aws.url(work.queue),
    MaxNumberOfMessages: 3,
    VisibilityTimeout: 3600,
  });
  await aws.minutes(2);
  expect(await aws.state(work.alarms.depth)).toBe('OK');
  await aws.minutes(1);
  expect(await aws.state(work.alarms.depth)).toBe('ALARM');
  await aws.purge(work.queue);
  await aws.minutes(5);
  expect(await aws.state(work.alarms.depth)).toBe('OK');
});

test('the alarms of a fan-out tell of deliveries that fail, that are moved, and that are lost', async () => {
  const [aws, { fanOut, work, subscription }] = await opened((stack) => {
    const fanOut = new FanOut(stack, 'FanOut');
    const work = fanOut.addQueue('Queue');
    const subscription = fanOut.subscriptions.get('Queue');
    return { fanOut, work, subscription };
  });
  const { alarms } = fanOut;
  const { alarms: { deadLetters } = {}, deadLetterQueue } = subscription ?? {};
  if (!alarms || !deadLetters || !deadLetterQueue) throw new Error('there are no alarms');
  const sns = aws.aws.client(SNS);
  const { Topics = [] } = await sns.listTopics();
  const publish = () => sns.publish({ TopicArn: Topics[0]?.TopicArn, Message: 'news' });
  const states = () =>
    Promise.all(
      [alarms.failed, alarms.redriven, deadLetters, alarms.lost].map((alarm) => aws.state(alarm)),
    );
  await aws.minutes(2);
  expect(await states()).toEqual(['OK', 'OK', 'OK', 'OK']);

  const close = (queue: typeof deadLetterQueue) =>
    aws.sqs.setQueueAttributes({ QueueUrl: aws.url(queue), Attributes: { Policy: '' } });
  await close(work.queue);
  await publish();
  await aws.minutes(1);
  expect(await states()).toEqual(['ALARM', 'ALARM', 'ALARM', 'OK']);

  await close(deadLetterQueue);
  await publish();
  await aws.minutes(1);
  expect(await states()).toEqual(['ALARM', 'ALARM', 'ALARM', 'ALARM']);

  await aws.purge(deadLetterQueue);
  await aws.minutes(5);
  expect(await states()).toEqual(['OK', 'OK', 'OK', 'OK']);
});
