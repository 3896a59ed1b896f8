import { AutoScaling } from '@aws-sdk/client-auto-scaling';
import { S3 } from '@aws-sdk/client-s3';
import { SQS } from '@aws-sdk/client-sqs';
import { App, Duration } from 'aws-cdk-lib';
import { type Deployment, Emulator } from 'cdk-decouple-emulator';
import { VideosStack } from '../../bin/videos';
import { clockRate, minute, type TraceInput } from '../shop/demo';
import { serveArrivals } from '../shop/serve-arrivals';
import type { Sample } from './chart';
import { Encoders } from './encoders';
import { Customers, videosOf } from './front-door';
import { death, lostZone } from './outages';
import type { VideosResult } from './report';
import { Results } from './results';

const sampleInterval = 15_000;
/** What has not been encoded so long after the last request never will be. */
const patience = 120 * minute;
const timePerVideo = Duration.seconds(10);

/** Videos that have been encoded, with everything still running. */
export interface FinishedVideos {
  readonly aws: Emulator;
  readonly result: VideosResult;
  readonly samples: readonly Sample[];
  /** Name of the bucket of the results. */
  readonly bucket: string;
  readonly queueUrl: string;
}

/** Deploys both tiers, brings every video at 60 times real time, and looks on until all are encoded and no encoder is left. */
export async function runVideos(input: TraceInput): Promise<FinishedVideos> {
  const { progress, seed } = input;
  const aws = await Emulator.start({ clock: { rate: clockRate }, seed });
  progress('deploying a front end behind a load balancer, a queue and a group of encoders');
  const deployment = await aws.deploy(new VideosStack(new App(), 'Videos', { timePerVideo }));
  progress(`deployed ${deployment.summary()}`);
  const service = await VideoService.open(aws, deployment, input);
  return {
    aws,
    result: await service.run(),
    samples: service.samples,
    bucket: deployment.output('ResultsBucket'),
    queueUrl: deployment.output('QueueUrl'),
  };
}

/** The service from its opening until it has nothing more to do. */
class VideoService {
  readonly samples: Sample[] = [];
  private readonly sqs: SQS;
  private readonly results: Results;
  private readonly opening: number;
  private died = 0;

  private constructor(
    private readonly aws: Emulator,
    private readonly queueUrl: string,
    results: string,
    private readonly customers: Customers,
    private readonly encoders: Encoders,
    private readonly input: TraceInput,
  ) {
    this.sqs = aws.client(SQS);
    this.results = new Results(aws.client(S3), results);
    this.opening = aws.clock.now();
  }

  static async open(
    aws: Emulator,
    deployment: Deployment,
    input: TraceInput,
  ): Promise<VideoService> {
    const { hostname, pathname } = new URL(deployment.output('Url'));
    const url = `${await aws.loadBalancing.url(hostname)}${pathname}`;
    return new VideoService(
      aws,
      deployment.output('QueueUrl'),
      deployment.output('ResultsBucket'),
      new Customers(aws.client(S3), deployment.output('UploadsBucket'), url, aws.clock),
      await Encoders.find(aws.client(AutoScaling)),
      input,
    );
  }

  async run(): Promise<VideosResult> {
    const { clock } = this.aws;
    const videos = videosOf(this.input.trace, minute);
    this.input.progress(
      `the service opens: ${videos.length} videos in ${this.input.trace.length} minutes`,
    );
    const realOpening = performance.now();
    let lastAt: number | undefined;
    await Promise.all([
      serveArrivals(videos, clock, this.opening, (batch) => this.customers.bring(batch)).then(
        () => {
          lastAt = clock.now();
        },
      ),
      this.killOne(),
      this.loseZone(),
      this.watch(() => lastAt),
    ]);
    return {
      accepted: this.customers.accepted.size,
      encoded: this.results.keys.size,
      lost: this.missing(),
      deadLettered: await this.deadLettered(),
      deepestQueue: Math.max(...this.samples.map(({ waiting }) => waiting)),
      mostEncoders: Math.max(...this.samples.map(({ inService }) => inService)),
      encodersAtEnd: (await this.encoders.look()).all,
      ...(await this.encoders.activities()),
      died: this.died,
      oldest: Math.max(...this.samples.map(({ age }) => age)),
      emulatedTime: this.samples.at(-1)?.at ?? 0,
      realTime: performance.now() - realOpening,
    };
  }

  private async killOne(): Promise<void> {
    await this.at(death);
    const [victim] = (await this.encoders.look()).inService;
    if (victim === undefined) return;
    await this.aws.faults.instance(victim.id).kill();
    this.died += 1;
    this.input.progress(`encoder ${victim.id} dies in the middle of its work`);
  }

  private async loseZone(): Promise<void> {
    await this.at(lostZone.from);
    const { inService } = await this.encoders.look();
    const zone = inService[0]?.zone ?? `${this.aws.region}a`;
    const lost = inService.filter((encoder) => encoder.zone === zone).length;
    await this.aws.faults.zone(zone).lose();
    this.died += lost;
    this.input.progress(`zone ${zone} is lost, with ${lost} encoders`);
    await this.at(lostZone.to);
    await this.aws.faults.zone(zone).recover();
    this.input.progress(`zone ${zone} is back`);
  }

  /** Resolves when every video is encoded and the last encoder has left, or nothing happens any more. */
  private async watch(lastAt: () => number | undefined): Promise<void> {
    const { clock } = this.aws;
    let nextLine = 0;
    for (;;) {
      const sample = await this.sample();
      this.samples.push(sample);
      if (sample.at >= nextLine) {
        this.input.progress(
          `minute ${Math.round(sample.at / minute)}: ${sample.accepted} accepted, ${sample.encoded} encoded, ${sample.waiting} waiting, ${sample.inService} encoders`,
        );
        nextLine = sample.at + 2 * minute;
      }
      const last = lastAt();
      const finished = sample.encoded >= sample.accepted && sample.at > lostZone.to;
      const left = finished && (await this.encoders.look()).all === 0;
      if (last !== undefined && (left || clock.now() - last > patience)) return;
      await clock.sleep(sampleInterval, 'sample');
    }
  }

  private async sample(): Promise<Sample> {
    const [{ Attributes = {} }, encoders] = await Promise.all([
      this.sqs.getQueueAttributes({
        QueueUrl: this.queueUrl,
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
      this.encoders.look(),
      this.results.update(),
    ]);
    const now = this.aws.clock.now();
    const { accepted } = this.customers;
    const waitingSince = this.missing().map((key) => accepted.get(key) ?? now);
    return {
      at: now - this.opening,
      accepted: accepted.size,
      encoded: this.results.keys.size,
      waiting: Number(Attributes.ApproximateNumberOfMessages),
      inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible),
      desired: encoders.desired,
      inService: encoders.inService.length,
      age: waitingSince.reduce((oldest, since) => Math.max(oldest, now - since), 0),
    };
  }

  private async deadLettered(): Promise<number> {
    const { Attributes = {} } = await this.sqs.getQueueAttributes({
      QueueUrl: this.queueUrl,
      AttributeNames: ['RedrivePolicy'],
    });
    const [, name] = /:([^:"]+)"/.exec(Attributes.RedrivePolicy ?? '') ?? [];
    const { QueueUrl } = await this.sqs.getQueueUrl({ QueueName: name });
    const { Attributes: depth = {} } = await this.sqs.getQueueAttributes({
      QueueUrl,
      AttributeNames: ['ApproximateNumberOfMessages'],
    });
    return Number(depth.ApproximateNumberOfMessages);
  }

  /** Videos that were accepted and have no result. */
  private missing(): string[] {
    return [...this.customers.accepted.keys()].filter((key) => !this.results.keys.has(key));
  }

  private at(moment: number): Promise<void> {
    const { clock } = this.aws;
    return clock.sleep(Math.max(0, this.opening + moment - clock.now()), 'next outage');
  }
}
