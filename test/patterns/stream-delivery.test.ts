import { Firehose } from '@aws-sdk/client-firehose';
import { IAM } from '@aws-sdk/client-iam';
import { KMS } from '@aws-sdk/client-kms';
import { Duration } from 'aws-cdk-lib';
import { Processor } from 'cdk-decouple';
import { type Click, DeliveredClicks, testClicks } from './delivered-clicks';

let clicks: DeliveredClicks;
afterEach(() => clicks.close());

/** What the bucket has, click by click. */
async function delivered(): Promise<Click[]> {
  return (await clicks.lines()).map((line) => JSON.parse(line));
}

/** The numbers of each user's clicks, in the order in which they were delivered. */
function byUser(all: readonly Click[]): ReadonlyMap<string, number[]> {
  const numbers = new Map<string, number[]>();
  for (const { user, number } of all) {
    const those = numbers.get(user);
    if (those) those.push(number);
    else numbers.set(user, [number]);
  }
  return numbers;
}

test('100,000 clicks go through stream, transformation and Firehose once each and in order, one in a hundred to the error output', async () => {
  clicks = await DeliveredClicks.open({ turnedAway: 'number === 42' });
  const sent = testClicks(100_000, 1_000);
  await clicks.put(sent);
  await clicks.aws.clock.advance(Duration.minutes(5));
  const arrived = await delivered();
  expect(arrived).toHaveLength(99_000);
  const expected = Array.from({ length: 100 }, (_, number) => number).filter((n) => n !== 42);
  for (const numbers of byUser(arrived).values()) expect(numbers).toEqual(expected);
  const failures = (await clicks.lines('failed/processing-failed/')).map((line) =>
    JSON.parse(line),
  );
  expect(failures[0]).toEqual({
    attemptsMade: 1,
    arrivalTimestamp: expect.any(Number),
    errorCode: 'Lambda.ProcessingFailedStatus',
    errorMessage: 'ProcessingFailed status set for record',
    attemptEndingTimestamp: expect.any(Number),
    rawData: expect.any(String),
    lambdaArn: expect.stringMatching(/^arn:aws:lambda:/),
  });
  const failed = failures.map(({ rawData }) =>
    JSON.parse(Buffer.from(rawData, 'base64').toString()),
  );
  expect(new Set(failed.map(({ user }) => user)).size).toBe(1_000);
  expect(failed.filter(({ number }) => number !== 42)).toEqual([]);
});

test('every run writes the same objects, by name and content', async () => {
  const run = async () => {
    clicks = await DeliveredClicks.open({ turnedAway: 'number % 10 === 3' });
    await clicks.put(testClicks(5_000, 100));
    await clicks.aws.clock.advance(Duration.minutes(5));
    return clicks.objects();
  };
  const first = await run();
  await clicks.close();
  expect(await run()).toEqual(first);
  expect(first.length).toBeGreaterThan(1);
});

test('a buffer is an object at the instant at which it is a minute old, or has its 5 MiB', async () => {
  clicks = await DeliveredClicks.open({ processors: [Processor.appendNewline()] });
  await clicks.put(testClicks(3, 1));
  await clicks.aws.clock.advance(59_999);
  expect(await delivered()).toEqual([]);
  await clicks.aws.clock.advance(1);
  expect(await delivered()).toHaveLength(3);
  const mebibyte = (name: string) =>
    clicks.kinesis.putRecord({
      StreamName: 'clicks',
      PartitionKey: name,
      Data: Buffer.alloc(1024 * 1024 - 1, `${name}`.slice(0, 1)).subarray(name.length),
    });
  for (let second = 0; second < 5; second++) {
    await mebibyte(`${second}`);
    await clicks.aws.clock.advance(1_000);
  }
  // With its line breaks it lacks five bytes.
  expect(await clicks.texts()).toHaveLength(1);
  await clicks.put([{ user: 'last', number: 0 }]);
  await clicks.aws.clock.settle();
  expect(await clicks.texts()).toHaveLength(2);
});

const hours = Duration.hours(2);

test.each<[what: string, down: () => Promise<unknown>, up: () => Promise<unknown>]>([
  ['S3', () => clicks.denied('s3:PutObject', true), () => clicks.denied('s3:PutObject', false)],
  [
    'the key of the bucket',
    () => clicks.aws.client(KMS).disableKey({ KeyId: clicks.deployment.output('KeyId') }),
    () => clicks.aws.client(KMS).enableKey({ KeyId: clicks.deployment.output('KeyId') }),
  ],
  [
    'the right to use the key',
    () => clicks.denied('kms:*', true),
    () => clicks.denied('kms:*', false),
  ],
  ['the stream', () => clicks.denied('kinesis:*', true), () => clicks.denied('kinesis:*', false)],
  ['the trust in Firehose', () => trust('ec2'), () => trust('firehose')],
  [
    'the transformation',
    () => clicks.denied('lambda:*', true),
    () => clicks.denied('lambda:*', false),
  ],
])('nothing is lost while %s is denied for two hours', async (what, down, up) => {
  clicks = await DeliveredClicks.open({ turnedAway: 'false' });
  const sent = testClicks(300, 10);
  await clicks.put(sent.slice(0, 100));
  await down();
  await clicks.aws.clock.advance(hours.toMilliseconds() / 2);
  await clicks.put(sent.slice(100, 200));
  await clicks.aws.clock.advance(hours.toMilliseconds() / 2);
  await up();
  await clicks.put(sent.slice(200));
  await clicks.aws.clock.advance(Duration.minutes(5));
  const failed = (await clicks.lines('failed/')).map((line) =>
    JSON.parse(Buffer.from(JSON.parse(line).rawData, 'base64').toString()),
  );
  // A transformation that cannot be called is given up after four calls; all else is tried until it works.
  const given = what === 'the transformation' ? 200 : 0;
  expect(failed).toHaveLength(given);
  const arrived = await delivered();
  for (const numbers of byUser(arrived).values())
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  const all = [...arrived, ...failed].map(({ user, number }) => `${user} ${number}`);
  expect(all.sort()).toEqual(sent.map(({ user, number }) => `${user} ${number}`).sort());
});

/** Lets a service assume the role of the delivery stream. */
function trust(service: string) {
  return clicks.aws.client(IAM).updateAssumeRolePolicy({
    RoleName: clicks.deployment.output('RoleName'),
    PolicyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: `${service}.amazonaws.com` },
          Action: 'sts:AssumeRole',
        },
      ],
    }),
  });
}

test('a delivery stream that is deleted takes what it holds with it', async () => {
  clicks = await DeliveredClicks.open({ processors: [Processor.appendNewline()] });
  await clicks.put(testClicks(3, 1));
  const firehose = clicks.aws.client(Firehose);
  const { DeliveryStreamNames: [name = ''] = [] } = await firehose.listDeliveryStreams({});
  await firehose.deleteDeliveryStream({ DeliveryStreamName: name });
  await clicks.aws.clock.advance(Duration.minutes(5));
  expect(await clicks.texts()).toEqual([]);
  expect((await firehose.listDeliveryStreams({})).DeliveryStreamNames).toEqual([]);
});
