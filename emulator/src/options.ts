import type { Clock } from './clock/clock';
import { SteppedClock } from './clock/manual-clock';
import { SystemClock } from './clock/system-clock';
import type { AllowRecorded } from './cloudformation';

/** Which clock an emulator runs on. */
export type ClockChoice = 'system' | 'manual' | { readonly rate: number };

/** How brokers of Amazon MQ run. */
export interface BrokerOptions {
  /**
   * Directory of the ActiveMQ to use.
   * @default - that of the environment variable `ACTIVEMQ_HOME`, else the one of `engines install activemq`, else one of the system
   */
  readonly activeMqHome?: string;
  /**
   * How soon the standby of a pair takes over: `fast` about a second after the active broker was lost (0.8 to 1.0 seconds on two cores), `realistic` 5 to 15.
   * @default 'fast'
   */
  readonly failover?: 'fast' | 'realistic';
  /**
   * Directory of the RabbitMQ to use: the one above its `sbin`.
   * @default - that of the environment variable `RABBITMQ_HOME`, else the one of the system
   */
  readonly rabbitMqHome?: string;
}

/** Options of {@link Emulator.start}. */
export interface EmulatorOptions {
  /**
   * `system` runs in real time; `manual` moves only when told; `{ rate: 60 }` runs 60 times as fast as real time.
   * @default 'system'
   */
  readonly clock?: ClockChoice;
  /**
   * Seed of all randomness: names, ids, faults.
   * @default 1
   */
  readonly seed?: number;
  /**
   * Region of clients and of stacks that name none.
   * @default 'us-east-1'
   */
  readonly region?: string;
  /**
   * Port to listen on; 0 takes a free one. Listening begins when the first process, function or `endpoint()` needs it.
   * @default 0
   */
  readonly port?: number;
  /**
   * Address to listen on. Anything but loopback lets others run code on this machine.
   * @default '127.0.0.1'
   */
  readonly host?: string;
  /**
   * Whether the open port keeps the process alive.
   * @default - true, but under jest and vitest, where a failed test that never came to its `stop()` would hang the run
   */
  readonly keepAlive?: boolean;
  /**
   * How many hops of messages the journal holds; 0 keeps none.
   * @default 100000
   */
  readonly journalSize?: number;
  /**
   * Whether each database has a PostgreSQL server of its own, which may be stopped and exhausted, or takes a
   * place on the server that `cdk-decouple-emulator/jest-global-setup` started, which is quicker.
   * @default 'own'
   */
  readonly databases?: 'own' | 'shared';
  /** How brokers of Amazon MQ run. @default - the first ActiveMQ that is found, with a quick failover */
  readonly brokers?: BrokerOptions;
  /**
   * A directory in which brokers keep their messages and file systems their files, to be found again by an emulator that is started later and makes
   * brokers of the same names, and file systems of the same creation tokens.
   * @default - one that is removed when the emulator stops
   */
  readonly storageDirectory?: string;
  /**
   * Where delivery streams of Firehose send what is for other machines, to which nothing is ever sent: addresses (a host, the beginning of a
   * URL, the ARN of an OpenSearch domain, or `*` for the rest) and the URLs of one's own servers on this machine that take their place, such as
   * `{ 'intake.example.com': 'http://127.0.0.1:8080', '*': 'capture' }`. What is captured is in `aws.firehose`.
   * @default - a delivery stream to another machine is refused
   */
  readonly firehoseEndpoints?: Readonly<Record<string, string>>;
  /**
   * Whether timers and dates inside functions follow the manual clock.
   * @default 'emulated'
   */
  readonly functionTime?: 'emulated' | 'real';
  /**
   * What counts as encrypted where a policy asks for `aws:SecureTransport`: `loopback` counts every call, since
   * nobody can listen in; `tls` only those over TLS, as on AWS. Calls of clients without a socket are not.
   * @default 'loopback'
   */
  readonly secureTransport?: 'loopback' | 'tls';
  /**
   * Whether what functions print also goes to the terminal.
   * @default false
   */
  readonly printFunctionLogs?: boolean;
  /**
   * Resource types that are recorded although the emulator knows no more of them than their published schema: all,
   * or those of these names, in which `*` stands for anything, such as `AWS::DynamoDB::*`. They are validated, have
   * made-up identifiers and attributes, and do nothing. Types that nothing is published about, and properties that
   * an emulated type lacks, stay refused.
   * @default false
   */
  readonly allowRecorded?: AllowRecorded;
  /**
   * Whether each deployment prints what it records only because of `allowRecorded`.
   * @default false
   */
  readonly printAllowed?: boolean;
  /**
   * Real milliseconds without progress after which the manual clock gives up and names what it waits for.
   * @default 10000
   */
  readonly watchdog?: number;
}

/**
 * Refuses values that only a caller without types can give: a misspelt clock would be the system's.
 *
 * @throws RangeError naming the option, the value and what it may be.
 */
export function checkOptions(options: EmulatorOptions): void {
  const { allowRecorded = false, clock, databases, functionTime, secureTransport } = options;
  if (typeof allowRecorded !== 'boolean') for (const one of allowRecorded) checkPattern(one);
  if (typeof clock !== 'object') oneOf('clock', clock, ['system', 'manual']);
  oneOf('brokers.failover', options.brokers?.failover, ['fast', 'realistic']);
  oneOf('databases', databases, ['own', 'shared']);
  oneOf('functionTime', functionTime, ['emulated', 'real']);
  oneOf('secureTransport', secureTransport, ['loopback', 'tls']);
}

function oneOf(option: string, value: unknown, values: readonly string[]): void {
  if (value === undefined || values.some((one) => one === value)) return;
  throw new RangeError(`${option} must be one of ${values.join(', ')}, got ${String(value)}`);
}

function checkPattern(pattern: string): void {
  if (/^(\*|[A-Za-z0-9*]+::[A-Za-z0-9:*]+)$/.test(pattern)) return;
  throw new RangeError(
    `allowRecorded takes names of resource types such as AWS::DynamoDB::*, got ${pattern}`,
  );
}

/** Makes the clock that the options ask for. */
export function createClock(options: EmulatorOptions): Clock {
  const choice = options.clock ?? 'system';
  if (choice === 'manual') return new SteppedClock({ watchdog: options.watchdog });
  return new SystemClock({ rate: choice === 'system' ? 1 : choice.rate });
}

/**
 * Reads a clock as the command line names it: `system`, `manual`, or `x60` for 60 times real time.
 *
 * @returns undefined if it is none of these.
 */
export function parseClock(text: string): ClockChoice | undefined {
  if (text === 'system' || text === 'manual') return text;
  const rate = /^x(\d+(?:\.\d+)?)$/.exec(text)?.[1];
  return rate === undefined || Number(rate) <= 0 ? undefined : { rate: Number(rate) };
}
