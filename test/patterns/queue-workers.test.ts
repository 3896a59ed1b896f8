import { AutoScaling } from '@aws-sdk/client-auto-scaling';
import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { SQS } from '@aws-sdk/client-sqs';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Emulator, type ManualClock, type Workers } from 'cdk-decouple-emulator';
import { QueueWorkers, type QueueWorkersProps, Scaling, WorkerProgram, WorkQueue } from '../../lib';

let aws: Emulator<ManualClock>;
let sqs: SQS;
let group: string;
let queueUrl: string;
let workers: Workers;
/** How often each job was begun. */
let begun: Map<string, number>;
/** What the instances have in hand, by job. */
let inHand: Map<string, string>;

beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual', journalSize: 0 });
  sqs = aws.client(SQS);
  begun = new Map();
  inHand = new Map();
});
afterEach(() => aws.stop());

/** Deploys a queue with workers on it, each of which takes two seconds for a message. */
async function deploy(props: Partial<QueueWorkersProps>): Promise<void> {
  const stack = new Stack(new App(), 'Video');
  const vpc = new Vpc(stack, 'Vpc', { restrictDefaultSecurityGroup: false });
  const jobs = new WorkQueue(stack, 'Jobs', { visibilityTimeout: Duration.minutes(2) });
  const made = new QueueWorkers(stack, 'Encoders', {
    vpc,
    queue: jobs.queue,
    program: WorkerProgram.directory({ path: __dirname, command: ['./encode'] }),
    maxCapacity: 12,
    ...props,
  });
  new CfnOutput(stack, 'Queue', { value: jobs.queue.queueUrl });
  new CfnOutput(stack, 'Group', { value: made.autoScalingGroup.autoScalingGroupName });
  const deployment = await aws.deploy(stack);
  group = deployment.output('Group');
  queueUrl = deployment.output('Queue');
  workers = aws.autoScaling.consume(
    group,
    { queueUrl, protect: true },
    async ({ body }, { clock, instanceId }) => {
      begun.set(body, (begun.get(body) ?? 0) + 1);
      inHand.set(body, instanceId);
      await clock.sleep(Duration.seconds(2));
      inHand.delete(body);
    },
  );
}

async function send(count: number): Promise<void> {
  const first = begun.size;
  for (let start = 0; start < count; start += 10)
    await sqs.sendMessageBatch({
      QueueUrl: queueUrl,
      Entries: Array.from({ length: Math.min(10, count - start) }, (_, i) => ({
        Id: String(i),
        MessageBody: `job ${first + start + i}`,
      })),
    });
}

async function size(): Promise<number> {
  const { AutoScalingGroups: [it] = [] } = await aws
    .client(AutoScaling)
    .describeAutoScalingGroups({ AutoScalingGroupNames: [group] });
  return it?.Instances?.filter(({ LifecycleState: state }) => state === 'InService').length ?? 0;
}

/** Lets minutes pass, and returns the number of instances in service after each. */
async function pass(minutes: number): Promise<number[]> {
  const sizes: number[] = [];
  for (let i = 0; i < minutes; i++) {
    await aws.clock.advance(Duration.minutes(1));
    sizes.push(await size());
  }
  return sizes;
}

/** The age of the oldest message in each of the last minutes, in seconds. */
async function ages(minutes: number): Promise<number[]> {
  const now = aws.clock.now();
  const { Datapoints = [] } = await aws.client(CloudWatch).getMetricStatistics({
    Namespace: 'AWS/SQS',
    MetricName: 'ApproximateAgeOfOldestMessage',
    Dimensions: [{ Name: 'QueueName', Value: queueUrl.split('/').at(-1) }],
    StartTime: new Date(now - minutes * 60_000),
    EndTime: new Date(now),
    Period: 60,
    Statistics: ['Maximum'],
  });
  return Datapoints.sort((a, b) => Number(a.Timestamp) - Number(b.Timestamp)).map(
    ({ Maximum = 0 }) => Maximum,
  );
}

test('a burst grows the group to its maximum and drains, and the group shrinks without taking work from anybody', async () => {
  await deploy({ scaling: Scaling.step() });
  await send(10_000);
  const growing = await pass(20);
  expect(Math.max(...growing)).toBe(12);
  expect(growing).toEqual([...growing].sort((a, b) => a - b));
  const shrinking = await pass(45);
  expect(workers.processed).toBe(10_000);
  expect(shrinking.at(-1)).toBe(1);
  // Every message once: nothing was lost, and no instance left with a message in hand.
  expect([begun.size, new Set(begun.values()), inHand.size]).toEqual([10_000, new Set([1]), 0]);
  expect(workers.errors).toEqual([]);
});

test('a zone that is lost in the middle costs what its instances held, which others do again', async () => {
  await deploy({ scaling: Scaling.step() });
  await send(4_000);
  await pass(10);
  const { AutoScalingGroups: [before] = [] } = await aws
    .client(AutoScaling)
    .describeAutoScalingGroups({});
  const lost = (before?.Instances ?? []).filter((it) => it.AvailabilityZone === 'us-east-1a');
  const held = [...inHand].filter(([, id]) => lost.some(({ InstanceId }) => InstanceId === id));
  expect(held.length).toBeGreaterThan(0);
  const zone = aws.faults.zone('us-east-1a');
  zone.lose();
  await pass(20);
  const zones = async () => {
    const { AutoScalingGroups: [it] = [] } = await aws
      .client(AutoScaling)
      .describeAutoScalingGroups({});
    return new Set(it?.Instances?.map(({ AvailabilityZone }) => AvailabilityZone));
  };
  expect(await zones()).toEqual(new Set(['us-east-1b']));
  zone.recover();
  await pass(20);
  expect(workers.processed).toBe(4_000);
  expect(begun.size).toBe(4_000);
  const twice = [...begun].filter(([, times]) => times > 1).map(([body]) => body);
  expect(twice.sort()).toEqual(held.map(([body]) => body).sort());
});

test('a group goes to zero and comes up again for the next message', async () => {
  await deploy({ scaling: Scaling.step(), minCapacity: 0 });
  expect(await pass(3)).toEqual([0, 0, 0]);
  await send(1_000);
  const [sizes, done] = [await pass(60), workers.processed];
  expect([Math.max(...sizes) > 0, sizes.at(-1), done]).toEqual([true, 0, 1_000]);
  await send(1);
  await pass(30);
  expect([workers.processed, await size()]).toEqual([1_001, 0]);
});

test('with a target for the backlog of an instance the oldest message soon waits no longer than is acceptable', async () => {
  const acceptableLatency = Duration.minutes(5);
  await deploy({
    maxCapacity: 40,
    scaling: Scaling.backlogPerInstance({
      acceptableLatency,
      timePerMessage: Duration.seconds(2),
    }),
  });
  await pass(5);
  await send(10_000);
  // The burst itself waits: three minutes for the alarm, and then for instances.
  await pass(20);
  expect(Math.max(...(await ages(20)))).toBeGreaterThan(acceptableLatency.toSeconds());
  expect(workers.processed).toBe(10_000);
  for (let minute = 0; minute < 20; minute++) {
    await send(100);
    await pass(1);
  }
  expect(Math.max(...(await ages(20)))).toBeLessThan(acceptableLatency.toSeconds());
  expect(await pass(60)).toContain(1);
});
