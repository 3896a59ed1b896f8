import { Kinesis } from '@aws-sdk/client-kinesis';
import { Lambda } from '@aws-sdk/client-lambda';
import { S3 } from '@aws-sdk/client-s3';
import { App } from 'aws-cdk-lib';
import { type Deployment, Emulator } from 'cdk-decouple-emulator';
import { ClickStreamStack } from '../../bin/click-stream';
import { clockRate, type DemoInput, minute, saleLength } from '../shop/demo';
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
    result: await sale.run(),
    samples: sale.samples,
  };
}

/** One sale from its opening to the last delivery. */
class StreamedSale {
  readonly samples: Sample[] = [];
  private readonly kinesis: Kinesis;
  private readonly s3: S3;
  private readonly website: Website;
  private readonly delivered: DeliveredClicks;
  private readonly opening: number;
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
    this.opening = aws.clock.now();
    this.stream = deployment.output('StreamName');
    this.bucket = deployment.output('BucketName');
    this.website = new Website(this.kinesis, this.stream, aws.clock);
    this.delivered = new DeliveredClicks(this.s3, this.bucket);
  }

  async run(): Promise<ClicksResult> {
    const { clock } = this.aws;
    const clicks = clicksOf(this.input.orders);
    this.input.progress(
      `the sale opens: ${clicks.length} clicks in ${saleLength / minute} minutes`,
    );
    const realOpening = performance.now();
    let lastClickAt: number | undefined;
    await Promise.all([
      serveArrivals(clicks, clock, this.opening, (batch) => this.website.put(batch)).then(() => {
        lastClickAt = clock.now();
      }),
      this.closeBucket(),
      this.reshard(),
      this.stopFunction(),
      this.watch(() => lastClickAt),
    ]);
    const { at: emulatedTime = 0 } = this.samples.at(-1) ?? {};
    const { OpenShardCount = 0 } =
      (await this.kinesis.describeStreamSummary({ StreamName: this.stream }))
        .StreamDescriptionSummary ?? {};
    const { addresses, duplicates, failed, ids, objects, outOfOrder } = this.delivered;
    return {
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
      deliveredAfter: this.opening + emulatedTime - (lastClickAt ?? this.opening),
      emulatedTime,
      realTime: performance.now() - realOpening,
    };
  }

  private async closeBucket(): Promise<void> {
    await this.at(closedBucket.from);
    const open = await closeBucket(this.s3, this.bucket);
    this.input.progress('the bucket is closed');
    await this.at(closedBucket.to);
    await open();
    this.input.progress('the bucket is open again');
  }

  private async reshard(): Promise<void> {
    await this.at(resharding);
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
    await this.at(stoppedFunction.from);
    const start = await stopFunction(lambda, name?.FunctionName ?? '');
    this.input.progress('the function that transforms clicks has stopped');
    await this.at(stoppedFunction.to);
    await start();
    this.input.progress('the function runs again');
    await this.at(puttingAgain);
    await this.delivered.update();
    this.delivered.forgetOrderOf(worthAnotherTry(this.delivered.failed));
    this.again = await putAgain(this.kinesis, this.stream, this.delivered.failed);
    this.input.progress(`${this.again} clicks failed meanwhile, and are put into the stream again`);
  }

  /** Resolves when every click is in the bucket or turned away, or nothing comes any more. */
  private async watch(lastClickAt: () => number | undefined): Promise<void> {
    const { clock } = this.aws;
    let nextLine = 0;
    for (;;) {
      await this.delivered.update();
      const waiting = this.missing().length;
      const sample = {
        at: clock.now() - this.opening,
        published: this.website.published.size,
        delivered: this.delivered.ids.size,
        waiting,
      };
      this.samples.push(sample);
      if (sample.at >= nextLine) {
        this.input.progress(
          `minute ${Math.round(sample.at / minute)}: ${sample.published} published, ${waiting} on their way`,
        );
        nextLine = sample.at + 2 * minute;
      }
      const last = lastClickAt();
      if (
        last !== undefined &&
        sample.at > puttingAgain &&
        (waiting === 0 || clock.now() - last > patience)
      )
        return;
      await clock.sleep(sampleInterval, 'sample');
    }
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

  private at(moment: number): Promise<void> {
    const { clock } = this.aws;
    return clock.sleep(Math.max(0, this.opening + moment - clock.now()), 'next outage');
  }
}
