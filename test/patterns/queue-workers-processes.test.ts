import { EC2 } from '@aws-sdk/client-ec2';
import { S3 } from '@aws-sdk/client-s3';
import { Duration, type Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { BucketEvents, QueueWorkers, Scaling, WorkerProgram, WorkQueue } from 'cdk-decouple';
import { InstanceFleet } from './instance-fleet';

/** The encoder of the videos app, and where its results are told of. */
function encoders(stack: Stack) {
  const uploads = new s3.Bucket(stack, 'Uploads');
  const results = new s3.Bucket(stack, 'Results');
  const done = new WorkQueue(stack, 'Done');
  new BucketEvents(stack, 'Told', { bucket: results }).toQueue(done.queue);
  const jobs = new WorkQueue(stack, 'Jobs', {
    visibilityTimeout: Duration.minutes(5),
    maxReceiveCount: 20,
  });
  const workers = new QueueWorkers(stack, 'Encoders', {
    vpc: new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1 }),
    queue: jobs.queue,
    program: WorkerProgram.nodejs({
      entry: require.resolve('../../bin/videos/encoder'),
      environment: {
        UPLOADS_BUCKET: uploads.bucketName,
        BUCKET_NAME: results.bucketName,
        SECONDS_PER_VIDEO: '10',
      },
    }),
    maxCapacity: 3,
    warmup: Duration.minutes(1),
    // However long a busy machine lets a process wait for its turn.
    terminationTimeout: Duration.hours(2),
    scaling: Scaling.step({ scaleOut: [{ messages: 10, instances: 1 }] }),
  });
  uploads.grantRead(workers);
  results.grantPut(workers);
  return { uploads, jobs, done, workers };
}

let fleet: InstanceFleet;
let app: ReturnType<typeof encoders>;
beforeAll(async () => {
  [fleet, app] = await InstanceFleet.deploy(encoders);
});
afterAll(() => fleet.aws.stop());

async function upload(keys: readonly string[]): Promise<void> {
  const client = fleet.aws.client(S3);
  for (const Key of keys) {
    await client.putObject({ Bucket: fleet.physicalId(app.uploads), Key, Body: `video ${Key}` });
  }
  await fleet.send(
    app.jobs.queue,
    keys.map((key) => JSON.stringify({ key })),
  );
}

interface S3Event {
  readonly Records?: ReadonlyArray<{ readonly s3: { readonly object: { readonly key: string } } }>;
}

const keysIn = (events: readonly S3Event[]): Set<string> =>
  new Set(events.flatMap(({ Records = [] }) => Records.map(({ s3: { object } }) => object.key)));

const named = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index}`);

test('a burst brings more instances, each result is there, and they leave when they have finished', async () => {
  const keys = named('burst', 60);
  await upload(keys);
  const events = await fleet.take<S3Event>(app.done.queue, (taken) => keysIn(taken).size === 60);
  expect([...keysIn(events)].sort()).toEqual(keys.map((key) => `encoded/${key}.gz`).sort());

  const scaled = await fleet.scaled((seen) =>
    seen.some((event) => event['detail-type'] === 'EC2 Instance Terminate Successful'),
  );
  const kinds = scaled.map((event) => event['detail-type']);
  expect(kinds).toContain('EC2 Instance Launch Successful');
  const gone = scaled.find((event) => event['detail-type'] === 'EC2 Instance Terminate Successful');
  const { Output = '' } = await fleet.aws.client(EC2).getConsoleOutput({
    InstanceId: gone?.detail.EC2InstanceId,
  });
  expect(Buffer.from(Output, 'base64').toString()).toContain(
    'Finished; the instance may be terminated',
  );
  expect(await fleet.depth(app.jobs.queue)).toBe(0);
  expect(await fleet.depth(app.jobs.deadLetterQueue)).toBe(0);
});

test('an instance that dies in the middle of its work takes nothing with it', async () => {
  const keys = named('killed', 30);
  await upload(keys);
  const before = await fleet.take<S3Event>(app.done.queue, (taken) => keysIn(taken).size >= 4);
  const [id = ''] = await fleet.instances(app.workers.autoScalingGroup);
  await fleet.aws.faults.instance(id).kill();
  const after = await fleet.take<S3Event>(
    app.done.queue,
    (taken) => keysIn([...before, ...taken]).size === 30,
  );
  expect([...keysIn([...before, ...after])].sort()).toEqual(
    keys.map((key) => `encoded/${key}.gz`).sort(),
  );
  expect(await fleet.depth(app.jobs.deadLetterQueue)).toBe(0);
});
