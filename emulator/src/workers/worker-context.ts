import { milliseconds, type TimeSpan } from '../clock/clock';
import type { Caller } from '../iam/caller';
import type { Run, Thread } from './run';
import type { WorkerGroup, WorkerMember, WorkerMessage, WorkerQueues } from './worker-ports';

/** The clock as a worker sees it. */
export interface WorkerClock {
  /** Emulated time in milliseconds since the epoch. */
  now(): number;
  /** Waits for so long, in emulated time. */
  sleep(span: TimeSpan): Promise<void>;
}

/** What {@link WorkerContext.receive} can be told. */
export interface ReceiveOptions {
  /** 1 to 10. @default 10 */
  readonly maxMessages?: number;
  /** How long to wait for the first message; up to 20 seconds on AWS. @default 20 seconds */
  readonly wait?: TimeSpan;
  /** @default - the queue's */
  readonly visibilityTimeout?: TimeSpan;
}

/**
 * What a program on an instance works with. Everything that it asks for is asked as the role of its instance, whose
 * rights are evaluated. On a machine that has gone down nothing of it ever returns.
 */
export interface WorkerContext {
  readonly instanceId: string;
  /** Availability zone. */
  readonly zone: string;
  readonly clock: WorkerClock;
  /** Aborted when the instance is to be terminated and a lifecycle hook gives it time: finish, and return. */
  readonly terminating: AbortSignal;
  /** Sends a message. @returns its id @throws ServiceError as SendMessage does */
  send(queueUrl: string, body: string): Promise<string | undefined>;
  /**
   * Receives messages; none if there are none in time, or as soon as the instance is to leave.
   *
   * @throws ServiceError as ReceiveMessage does
   */
  receive(queueUrl: string, options?: ReceiveOptions): Promise<WorkerMessage[]>;
  /** @throws ServiceError as DeleteMessage does */
  delete(message: WorkerMessage): Promise<void>;
  /** Hides a message for another while, from now. @throws ServiceError as ChangeMessageVisibility does */
  extendVisibility(message: WorkerMessage, span: TimeSpan): Promise<void>;
  /** Keeps the group from choosing this instance when it scales in. @throws ServiceError as SetInstanceProtection does */
  protect(): Promise<void>;
  /** Lets the group choose this instance again. @throws ServiceError as SetInstanceProtection does */
  unprotect(): Promise<void>;
}

/** What the programs on an instance have in common. */
export interface WorkerHost {
  readonly run: Run;
  readonly group: WorkerGroup;
  readonly member: WorkerMember;
  readonly caller: Caller;
  readonly queues: WorkerQueues;
}

const longestPoll = 20_000;

/** The context of one thread of a program. */
export function workerContext(host: WorkerHost, thread: Thread): WorkerContext {
  const { caller, group, member, queues, run } = host;
  const { clock } = run;
  /** Does something now, or once the machine goes on: never, if it is down. */
  const call = <T>(act: () => T): Promise<T> => (run.stands ? later(act) : attempt(act));
  const later = async <T>(act: () => T): Promise<T> => {
    await thread.wait<void>((resume) => resume());
    return act();
  };
  const receive = (queueUrl: string, options: ReceiveOptions) => {
    const { maxMessages = 10, visibilityTimeout, wait = longestPoll } = options;
    return queues.receive(
      {
        queueUrl,
        region: group.place.region,
        maxMessages,
        wait: milliseconds(wait),
        ...(visibilityTimeout !== undefined && {
          visibilityTimeout: milliseconds(visibilityTimeout),
        }),
      },
      caller,
      { signal: run.ending, park: (start) => thread.wait(start) },
    );
  };
  return {
    instanceId: member.instanceId,
    zone: member.zone,
    clock: {
      now: () => clock.now(),
      sleep: (span) =>
        thread.wait((resume) => void clock.after(milliseconds(span), run.label, () => resume())),
    },
    terminating: run.terminating,
    send: (queueUrl, body) => call(() => queues.send(queueUrl, group.place.region, body, caller)),
    receive: (queueUrl, options = {}) =>
      run.stands
        ? later(() => undefined).then(() => receive(queueUrl, options))
        : receive(queueUrl, options),
    delete: (message) => call(() => queues.delete(message, caller)),
    extendVisibility: (message, span) =>
      call(() => queues.changeVisibility(message, milliseconds(span), caller)),
    protect: () => call(() => group.protect(member.instanceId, true, caller)),
    unprotect: () => call(() => group.protect(member.instanceId, false, caller)),
  };
}

/** What throws at once is a rejection like any other. */
function attempt<T>(act: () => T): Promise<T> {
  try {
    return Promise.resolve(act());
  } catch (error) {
    return Promise.reject(error);
  }
}
