import { Kinesis } from '@aws-sdk/client-kinesis';
import { Lambda } from '@aws-sdk/client-lambda';
import { S3 } from '@aws-sdk/client-s3';
import { App, Duration } from 'aws-cdk-lib';
import { type Deployment, Emulator, type ManualClock } from 'cdk-decouple-emulator';
import { ClickStreamStack } from '../../bin/click-stream';
import { generateOrders } from '../../demo/shop/arrivals';
import { type Click, clicksOf } from '../../demo/stream/click';
import { DeliveredClicks } from '../../demo/stream/delivered-clicks';
import { closeBucket, stopFunction } from '../../demo/stream/outages';
import { putAgain } from '../../demo/stream/put-again';
import { clicksTable } from '../../demo/stream/report';
import { Website } from '../../demo/stream/website';

const clicks = clicksOf(generateOrders(500, 1));
const broken = clicks.filter((click) => click.broken);

describe('the clicks on the emulator', () => {
  let aws: Emulator<ManualClock>;
  let deployment: Deployment;
  let website: Website;
  let delivered: DeliveredClicks;

  beforeAll(async () => {
    aws = await Emulator.start({ clock: 'manual' });
    deployment = await aws.deploy(new ClickStreamStack(new App(), 'Clicks'));
    website = new Website(aws.client(Kinesis), deployment.output('StreamName'), aws.clock);
    delivered = new DeliveredClicks(aws.client(S3), deployment.output('BucketName'));
  });
  afterAll(() => aws.stop());

  async function put(some: readonly Click[]): Promise<void> {
    for (let i = 0; i < some.length; i += 10) await website.put(some.slice(i, i + 10));
    await aws.clock.advance(Duration.minutes(6));
    await delivered.update();
  }
  const wholeOf = (some: readonly Click[]) => some.filter((click) => !click.broken).length;

  test('all come, in their order and without addresses, and what is no JSON is kept', async () => {
    await put(clicks.slice(0, 200));
    expect(delivered.ids.size).toBe(wholeOf(clicks.slice(0, 200)));
    expect({ ...counts(delivered) }).toEqual({ addresses: 0, duplicates: 0, outOfOrder: 0 });
  });

  test('what is put while the bucket is closed comes when it is open', async () => {
    const open = await closeBucket(aws.client(S3), deployment.output('BucketName'));
    await put(clicks.slice(200, 300));
    expect(delivered.ids.size).toBe(wholeOf(clicks.slice(0, 200)));
    await open();
    await put([]);
    expect(delivered.ids.size).toBe(wholeOf(clicks.slice(0, 300)));
  });

  test('what is put while the function is stopped fails, and comes when it is put again', async () => {
    const lambda = aws.client(Lambda);
    const { Functions = [] } = await lambda.listFunctions({});
    const start = await stopFunction(lambda, Functions[0]?.FunctionName ?? '');
    await put(clicks.slice(300));
    expect(delivered.ids.size).toBe(wholeOf(clicks.slice(0, 300)));
    expect(delivered.failed).toHaveLength(200);
    await start();
    const streamName = deployment.output('StreamName');
    expect(await putAgain(aws.client(Kinesis), streamName, delivered.failed)).toBe(200);
    await put([]);
    expect(delivered.ids.size).toBe(wholeOf(clicks));
    expect(broken).toHaveLength(1);
    expect(delivered.failed).toHaveLength(201);
  });
});

function counts({ addresses, duplicates, outOfOrder }: DeliveredClicks) {
  return { addresses, duplicates, outOfOrder };
}

test('the table says what was lost', () => {
  const table = clicksTable({
    published: 3,
    delivered: 1,
    duplicates: 0,
    outOfOrder: 0,
    addresses: 0,
    turnedAway: 1,
    putAgain: 2,
    objects: 1,
    shards: 4,
    lost: ['S-000001'],
    deliveredAfter: 1_000,
    emulatedTime: 60_000,
    realTime: 1_000,
  });

  expect(table).toMatch(/^ {2}delivered +1 in 1 objects$/m);
  expect(table).toMatch(/^ {2}lost +1$/m);
});
