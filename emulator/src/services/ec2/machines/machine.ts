import { cp, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Clock, Timer } from '../../../clock/clock';
import { findFreePort } from '../../../engines/processes/free-port';
import { SupervisedProcess } from '../../../engines/processes/supervised-process';
import type { Caller } from '../../../iam/caller';
import type { Mount } from '../../../user-code/mounts/mounted-paths';
import type { Ec2Region } from '../ec2-region';
import type { Instance } from '../instances/instance';
import type { ConsoleOutput } from './console-output';
import type { InstanceCredentials } from './instance-credentials';
import { type InstanceLogs, LogAgent } from './log-agent';
import { machineEnvironment } from './machine-environment';
import { MetadataService } from './metadata-service';
import type { WorkerDescriptor } from './worker-descriptor';

/** Emulated milliseconds between the end of a program and its next start: `RestartSec=5`. */
const restartDelay = 5_000;

/** What the machines of instances need of others. */
export interface MachineSurroundings {
  /**
   * The directory with the contents of a zip file in S3; it is only read.
   *
   * @param caller - who must be allowed to read it
   * @throws ServiceError as GetObject does
   */
  readonly program: (bucket: string, key: string, caller: Caller) => Promise<string>;
  /** Seconds; undefined for what is no URL of a queue. */
  readonly visibilityTimeout: (queueUrl: string) => number | undefined;
  /** PEM file of the local certificate authority. */
  readonly caFile: () => Promise<string>;
  readonly logs: InstanceLogs;
  /**
   * Mounts the directory of an access point of EFS.
   *
   * @param caller - on whose rights it is mounted
   * @throws Error in the words of the mount helper
   */
  readonly mount: (
    accessPointArn: string,
    instance: Pick<Instance, 'availabilityZone' | 'vpcId'>,
    caller: Caller,
  ) => Promise<Omit<Mount, 'path'>>;
}

/** What a machine runs in. */
export interface MachineHost extends MachineSurroundings {
  readonly clock: Clock;
  endpoint(): Promise<string>;
  scratchDirectory(): Promise<string>;
  /** The machine switches itself off. */
  powerOff(instance: Instance): void;
}

/**
 * The machine behind an instance with a worker descriptor: it fetches the program, runs it as a process of its own,
 * and starts it again whenever it ends, as systemd does for the boot script (`Restart=always`).
 */
export class Machine {
  /** On 127.0.0.1, where the program may listen: `PORT` in its environment. Undefined until it has been set up. */
  private port: number | undefined;
  private readonly metadata: MetadataService;
  private readonly agent: LogAgent | undefined;
  private process: SupervisedProcess | undefined;
  private directory: string | undefined;
  private life:
    | { over: boolean; readonly end: () => void; readonly ended: Promise<void> }
    | undefined;
  /** Lives one after the other. */
  private last: Promise<void> = Promise.resolve();
  private frozen = false;

  constructor(
    readonly instance: Instance,
    private readonly descriptor: WorkerDescriptor,
    region: Ec2Region,
    private readonly credentials: InstanceCredentials,
    readonly console: ConsoleOutput,
    private readonly host: MachineHost,
  ) {
    this.metadata = new MetadataService(region, instance, credentials);
    const { logGroup } = descriptor;
    this.agent =
      logGroup === undefined
        ? undefined
        : new LogAgent(instance, logGroup, {
            ...host,
            console,
            caller: () => credentials.caller(),
          });
  }

  /**
   * Where a port of the instance is on 127.0.0.1. Its program has one: the one that the descriptor says in `PORT`, or
   * any, if it says none.
   */
  localPort(port: number): number | undefined {
    const { PORT: stated = String(port) } = this.descriptor.env;
    return stated === String(port) && this.process ? this.port : undefined;
  }

  /** Whether it has been switched on, and the power is not off. */
  get isOn(): boolean {
    return this.life !== undefined && !this.life.over;
  }

  /** Switches it on. */
  boot(): void {
    this.frozen = false;
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const life = { over: false, ended, end };
    this.life = life;
    this.last = this.last.then(() => this.live(life)).catch((error: unknown) => this.fail(error));
  }

  /** Ends what runs on it in the middle of whatever it does: a loss of power. Resolves when that has ended. */
  async cutPower(): Promise<void> {
    this.endLife();
    this.process?.signalGroup('SIGKILL');
    await this.last;
    this.agent?.drop();
  }

  /** Has the program end: SIGTERM, and SIGKILL when its time is over. Resolves when it has. */
  async shutDown(): Promise<void> {
    this.endLife();
    const { process } = this;
    process?.signal('SIGTERM');
    let limit: Timer | undefined;
    const timeIsOver = new Promise<void>((resolve) => {
      limit = this.host.clock.after(
        this.descriptor.stopSeconds * 1000,
        `the time that ${this.instance.id} has to shut down`,
        () => {
          process?.signalGroup('SIGKILL');
          resolve();
        },
      );
    });
    await this.last;
    // What it printed last may still have to be read; what it has started may hold on to its output for ever.
    await Promise.race([process?.closed, timeIsOver]);
    limit?.cancel();
    this.agent?.flush();
  }

  freeze(): void {
    this.frozen = true;
    this.process?.signalGroup('SIGSTOP');
  }

  thaw(): void {
    this.frozen = false;
    this.process?.signalGroup('SIGCONT');
  }

  /** Removes what an instance leaves behind that will never run again. */
  async remove(): Promise<void> {
    await this.metadata.close();
    this.credentials.close();
    if (this.directory) await rm(this.directory, { recursive: true, force: true });
  }

  private endLife(): void {
    if (!this.life) return;
    this.life.over = true;
    this.life.end();
  }

  /** From the boot until the power is off. */
  private async live(life: NonNullable<Machine['life']>): Promise<void> {
    try {
      const env = await this.setUp();
      while (!life.over) {
        await this.runProgram(env);
        if (!life.over) await this.pause(life.ended);
      }
    } finally {
      await this.metadata.close();
    }
  }

  /** The disk outlives a reboot: what has been fetched is there already. */
  private async setUp(): Promise<() => NodeJS.ProcessEnv> {
    const { descriptor, host, instance } = this;
    this.refuseShortTimeouts();
    if (!this.directory) {
      const { bucket, key } = descriptor.asset;
      this.console.say(`cloud-init: fetching s3://${bucket}/${key}`);
      const contents = await host.program(bucket, key, this.credentials.caller());
      const directory = path.join(await host.scratchDirectory(), 'ec2', instance.id);
      await mkdir(path.join(directory, 'tmp'), { recursive: true });
      await cp(contents, path.join(directory, 'program'), { recursive: true });
      this.directory = directory;
      this.port = await findFreePort('127.0.0.1');
    }
    const place = {
      endpoint: await host.endpoint(),
      metadata: await this.metadata.listen(),
      certificateAuthorityFile: await host.caFile(),
      directory: path.join(this.directory, 'program'),
      temporary: path.join(this.directory, 'tmp'),
      port: this.port ?? 0,
      mounts: await this.mounts(),
    };
    return () => machineEnvironment(instance, descriptor, place, host.clock);
  }

  private async mounts(): Promise<Mount[]> {
    const { fileSystem } = this.descriptor;
    if (!fileSystem) return [];
    const { accessPoint, path } = fileSystem;
    this.console.say(`cloud-init: mounting ${accessPoint} at ${path}`);
    const caller = this.credentials.caller();
    return [{ path, ...(await this.host.mount(accessPoint, this.instance, caller)) }];
  }

  private async runProgram(environment: () => NodeJS.ProcessEnv): Promise<void> {
    const [program = '', ...args] = this.descriptor.command;
    const process = await SupervisedProcess.start(program, args, {
      cwd: path.join(this.directory ?? '', 'program'),
      environment: environment(),
      onOutput: (text) => {
        this.console.write(text);
        this.agent?.write(text);
      },
    });
    this.process = process;
    if (this.life?.over) process.signal('SIGTERM');
    if (this.frozen) process.signalGroup('SIGSTOP');
    await process.ended;
    this.process = undefined;
    process.signalGroup('SIGKILL');
    this.console.say(
      `systemd: worker.service: Main process exited, ${exitReason(process.outcome)}`,
    );
  }

  /** `RestartSec`, or less if the power goes. */
  private async pause(over: Promise<void>): Promise<void> {
    let timer: Timer | undefined;
    await new Promise<void>((resolve) => {
      timer = this.host.clock.after(restartDelay, `restart on ${this.instance.id}`, resolve);
      void over.then(resolve);
    });
    timer?.cancel();
  }

  /**
   * A process needs real time, in which a short visibility timeout has passed many times over: a third of a second
   * must be left, 20 emulated seconds on a clock 60 times as fast.
   */
  private refuseShortTimeouts(): void {
    const { clock, visibilityTimeout } = this.host;
    if (clock.kind !== 'accelerated') return;
    const least = clock.rate / 3;
    for (const [name, value] of Object.entries(this.descriptor.env)) {
      const seconds = visibilityTimeout(value);
      if (seconds !== undefined && seconds < least)
        throw new Error(
          `The queue in ${name} has a visibility timeout of ${seconds} s, too short for a process on a clock ${clock.rate} times as fast as real time: at least ${Math.ceil(least)} s are needed`,
        );
    }
  }

  /** The boot script switches an instance off that it could not set up: it would count as capacity. */
  private fail(error: unknown): void {
    if (this.life?.over) return;
    this.console.say(`cloud-init: ${error instanceof Error ? error.message : String(error)}`);
    this.console.say('cloud-init: the instance switches itself off');
    this.host.powerOff(this.instance);
  }
}

function exitReason(outcome: number | NodeJS.Signals | undefined): string {
  return typeof outcome === 'number'
    ? `code=exited, status=${outcome}`
    : `code=killed, signal=${outcome}`;
}
