import { AutoScaling } from '@aws-sdk/client-auto-scaling';
import { S3 } from '@aws-sdk/client-s3';
import { SQS } from '@aws-sdk/client-sqs';
import { App, Duration } from 'aws-cdk-lib';
import { type Deployment, Emulator } from 'cdk-decouple-emulator';
import { VideosStack } from '../../bin/videos';
import { clockRate, minute, type TraceInput } from '../shop/demo';
import { SaleClock } from '../shop/sale-clock';
import { serveArrivals } from '../shop/serve-arrivals';
import type { Sample } from './chart';
import { Customers } from './customers';
import { Encoders } from './encoders';
import { death, lostZone } from './outages';
import type { VideosResult } from './report';
import { Results } from './results';
import { type Video, videosOf } from './videos';

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
    ...(await service.run()),
    bucket: deployment.output('ResultsBucket'),
    queueUrl: deployment.output('QueueUrl'),
  };
}

/** The service from its opening until it has nothing more to do. */
class VideoService {
  private readonly time: SaleClock;
  private readonly sqs: SQS;
  private readonly results: Results;
  private readonly encoders: Encoders;
  private died = 0;

  private constructor(
    private readonly aws: Emulator,
    private readonly deployment: Deployment,
    private readonly customers: Customers,
    private readonly input: TraceInput,
  ) {
    this.sqs = aws.client(SQS);
    this.results = new Results(aws.client(S3), deployment.output('ResultsBucket'));
    this.encoders = new Encoders(aws.client(AutoScaling), deployment.output('EncodersGroup'));
    this.time = new SaleClock(aws.clock);
  }

  static async open(
    aws: Emulator,
    deployment: Deployment,
    input: TraceInput,
  ): Promise<VideoService> {
    const { hostname, pathname } = new URL(deployment.output('Url'));
    const url = `${await aws.loadBalancing.url(hostname)}${pathname}`;
    const uploads = deployment.output('UploadsBucket');
    const customers = new Customers(aws.client(S3), uploads, url, aws.clock);
    return new VideoService(aws, deployment, customers, input);
  }

  async run(): Promise<Pick<FinishedVideos, 'result' | 'samples'>> {
    const { clock, opening } = this.time;
    const { progress, trace } = this.input;
    const videos = videosOf(trace);
    progress(`the service opens: ${videos.length} videos in ${trace.length} minutes`);
    let lastAt: number | undefined;
    const [samples] = await Promise.all([
      this.watch(() => lastAt),
      serveArrivals(videos, clock, opening, (batch) => this.bring(batch)).then(() => {
        lastAt = clock.now();
      }),
      this.killOne(),
      this.loseZone(),
    ]);
    const { at: emulatedTime = 0, encoders: encodersAtEnd = 0 } = samples.at(-1) ?? {};
    const [deadLettered] = await this.depth('DeadLetterQueueUrl');
    const { accepted, encoded, missing: lost } = this.results;
    const result = {
      accepted,
      encoded,
      lost,
      deadLettered,
      deepestQueue: Math.max(...samples.map(({ waiting }) => waiting)),
      mostEncoders: Math.max(...samples.map(({ inService }) => inService)),
      encodersAtEnd,
      ...(await this.encoders.activities()),
      died: this.died,
      oldest: Math.max(...samples.map(({ age }) => age)),
      emulatedTime,
      realTime: this.time.realTime,
    };
    return { result, samples };
  }

  private async bring(videos: readonly Video[]): Promise<void> {
    await Promise.all(
      videos.map(async (video) => {
        await this.customers.bring(video);
        this.results.expect(video, this.time.clock.now());
      }),
    );
  }

  private async killOne(): Promise<void> {
    await this.time.at(death);
    const [victim] = (await this.encoders.look()).inService;
    if (victim === undefined) return;
    await this.aws.faults.instance(victim.id).kill();
    this.died += 1;
    this.input.progress(`encoder ${victim.id} dies in the middle of its work`);
  }

  private async loseZone(): Promise<void> {
    await this.time.at(lostZone.from);
    const { inService } = await this.encoders.look();
    const zone = inService[0]?.zone ?? `${this.aws.region}a`;
    const lost = inService.filter((encoder) => encoder.zone === zone).length;
    await this.aws.faults.zone(zone).lose();
    this.died += lost;
    this.input.progress(`zone ${zone} is lost, with ${lost} encoders`);
    await this.time.at(lostZone.to);
    await this.aws.faults.zone(zone).recover();
    this.input.progress(`zone ${zone} is back`);
  }

  /** Resolves when every video is encoded and the last encoder has left, or nothing happens any more. */
  private watch(lastAt: () => number | undefined): Promise<Sample[]> {
    return this.time.watch({
      every: sampleInterval,
      sample: () => this.sample(),
      line: ({ accepted, encoded, inService, waiting }) =>
        `${accepted} accepted, ${encoded} encoded, ${waiting} waiting, ${inService} encoders`,
      progress: this.input.progress,
      isOver: ({ accepted, at, encoded, encoders }) => {
        const last = lastAt();
        if (last === undefined) return false;
        const finished = encoded === accepted && encoders === 0 && at > lostZone.to;
        return finished || this.time.clock.now() - last > patience;
      },
    });
  }

  private async sample(): Promise<Sample> {
    const { results } = this;
    const [[waiting, inFlight], { all, desired, inService }] = await Promise.all([
      this.depth('QueueUrl'),
      this.encoders.look(),
      results.update(),
    ]);
    const now = this.time.clock.now();
    return {
      at: this.time.elapsed,
      accepted: results.accepted,
      encoded: results.encoded,
      waiting,
      inFlight,
      desired,
      inService: inService.length,
      encoders: all,
      age: now - (results.waitingSince ?? now),
    };
  }

  /** Messages of a queue that wait, and that are worked on. */
  private async depth(output: string): Promise<[waiting: number, inFlight: number]> {
    const { Attributes = {} } = await this.sqs.getQueueAttributes({
      QueueUrl: this.deployment.output(output),
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    });
    return [
      Number(Attributes.ApproximateNumberOfMessages),
      Number(Attributes.ApproximateNumberOfMessagesNotVisible),
    ];
  }
}
