import { AutoScaling } from '@aws-sdk/client-auto-scaling';
import { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import { S3 } from '@aws-sdk/client-s3';
import { SQS } from '@aws-sdk/client-sqs';
import { App, Duration } from 'aws-cdk-lib';
import { type Deployment, Emulator, type ManualClock } from 'cdk-decouple-emulator';
import { VideosStack } from '../../bin/videos';

let aws: Emulator<ManualClock>;
let app: Deployment;
beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual', journalSize: 0 });
  app = await aws.deploy(new VideosStack(new App(), 'Videos'));
});
afterEach(() => aws.stop());

async function groupOf(tier: string) {
  const { AutoScalingGroups = [] } = await aws.client(AutoScaling).describeAutoScalingGroups({});
  return AutoScalingGroups.find(({ AutoScalingGroupName: name = '' }) => name.includes(tier));
}

/** What the programs of both tiers do, in this process. */
async function runTiers(): Promise<void> {
  const sqs = aws.client(SQS);
  const s3 = aws.client(S3);
  const QueueUrl = app.output('QueueUrl');
  const { TargetGroups: [targets] = [] } = await aws
    .client(ElasticLoadBalancingV2)
    .describeTargetGroups({});
  aws.loadBalancing.respond(targets?.TargetGroupArn ?? '', async ({ path }) => {
    const key = path.split('/').at(-1);
    if (key !== 'health') {
      await sqs.sendMessage({ QueueUrl, MessageBody: JSON.stringify({ key }) });
    }
    return { status: key === 'health' ? 200 : 202 };
  });
  const backEnd = (await groupOf('BackEnd'))?.AutoScalingGroupName ?? '';
  aws.autoScaling.consume(
    backEnd,
    { queueUrl: QueueUrl, protect: true },
    async ({ body }, { clock }) => {
      await clock.sleep(Duration.seconds(60));
      const { key } = JSON.parse(body);
      await s3.putObject({ Bucket: app.output('ResultsBucket'), Key: `encoded/${key}`, Body: key });
    },
  );
  await aws.clock.advance(Duration.minutes(1));
}

async function results(): Promise<number> {
  const { Contents = [] } = await aws
    .client(S3)
    .listObjectsV2({ Bucket: app.output('ResultsBucket'), MaxKeys: 1_000 });
  return Contents.length;
}

test('1,000 videos are answered at once and all encoded, by a back end that grows alone and goes to zero again', async () => {
  await runTiers();
  const [, , host = ''] = app.output('Url').split('/');
  const url = await aws.loadBalancing.url(host);
  const before = aws.clock.now();
  for (let video = 0; video < 1_000; video += 1) {
    const answer = await fetch(`${url}/videos/v${video}`, { method: 'POST' });
    await answer.text();
    expect(answer.status).toBe(202);
  }
  // Not a minute of the encoders' time has passed.
  expect(aws.clock.now()).toBe(before);
  expect(await results()).toBe(0);

  await aws.clock.advance(Duration.minutes(15));
  expect((await groupOf('BackEnd'))?.DesiredCapacity).toBe(10);
  expect((await groupOf('FrontEnd'))?.DesiredCapacity).toBe(1);
  await aws.clock.advance(Duration.hours(3));
  expect(await results()).toBe(1_000);
  expect((await groupOf('BackEnd'))?.DesiredCapacity).toBe(0);
});
