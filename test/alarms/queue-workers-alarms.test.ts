import { AutoScaling } from '@aws-sdk/client-auto-scaling';
import { Duration, type Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { QueueWorkers, Scaling, WorkerProgram, WorkQueue } from 'cdk-decouple';
import { AlarmBench } from './alarm-bench';

function workersOf(stack: Stack) {
  const { queue } = new WorkQueue(stack, 'Jobs');
  const workers = new QueueWorkers(stack, 'Workers', {
    vpc: new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1 }),
    queue,
    program: WorkerProgram.directory({ path: __dirname, command: ['node', 'worker.js'] }),
    maxCapacity: 2,
    scaling: Scaling.step({ scaleOut: [{ messages: 5, instances: 1 }] }),
  });
  return { queue, workers };
}

let bench: AlarmBench;
let app: ReturnType<typeof workersOf>;
beforeAll(async () => {
  [bench, app] = await AlarmBench.deploy(workersOf);
});
afterAll(() => bench.aws.stop());

async function states(): Promise<(string | undefined)[]> {
  const { atMaximum, statusCheck } = app.workers.alarms;
  if (atMaximum === undefined) throw new Error('there is no alarm');
  return [await bench.state(atMaximum), await bench.state(statusCheck)];
}

async function instances(): Promise<string[]> {
  const { AutoScalingGroups: [group] = [] } = await bench.aws
    .client(AutoScaling)
    .describeAutoScalingGroups({});
  return group?.Instances?.flatMap(({ InstanceId }) => InstanceId ?? []) ?? [];
}

test('the alarm on the maximum goes off when messages pile up for a quarter of an hour, and ends when they are gone', async () => {
  await bench.minutes(10);
  expect(await states()).toEqual(['OK', 'OK']);
  await bench.send(app.queue, ...Array.from({ length: 10 }, (_, index) => `job ${index}`));
  await bench.minutes(10);
  expect(await instances()).toHaveLength(2);
  expect(await states()).toEqual(['OK', 'OK']);
  await bench.minutes(15);
  expect(await states()).toEqual(['ALARM', 'OK']);
  await bench.purge(app.queue);
  await bench.minutes(20);
  expect(await instances()).toHaveLength(1);
  expect(await states()).toEqual(['OK', 'OK']);
});

test('the alarm on status checks goes off when a machine dies, and ends when it has been replaced', async () => {
  const [id = ''] = await instances();
  bench.aws.faults.instance(id).kill();
  const seen = new Set<string | undefined>();
  for (let minute = 0; minute < 10; minute += 1) {
    await bench.minutes(1);
    seen.add((await states())[1]);
  }
  expect(seen).toContain('ALARM');
  await bench.aws.clock.advance(Duration.minutes(30));
  expect(await instances()).not.toContain(id);
  expect(await states()).toEqual(['OK', 'OK']);
});
