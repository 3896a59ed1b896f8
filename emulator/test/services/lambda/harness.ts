import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Kinesis } from '@aws-sdk/client-kinesis';
import { Lambda } from '@aws-sdk/client-lambda';
import { SQS } from '@aws-sdk/client-sqs';
import { clientConfiguration } from '../../../src/client';
import { RemoteActors } from '../../../src/clock/call-gate';
import type { Clock } from '../../../src/clock/clock';
import { SteppedClock } from '../../../src/clock/manual-clock';
import { CertificateAuthority } from '../../../src/gateway/certificate-authority';
import { Dispatcher } from '../../../src/gateway/dispatcher';
import { Gateway } from '../../../src/gateway/gateway';
import { Identities } from '../../../src/iam/identities';
import { createJournal } from '../../../src/journal/journal';
import { MetricStore } from '../../../src/metrics/metric-store';
import { randomSource } from '../../../src/random/random';
import { createKinesis } from '../../../src/services/kinesis';
import { createLambda, type LambdaOptions } from '../../../src/services/lambda';
import type { ServiceEnvironment } from '../../../src/services/service';
import { createSqs } from '../../../src/services/sqs';

export const account = '000000000000';
export const region = 'us-east-1';
export const role = `arn:aws:iam::${account}:role/worker`;

export interface LogEntry {
  readonly group: string;
  readonly stream: string;
  readonly timestamp: number;
  readonly message: string;
}

/** Lambda, SQS and Kinesis behind a gateway, with function code from folders that the test writes. */
export class LambdaHarness<C extends Clock = SteppedClock> {
  readonly logs: LogEntry[] = [];
  /** What was written to buckets, by the ARN of the object. */
  readonly stored = new Map<string, string>();
  readonly journal;
  readonly metrics;
  readonly lambdaService;
  readonly lambda: Lambda;
  readonly sqs: SQS;
  readonly kinesis: Kinesis;
  private readonly scratch = mkdtempSync(join(tmpdir(), 'lambda-test-'));
  readonly gateway: Gateway;
  private assets = 0;

  static manual(options: Partial<LambdaOptions> = {}): LambdaHarness {
    return new LambdaHarness(new SteppedClock(), options);
  }

  constructor(
    readonly clock: C,
    options: Partial<LambdaOptions> = {},
    seed = 1,
  ) {
    const random = randomSource(seed);
    this.journal = createJournal(100_000, () => clock.now());
    this.metrics = new MetricStore(() => clock.now());
    const identities = new Identities(clock, random);
    const env: ServiceEnvironment = {
      clock,
      random,
      identities,
      journal: this.journal,
      metrics: this.metrics,
      authorize: () => undefined,
      endpoint: () => this.gateway.listen(),
      scratchDirectory: async () => this.scratch,
    };
    const remoteActors = new RemoteActors(clock.actors);
    const sqs = createSqs(env);
    const kinesis = createKinesis(env);
    this.lambdaService = createLambda(env, {
      queues: sqs.queueSource,
      streams: kinesis.streamSource,
      brokers: {
        describe: () => undefined,
        endpoint: () => undefined,
        onChange: () => () => undefined,
      },
      secrets: { text: () => '' },
      failureDestinations: {
        send: (arn, message, caller) => sqs.queueSender.send(arn, { MessageBody: message }, caller),
        store: (bucketArn, key, text) => this.stored.set(`${bucketArn}/${key}`, text),
      },
      code: { assetDirectory: async (_bucket, key) => join(this.scratch, 'assets', key) },
      fileSystems: {
        find: () => undefined,
        subnet: () => undefined,
        mount: async () => undefined,
      },
      logs: {
        write: ({ group, stream }, lines) => {
          for (const line of lines) this.logs.push({ group, stream, ...line });
        },
      },
      remoteActors,
      ...options,
    });
    const dispatcher = new Dispatcher({ ...env, services: [sqs, kinesis, this.lambdaService] });
    this.gateway = new Gateway({
      dispatcher,
      clock,
      journal: this.journal,
      certificateAuthority: new CertificateAuthority(),
      callGate: remoteActors,
    });
    const configuration = clientConfiguration(dispatcher, account, region);
    this.lambda = new Lambda(configuration);
    this.sqs = new SQS(configuration);
    this.kinesis = new Kinesis(configuration);
  }

  /** Makes a function out of files; `index.js` alone if a text is given. */
  async createFunction(
    name: string,
    files: string | Record<string, string>,
    settings: Partial<Parameters<Lambda['createFunction']>[0]> = {},
  ): Promise<void> {
    const key = `asset-${this.assets++}`;
    const contents = typeof files === 'string' ? { 'index.js': files } : files;
    for (const [file, text] of Object.entries(contents)) {
      const target = join(this.scratch, 'assets', key, file);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, text);
    }
    await this.lambda.createFunction({
      FunctionName: name,
      Runtime: 'nodejs20.x',
      Handler: 'index.handler',
      Role: role,
      Code: { S3Bucket: 'assets', S3Key: key },
      ...settings,
    });
  }

  /** Invokes a function and reads its answer. */
  async invoke(name: string, event: unknown = {}): Promise<{ error?: string; result: unknown }> {
    const { Payload, FunctionError } = await this.lambda.invoke({
      FunctionName: name,
      Payload: JSON.stringify(event),
    });
    return {
      ...(FunctionError !== undefined && { error: FunctionError }),
      result: JSON.parse(Payload?.transformToString() ?? 'null'),
    };
  }

  /** What has been logged, START and REPORT lines aside. */
  messages(): string[] {
    return this.logs
      .map((entry) => entry.message)
      .filter((line) => !/^(INIT_START|START|END|REPORT) /.test(line));
  }

  async stop(): Promise<void> {
    await this.lambdaService.stop();
    await this.gateway.stop();
    this.clock.stop();
    rmSync(this.scratch, { recursive: true, force: true });
  }
}
