import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClientConstructor, type ClientOptions, clientConfiguration } from './client';
import { RemoteActors } from './clock/call-gate';
import type { Clock, ManualClock } from './clock/clock';
import { Dispatcher } from './gateway/dispatcher';
import { defaultAccount, Identities } from './iam/identities';
import { createJournal, type Journal } from './journal/journal';
import { createClock, type EmulatorOptions } from './options';
import { randomSource } from './random/random';
import { createIam } from './services/iam';
import { createKms } from './services/kms';
import type { Service, ServiceEnvironment } from './services/service';
import { createSsm } from './services/ssm';
import { createSts } from './services/sts';

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
    return new Emulator(createClock(options), options);
  }

  /** Where every hop of every message is recorded. */
  readonly journal: Journal;
  readonly region: string;
  private readonly services: readonly Service[];
  private readonly dispatcher: Dispatcher;
  private scratch: Promise<string> | undefined;

  private constructor(
    readonly clock: C,
    options: EmulatorOptions,
  ) {
    this.region = options.region ?? 'us-east-1';
    const random = randomSource(options.seed ?? 1);
    this.journal = createJournal(options.journalSize ?? 100_000, () => clock.now());
    const identities = new Identities(clock, random);
    const env: ServiceEnvironment = {
      clock,
      random,
      journal: this.journal,
      identities,
      // Policies are stored and every call asks; they are evaluated from a later version on.
      authorize: () => undefined,
      endpoint: () => this.endpoint(),
      scratchDirectory: () => this.scratchDirectory(),
    };
    const iam = createIam(env);
    const kms = createKms(env);
    this.services = [createSts(env, iam), iam, kms, createSsm(env, kms)];
    this.dispatcher = new Dispatcher({
      services: this.services,
      clock,
      random,
      identities,
      authorize: env.authorize,
    });
    this.remoteActors = new RemoteActors(clock.actors);
  }

  private readonly remoteActors: RemoteActors;

  /** URL under which the emulator answers, such as `http://127.0.0.1:4566`; begins to listen when first asked. */
  async endpoint(): Promise<string> {
    throw new Error('no gateway yet');
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

  /** Whatever exists in any service, one line each: empty once everything has been destroyed. */
  leaks(): string[] {
    return this.services.flatMap((service) => service.leaks());
  }

  /** Stops everything that runs and removes all files; what was stored is gone. */
  async stop(): Promise<void> {
    await Promise.all(this.services.map((service) => service.stop()));
    this.clock.stop();
    if (this.scratch) await rm(await this.scratch, { recursive: true, force: true });
  }

  private scratchDirectory(): Promise<string> {
    this.scratch ??= mkdtemp(join(tmpdir(), 'cdk-decouple-emulator-'));
    return this.scratch;
  }
}
