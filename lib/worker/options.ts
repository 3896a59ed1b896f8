/** Where a worker says what happens. */
export interface WorkerLogger {
  info(message: string, details?: Readonly<Record<string, unknown>>): void;
  warn(message: string, details?: Readonly<Record<string, unknown>>): void;
  error(message: string, details?: Readonly<Record<string, unknown>>): void;
}

/**
 * What `runWorker` can be told. Everything has a default on the instances of a `QueueWorkers`.
 *
 * The AWS region, the credentials and an endpoint other than AWS's are taken from where the SDK takes them: the environment first.
 */
export interface WorkerOptions {
  /**
   * The queue to work off.
   *
   * @default - the environment variable QUEUE_URL
   */
  readonly queueUrl?: string;

  /**
   * Messages that are worked on at a time; 1 to 100.
   *
   * @default 10
   */
  readonly concurrency?: number;

  /**
   * Messages that are received at a time; 1 to 10.
   *
   * The next ones are received when all of a batch are done. Where some take much longer than others, 1 keeps every place busy, for a
   * request each.
   *
   * @default 10
   */
  readonly batchSize?: number;

  /**
   * Seconds that a message stays hidden while it is worked on; 3 to 43,200. It is prolonged every third of it until the message is done.
   *
   * After a crash the message comes back within that time.
   *
   * @default - the visibility timeout of the queue
   */
  readonly visibilityTimeout?: number;

  /**
   * Seconds after which a failed message is delivered again; 0 to 43,200. Each delivery counts towards the dead-letter queue.
   *
   * @default - what is left of the visibility timeout, which does not hurry a dependency that is down
   */
  readonly retryAfter?: number;

  /**
   * Seconds that a request waits for a message; 1 to 20.
   *
   * @default 20
   */
  readonly waitTime?: number;

  /**
   * Name of the hook that holds the termination of this instance back until its worker has finished: the worker then follows the
   * lifecycle of its instance, and protects it from scale-in while it is busy.
   *
   * The role needs autoscaling:CompleteLifecycleAction, RecordLifecycleActionHeartbeat, SetInstanceProtection and
   * DescribeAutoScalingInstances.
   *
   * @default - the environment variable LIFECYCLE_HOOK_NAME; without it, as in a container or on a server of one's own, Auto Scaling is
   * not called
   */
  readonly lifecycleHookName?: string;

  /**
   * Another way to make the worker finish and leave, besides SIGTERM and SIGINT.
   *
   * @default - none
   */
  readonly signal?: AbortSignal;

  /**
   * Where the worker says what happens.
   *
   * @default - a line of JSON each on the standard output
   */
  readonly logger?: WorkerLogger;
}

/** The options with their defaults, but for what only the queue knows. */
export interface WorkerSettings {
  readonly queueUrl: string;
  readonly concurrency: number;
  readonly batchSize: number;
  readonly visibilityTimeout: number | undefined;
  readonly retryAfter: number | undefined;
  readonly waitTime: number;
  readonly lifecycleHookName: string | undefined;
}

const LONGEST_VISIBILITY = 43_200;

/**
 * Checks the options and fills in the defaults. Throws one error with all that is wrong.
 */
export function settingsOf(
  options: WorkerOptions,
  environment: Readonly<Record<string, string | undefined>>,
): WorkerSettings {
  const settings = {
    queueUrl: options.queueUrl ?? environment.QUEUE_URL ?? '',
    concurrency: options.concurrency ?? 10,
    batchSize: options.batchSize ?? 10,
    visibilityTimeout: options.visibilityTimeout,
    retryAfter: options.retryAfter,
    waitTime: options.waitTime ?? 20,
    lifecycleHookName: options.lifecycleHookName ?? environment.LIFECYCLE_HOOK_NAME,
  };
  const failures = [
    ...(settings.queueUrl === ''
      ? ['queueUrl must be given, or the environment variable QUEUE_URL']
      : []),
    ...outside('concurrency', settings.concurrency, 1, 100),
    ...outside('batchSize', settings.batchSize, 1, 10),
    ...outside('visibilityTimeout', settings.visibilityTimeout, 3, LONGEST_VISIBILITY),
    ...outside('retryAfter', settings.retryAfter, 0, LONGEST_VISIBILITY),
    ...outside('waitTime', settings.waitTime, 1, 20),
  ];
  if (failures.length > 0) {
    throw new Error(`The worker cannot run: ${failures.join('; ')}`);
  }
  return settings;
}

function outside(name: string, value: number | undefined, min: number, max: number): string[] {
  return value === undefined || (Number.isInteger(value) && value >= min && value <= max)
    ? []
    : [`${name} must be a whole number between ${min} and ${max}, got ${value}`];
}
