import { AutoScaling } from '@aws-sdk/client-auto-scaling';
import { SQS } from '@aws-sdk/client-sqs';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Emulator, type ManualClock } from 'cdk-decouple-emulator';
import {
  type IScaling,
  QueueWorkers,
  type QueueWorkersProps,
  Scaling,
  WorkerProgram,
  WorkQueue,
} from '../../lib';

let aws: Emulator<ManualClock>;
beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual', journalSize: 0 });
});
afterEach(() => aws.stop());

async function deployed(props: Partial<QueueWorkersProps> & { readonly scaling: IScaling }) {
  const stack = new Stack(new App(), 'Video');
  const vpc = new Vpc(stack, 'Vpc', { maxAzs: 3, restrictDefaultSecurityGroup: false });
  const jobs = new WorkQueue(stack, 'Jobs', { visibilityTimeout: Duration.minutes(2) });
  const workers = new QueueWorkers(stack, 'Encoders', {
    vpc,
    queue: jobs.queue,
    program: WorkerProgram.directory({ path: __dirname, command: ['./encode'] }),
    maxCapacity: 12,
    ...props,
  });
  new CfnOutput(stack, 'Queue', { value: jobs.queue.queueUrl });
  new CfnOutput(stack, 'Group', { value: workers.autoScalingGroup.autoScalingGroupName });
  const deployment = await aws.deploy(stack);
  return { group: deployment.output('Group'), queueUrl: deployment.output('Queue') };
}

async function send(queueUrl: string, count: number): Promise<void> {
  const sqs = aws.client(SQS);
  for (let first = 0; first < count; first += 10)
    await sqs.sendMessageBatch({
      QueueUrl: queueUrl,
      Entries: Array.from({ length: Math.min(10, count - first) }, (_, i) => ({
        Id: String(i),
        MessageBody: `job ${first + i}`,
      })),
    });
}

test('tmp', async () => {
  const { group, queueUrl } = await deployed({ scaling: Scaling.step() });
  const seen = new Map<string, number>();
  const workers = aws.autoScaling.consume(
    group,
    { queueUrl, protect: true },
    async ({ body }, { clock }) => {
      seen.set(body, (seen.get(body) ?? 0) + 1);
      await clock.sleep(2_000);
    },
  );
  let t = Date.now();
  await send(queueUrl, 10_000);
  console.log('send', Date.now() - t);
  t = Date.now();
  const lines: string[] = [];
  for (let i = 0; i < 100; i++) {
    await aws.clock.advance(Duration.minutes(1));
    const { AutoScalingGroups: [g] = [] } = await aws
      .client(AutoScaling)
      .describeAutoScalingGroups({});
    lines.push(
      `${i} desired ${g?.DesiredCapacity} in service ${g?.Instances?.filter((o) => o.LifecycleState === 'InService').length} done ${workers.processed} failed ${workers.failed}`,
    );
  }
  console.log(
    'run',
    Date.now() - t,
    lines.join('\n'),
    workers.errors.slice(0, 2),
    workers.instanceIds,
  );
  console.log([...seen.values()].filter((n) => n > 1).length);
}, 100_000);
