import type { Clock } from '../clock/clock';
import type { Caller } from '../iam/caller';
import {
  type ConsumeOptions,
  Consumer,
  errorsKept,
  type MessageHandler,
  type Progress,
} from './consumer';
import { Run, Thread } from './run';
import { type WorkerContext, type WorkerHost, workerContext } from './worker-context';
import type { WorkerGroup, WorkerMachines, WorkerMember, WorkerQueues } from './worker-ports';

/** What workers need of the emulator. */
export interface WorkerSurroundings {
  readonly clock: Clock;
  readonly queues: WorkerQueues;
  readonly machines: WorkerMachines;
  /** A session of an instance's role. */
  readonly callerOf: (roleArn: string, instanceId: string) => Caller;
}

/** A program for each instance of a group. When it returns before its instance is to leave, it is done. */
export type WorkerProgram = (context: WorkerContext) => Promise<unknown>;

/** A program that throws is started again after so many milliseconds, as systemd would. */
const restartDelay = 5_000;

/** The programs on the instances of a group. */
export interface Workers {
  /** Messages that were handled and deleted, where `consume` has handled them. */
  readonly processed: number;
  /** Messages whose handler has thrown, and programs that have. */
  readonly failed: number;
  /** What they have thrown, the first hundred. */
  readonly errors: readonly unknown[];
  /** Ids of the instances on which the program runs now. */
  readonly instanceIds: readonly string[];
  /** Ends the programs in the middle of whatever they do, and starts no more. */
  stop(): void;
}

/** Runs a program on every instance of a group, from when it comes into service until it goes. */
export class GroupWorkers implements Workers {
  readonly progress: Progress = { processed: 0, failed: 0, errors: [] };
  private readonly runs = new Map<string, Run>();
  private readonly endings: (() => void)[];

  constructor(
    private readonly group: WorkerGroup,
    private readonly surroundings: WorkerSurroundings,
    private readonly program: (
      host: WorkerHost,
      context: WorkerContext,
      thread: Thread,
      progress: Progress,
    ) => Promise<unknown>,
  ) {
    this.endings = [
      group.onChange(() => this.noting(() => this.look())),
      surroundings.machines.onChange((instanceId) =>
        this.noting(() => this.machineChanged(instanceId)),
      ),
    ];
    this.look();
  }

  /** A program that runs as its author wrote it. */
  static running(group: WorkerGroup, surroundings: WorkerSurroundings, program: WorkerProgram) {
    return new GroupWorkers(group, surroundings, (_host, context) => program(context));
  }

  /** A program that works off a queue. */
  static consuming(
    group: WorkerGroup,
    surroundings: WorkerSurroundings,
    handler: MessageHandler,
    options: ConsumeOptions,
  ) {
    return new GroupWorkers(group, surroundings, (host, context, thread, progress) =>
      new Consumer(host, handler, options, progress).work(context, thread),
    );
  }

  get processed(): number {
    return this.progress.processed;
  }

  get failed(): number {
    return this.progress.failed;
  }

  get errors(): readonly unknown[] {
    return this.progress.errors;
  }

  get instanceIds(): readonly string[] {
    return [...this.runs.keys()];
  }

  stop(): void {
    for (const end of this.endings.splice(0)) end();
    for (const instanceId of [...this.runs.keys()]) this.drop(instanceId);
  }

  /** What fails later than at the beginning is noted, as there is nobody to be told. */
  private noting(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.note(error);
    }
  }

  private note(error: unknown): void {
    this.progress.failed += 1;
    if (this.progress.errors.length < errorsKept) this.progress.errors.push(error);
  }

  private look(): void {
    const members = new Map(this.group.members().map((member) => [member.instanceId, member]));
    for (const instanceId of [...this.runs.keys()])
      if (!members.has(instanceId)) this.drop(instanceId);
    for (const member of members.values()) {
      if (member.phase === 'leaving') this.runs.get(member.instanceId)?.terminate();
      else if (member.phase === 'in service') this.start(member);
    }
  }

  private machineChanged(instanceId: string): void {
    const run = this.runs.get(instanceId);
    const state = this.surroundings.machines.state(instanceId, this.group.place);
    if (state === 'down') this.drop(instanceId);
    else if (state === 'frozen') run?.freeze();
    else if (run) run.thaw();
    // One that has booted again.
    else this.look();
  }

  private drop(instanceId: string): void {
    const run = this.runs.get(instanceId);
    this.runs.delete(instanceId);
    run?.drop();
  }

  private start(member: WorkerMember): void {
    const { instanceId } = member;
    const { callerOf, clock, machines, queues } = this.surroundings;
    const { place } = this.group;
    if (this.runs.has(instanceId) || machines.state(instanceId, place) === 'down') return;
    const roleArn = machines.roleArn(instanceId, place);
    if (roleArn === undefined)
      throw new Error(
        `Instance ${instanceId} of ${this.group.name} has no instance profile with a role: its programs could call nothing`,
      );
    const run = new Run(clock, `program on ${instanceId}`);
    this.runs.set(instanceId, run);
    const host: WorkerHost = {
      run,
      group: this.group,
      member,
      caller: callerOf(roleArn, instanceId),
      queues,
    };
    void this.keepRunning(host);
  }

  private async keepRunning(host: WorkerHost): Promise<void> {
    const { run } = host;
    const thread = new Thread(run);
    const context = workerContext(host, thread);
    try {
      await this.program(host, context, thread, this.progress);
      // One that returns early waits to be told.
      if (!run.terminating.aborted)
        await thread.wait<void>((resume) => {
          run.terminating.addEventListener('abort', () => resume(), { once: true });
        });
      this.group.finish(host.member.instanceId, host.caller);
    } catch (error) {
      this.note(error);
      await context.clock.sleep(restartDelay);
      if (!run.terminating.aborted) void this.keepRunning(host);
    } finally {
      thread.end();
    }
  }
}
