import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectPolicies, enforce } from './authorization';
import { AutoScalingPrograms } from './auto-scaling';
import { type Capabilities, serviceCapabilities } from './capabilities';
import { type ClientConstructor, type ClientOptions, clientConfiguration } from './client';
import { RemoteActors } from './clock/call-gate';
import type { Clock, ManualClock } from './clock/clock';
import type { TemplateCheck } from './cloudformation';
import type { CdkTarget } from './cloudformation/cdk-assembly';
import {
  type CdkDeployment,
  type CdkDeployOptions,
  deployCdk,
  destroyCdk,
} from './cloudformation/cdk-deploy';
import { type Composition, composeServices } from './composition';
import { workerMachines } from './composition/worker-machines';
import { Deployment } from './deployment';
import { Faults } from './faults';
import { CertificateAuthority } from './gateway/certificate-authority';
import { Dispatcher } from './gateway/dispatcher';
import { Gateway } from './gateway/gateway';
import { Authorizer } from './iam/authorizer';
import { AccessDecisions } from './iam/explanation';
import { defaultAccount, Identities } from './iam/identities';
import { createJournal, type Journal } from './journal/journal';
import { LoadBalancing } from './load-balancing';
import { MetricStore } from './metrics/metric-store';
import { checkOptions, createClock, type EmulatorOptions } from './options';
import { randomSource } from './random/random';
import type { FileSystemDirectories } from './services/efs';
import type { FirehoseEndpoints } from './services/firehose';
import type { ServiceEnvironment } from './services/service';
import type { Outbox } from './services/sns';

/**
 * A local AWS in this process.
 *
 * ```ts
 * const aws = await Emulator.start({ clock: 'manual' });
 * await aws.deploy(stack);
 * const sqs = aws.client(SQSClient);
 * await aws.clock.advance(Duration.minutes(5));
 * await aws.stop();
 * ```
 *
 * @typeParam C - its clock: a {@link ManualClock} if started with `clock: 'manual'`
 */
export class Emulator<C extends Clock = Clock> {
  /** Starts an emulator on the manual clock. */
  static async start(
    options: EmulatorOptions & { readonly clock: 'manual' },
  ): Promise<Emulator<ManualClock>>;
  /** Starts an emulator. */
  static async start(options?: EmulatorOptions): Promise<Emulator>;
  static async start(options: EmulatorOptions = {}): Promise<Emulator> {
    checkOptions(options);
    return new Emulator(createClock(options), options);
  }

  /** Where every hop of every message is recorded. */
  readonly journal: Journal;
  /** Region of clients, and of stacks that name none. */
  readonly region: string;
  /** Programs in this process on the instances of Auto Scaling groups. */
  readonly autoScaling: AutoScalingPrograms;
  /** What may go wrong on AWS, done on purpose. */
  readonly faults: Faults;
  /** Mails, text messages and push notifications that SNS would have sent, and calls of endpoints on other machines. */
  readonly outbox: Outbox;
  /** File systems of EFS, whose files are on this machine. */
  readonly efs: FileSystemDirectories;
  /** Where delivery streams send what is for other machines, and what of it has been captured. */
  readonly firehose: FirehoseEndpoints;
  /** Load balancers on this machine, and who answers for instances without a process. */
  readonly loadBalancing: LoadBalancing;
  private readonly composition: Composition;
  private readonly dispatcher: Dispatcher;
  private readonly gateway: Gateway;
  private readonly certificateAuthority = new CertificateAuthority();
  /** Why calls were allowed or denied. */
  readonly iam: AccessDecisions;
  private scratch: Promise<string> | undefined;

  private constructor(
    /** The clock that everything in this emulator runs on. */
    readonly clock: C,
    options: EmulatorOptions,
  ) {
    this.region = options.region ?? 'us-east-1';
    const random = randomSource(options.seed ?? 1);
    this.journal = createJournal(options.journalSize ?? 100_000, () => clock.now());
    const identities = new Identities(clock, random);
    const authorizer = new Authorizer(() => clock.now());
    this.iam = new AccessDecisions(authorizer.log);
    const metrics = new MetricStore(() => clock.now());
    const env: ServiceEnvironment = {
      clock,
      random,
      journal: this.journal,
      metrics,
      identities,
      authorize: enforce(authorizer),
      endpoint: () => this.endpoint(),
      scratchDirectory: () => this.scratchDirectory(),
    };
    const remoteActors = new RemoteActors(clock.actors);
    this.composition = composeServices(env, {
      metrics,
      remoteActors,
      certificateAuthority: this.certificateAuthority,
      clientConfiguration: (accessKeyId, region) =>
        clientConfiguration(this.dispatcher, accessKeyId, region),
      brokers: options.brokers,
      databases: options.databases,
      firehoseEndpoints: options.firehoseEndpoints,
      storageDirectory: options.storageDirectory,
      functionTime: options.functionTime,
      printFunctionLogs: options.printFunctionLogs,
      allowRecorded: options.allowRecorded,
      printAllowed: options.printAllowed,
    });
    connectPolicies(authorizer, this.composition.iam, this.composition.services);
    this.outbox = this.composition.sns.outbox;
    this.efs = this.composition.efs;
    this.firehose = this.composition.firehoseEndpoints;
    this.faults = new Faults(this.composition);
    const { ec2, iam, sqs } = this.composition;
    this.autoScaling = new AutoScalingPrograms(this.composition, this.region, {
      clock,
      queues: sqs.queueConsumer,
      machines: workerMachines(ec2, iam),
      callerOf(roleArn, instanceId) {
        const { accessKeyId, caller } = identities.openSession(roleArn, instanceId);
        identities.closeSession(accessKeyId);
        return caller;
      },
    });
    this.loadBalancing = new LoadBalancing(this.composition.elb);
    this.dispatcher = new Dispatcher({
      services: this.composition.services,
      clock,
      random,
      identities,
      authorize: env.authorize,
      secureTransport: options.secureTransport,
    });
    this.gateway = new Gateway({
      dispatcher: this.dispatcher,
      clock,
      journal: this.journal,
      certificateAuthority: this.certificateAuthority,
      callGate: remoteActors,
      host: options.host,
      port: options.port,
      keepAlive: options.keepAlive,
    });
    this.composition.addRoutes(this.gateway);
    this.gateway.addControlRoute('GET', 'access', ({ query }) => {
      const requestId = query.get('requestId');
      const answer = requestId === null ? this.iam.denials() : this.iam.explain(requestId);
      return { body: `${answer}\n`, contentType: 'text/plain; charset=utf-8' };
    });
  }

  /**
   * URL under which the emulator answers, such as `http://127.0.0.1:4566`; begins to listen when first asked.
   *
   * @throws Error if the port is in use.
   */
  endpoint(): Promise<string> {
    return this.gateway.listen();
  }

  /** Path of the certificate (PEM) of the authority behind the emulator's TLS endpoints, databases included. */
  certificateAuthorityFile(): Promise<string> {
    return this.certificateAuthority.caFile();
  }

  /**
   * The environment variables that make an SDK, the AWS CLI or another process talk to this emulator.
   *
   * @param account - calls as the administrator of this account. @default '000000000000'
   */
  async environment(account = defaultAccount): Promise<Record<string, string>> {
    const caFile = await this.certificateAuthorityFile();
    return {
      AWS_ENDPOINT_URL: await this.endpoint(),
      AWS_ACCESS_KEY_ID: account,
      AWS_SECRET_ACCESS_KEY: 'not-checked',
      AWS_REGION: this.region,
      AWS_DEFAULT_REGION: this.region,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CA_BUNDLE: caFile,
      NODE_EXTRA_CA_CERTS: caFile,
    };
  }

  /**
   * Makes a client of the AWS SDK v3 that talks to this emulator without a socket.
   *
   * @param Client - its class, such as `SQSClient`
   */
  client<T>(Client: ClientConstructor<T>, options: ClientOptions = {}): T {
    return new Client(
      clientConfiguration(
        this.dispatcher,
        options.account ?? defaultAccount,
        options.region ?? this.region,
      ),
    );
  }

  /**
   * Synthesises and deploys a stack with all that it depends on, or all stacks of a stage or an app.
   *
   * @throws TemplateRejectedError naming everything that is wrong or unsupported, before anything is created.
   * @throws StackFailedError naming the resource that failed and why, after rolling back.
   */
  async deploy(target: CdkTarget, options: CdkDeployOptions = {}): Promise<Deployment> {
    return new Deployment(await deployCdk(target, await this.cdkDeployment(), options));
  }

  /** Deletes the stacks of a stack, stage or app, and those that depend on them. */
  async destroy(target: CdkTarget): Promise<void> {
    await destroyCdk(target, await this.cdkDeployment());
  }

  /**
   * What deploying a template would come to, without deploying it: its parameters have no values yet, and whatever
   * it imports is taken to be exported. Nested stacks are templates of their own.
   *
   * @param template - JSON or YAML
   * @throws Error in CloudFormation's words if it is no template.
   */
  check(template: string): TemplateCheck {
    return this.composition.cloudFormation.engine.check(template);
  }

  /** What is emulated, recorded and refused, as the registry has it. */
  capabilities(): Capabilities {
    const { services, cloudFormation } = this.composition;
    return {
      services: services.map(serviceCapabilities).sort((a, b) => (a.service < b.service ? -1 : 1)),
      resourceTypes: cloudFormation.engine.providers.supported(),
    };
  }

  /** Whatever exists in any service, one line each: empty once everything has been destroyed. */
  leaks(): string[] {
    return this.composition.services.flatMap((service) => service.leaks());
  }

  /** Stops everything that runs and removes all files; what was stored is gone. */
  async stop(): Promise<void> {
    await Promise.all(this.composition.services.map((service) => service.stop()));
    await this.gateway.stop();
    this.clock.stop();
    if (this.scratch) await rm(await this.scratch, { recursive: true, force: true });
  }

  private async cdkDeployment(): Promise<CdkDeployment> {
    const { cloudFormation, publishAsset, bootstrap } = this.composition;
    return {
      clock: this.clock,
      cloudFormation: cloudFormation.engine,
      publishAsset,
      bootstrap,
      account: defaultAccount,
      region: this.region,
      origin: await this.endpoint(),
    };
  }

  private scratchDirectory(): Promise<string> {
    this.scratch ??= mkdtemp(join(tmpdir(), 'cdk-decouple-emulator-'));
    return this.scratch;
  }
}
