import { Kinesis } from '@aws-sdk/client-kinesis';
import { Lambda } from '@aws-sdk/client-lambda';
import { S3 } from '@aws-sdk/client-s3';
import { App } from 'aws-cdk-lib';
import { type Deployment, Emulator } from 'cdk-decouple-emulator';
import { ClickStreamStack } from '../../bin/click-stream';
import { clockRate, type DemoInput, minute, saleLength } from '../shop/demo';
import { SaleClock } from '../shop/sale-clock';
import { serveArrivals } from '../shop/serve-arrivals';
import type { Sample } from './chart';
import { clicksOf } from './click';
import { DeliveredClicks } from './delivered-clicks';
import {
  closeBucket,
  closedBucket,
  puttingAgain,
  resharding,
  stopFunction,
  stoppedFunction,
} from './outages';
import { putAgain, worthAnotherTry } from './put-again';
import type { ClicksResult } from './report';
import { Website } from './website';

const sampleInterval = 15_000;
/** What has not come so long after the last click never will. */
const patience = 30 * minute;

/** A sale that is over, with everything still running. */
export interface FinishedClicks {
  readonly result: ClicksResult;
  readonly samples: readonly Sample[];
  readonly aws: Emulator;
  /** Name of the bucket that the clicks are in. */
  readonly bucket: string;
}

/** Deploys the stream and its delivery, puts every click at 60 times real time, and counts what came into the bucket. */
export async function runClicks(input: DemoInput): Promise<FinishedClicks> {
  const { progress, seed } = input;
  const aws = await Emulator.start({ clock: { rate: clockRate }, seed });
  progress('deploying a stream, a function and a delivery stream to a bucket');
  const stack = new ClickStreamStack(new App(), 'ClickStream');
  const deployment = await aws.deploy(stack);
  progress(`deployed ${deployment.summary()}`);
  const sale = new StreamedSale(aws, deployment, input);
  return {
    aws,
    bucket: deployment.output('BucketName'),
    ...(await sale.run()),
  };
}

/** One sale from its opening to the last delivery. */
class StreamedSale {
  private readonly kinesis: Kinesis;
  private readonly s3: S3;
  private readonly website: Website;
  private readonly delivered: DeliveredClicks;
  private readonly time: SaleClock;
  private readonly stream: string;
  private readonly bucket: string;
  private again = 0;

  constructor(
    private readonly aws: Emulator,
    deployment: Deployment,
    private readonly input: DemoInput,
  ) {
    this.kinesis = aws.client(Kinesis);
    this.s3 = aws.client(S3);
    this.time = new SaleClock(aws.clock);
    this.stream = deployment.output('StreamName');
    this.bucket = deployment.output('BucketName');
    this.website = new Website(this.kinesis, this.stream, aws.clock);
    this.delivered = new DeliveredClicks(this.s3, this.bucket);
  }

  async run(): Promise<Pick<FinishedClicks, 'result' | 'samples'>> {
    const { clock, opening } = this.time;
    const clicks = clicksOf(this.input.orders);
    this.input.progress(
      `the sale opens: ${clicks.length} clicks in ${saleLength / minute} minutes`,
    );
    let lastClickAt: number | undefined;
    const [samples] = await Promise.all([
      this.watch(() => lastClickAt),
      serveArrivals(clicks, clock, opening, (batch) => this.website.put(batch)).then(() => {
        lastClickAt = clock.now();
      }),
      this.closeBucket(),
      this.reshard(),
      this.stopFunction(),
    ]);
    const { at: emulatedTime = 0 } = samples.at(-1) ?? {};
    const { OpenShardCount = 0 } =
      (await this.kinesis.describeStreamSummary({ StreamName: this.stream }))
        .StreamDescriptionSummary ?? {};
    const { addresses, duplicates, failed, ids, objects, outOfOrder } = this.delivered;
    const result = {
      published: this.website.published.size,
      delivered: ids.size,
      duplicates,
      outOfOrder,
      addresses,
      turnedAway: failed.length - worthAnotherTry(failed).length,
      putAgain: this.again,
      objects,
      shards: OpenShardCount,
      lost: this.missing(),
      deliveredAfter: opening + emulatedTime - (lastClickAt ?? opening),
      emulatedTime,
      realTime: this.time.realTime,
    };
    return { result, samples };
  }

  private async closeBucket(): Promise<void> {
    await this.time.at(closedBucket.from);
    const open = await closeBucket(this.s3, this.bucket);
    this.input.progress('the bucket is closed');
    await this.time.at(closedBucket.to);
    await open();
    this.input.progress('the bucket is open again');
  }

  private async reshard(): Promise<void> {
    await this.time.at(resharding);
    await this.kinesis.updateShardCount({
      StreamName: this.stream,
      TargetShardCount: 4,
      ScalingType: 'UNIFORM_SCALING',
    });
    this.input.progress('the stream is given twice as many shards');
  }

  private async stopFunction(): Promise<void> {
    const lambda = this.aws.client(Lambda);
    const { Functions = [] } = await lambda.listFunctions({});
    const name = Functions.find(({ Description }) => Description?.endsWith('transforms records'));
    await this.time.at(stoppedFunction.from);
    const start = await stopFunction(lambda, name?.FunctionName ?? '');
    this.input.progress('the function that transforms clicks has stopped');
    await this.time.at(stoppedFunction.to);
    await start();
    this.input.progress('the function runs again');
    await this.time.at(puttingAgain);
    await this.delivered.update();
    this.delivered.forgetOrderOf(worthAnotherTry(this.delivered.failed));
    this.again = await putAgain(this.kinesis, this.stream, this.delivered.failed);
    this.input.progress(`${this.again} clicks failed meanwhile, and are put into the stream again`);
  }

  /** Resolves when every click is in the bucket or turned away, or nothing comes any more. */
  private watch(lastClickAt: () => number | undefined): Promise<Sample[]> {
    return this.time.watch({
      every: sampleInterval,
      sample: async () => {
        await this.delivered.update();
        return {
          at: this.time.elapsed,
          published: this.website.published.size,
          delivered: this.delivered.ids.size,
          waiting: this.missing().length,
        };
      },
      line: ({ published, waiting }) => `${published} published, ${waiting} on their way`,
      progress: this.input.progress,
      isOver: ({ at, waiting }) => {
        const last = lastClickAt();
        if (last === undefined || at <= puttingAgain) return false;
        return waiting === 0 || this.time.clock.now() - last > patience;
      },
    });
  }

  /** Clicks that the stream took, and that are neither in the bucket nor turned away. */
  private missing(): string[] {
    const { failed, ids } = this.delivered;
    const kept = new Set(
      failed.map(({ rawData }) => Buffer.from(rawData, 'base64').toString('utf8')),
    );
    return [...this.website.published.values()].flatMap(({ body, broken, id }) =>
      ids.has(id) || (broken && kept.has(body)) ? [] : [id],
    );
  }
}
