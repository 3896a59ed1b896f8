import type { Clock, Timer } from '../../../../clock/clock';
import { waitAtMost } from '../../../../engines/processes/deadline';
import type { Caller } from '../../../../iam/caller';
import { ServiceError } from '../../../../protocol/errors';
import type { BrokerSource, SecretSource } from '../../broker-source';
import { consumeActiveMq } from './activemq-consumer';
import { type BrokerSettings, secretOf, virtualHostOf } from './broker-settings';
import { type BrokerConsumer, type BrokerMessage, ConsumerProblem } from './consumer';
import { consumeRabbitMq } from './rabbitmq-consumer';

/** Milliseconds before a broker that turned Lambda away is tried again; doubled each time in a row. */
const firstBackoff = 1000;
const longestBackoff = 60_000;

/** Real milliseconds that a broker may take to say what it has, and to take back what it had: one that is frozen never does. */
const answerLimit = 5000;

/** What a connection is made with. */
export interface ConnectionOptions extends BrokerSettings {
  /** Name of the consumer. */
  readonly id: string;
  readonly sourceArn: string;
  readonly prefetch: number;
  readonly clock: Clock;
  readonly brokers: BrokerSource;
  readonly secrets: SecretSource;
  /** PEM file's text of the authority behind the brokers' certificates. */
  certificateAuthority(): Promise<string | undefined>;
  /** Who reads the secret; undefined while the function does not exist. */
  caller(): Caller | undefined;
  readonly onMessage: (message: BrokerMessage) => void;
  readonly onConnected: () => void;
  /** What was delivered and not acknowledged is the broker's again. */
  readonly onLost: () => void;
  /** Told why it is not connected. @param code - why it has given up; undefined if it goes on trying */
  readonly onProblem: (message: string, code: string | undefined) => void;
}

/** Keeps a consumer connected to whichever member of a broker serves, until it is turned away for good. */
export class BrokerConnection {
  /** Undefined while it is not connected. */
  consumer: BrokerConsumer | undefined;
  private connecting: Promise<void> | undefined;
  private timer: Timer | undefined;
  private backoff = firstBackoff;
  private active = true;
  private readonly endings: readonly (() => void)[];

  constructor(private readonly options: ConnectionOptions) {
    const { brokers, clock, sourceArn } = options;
    this.endings = [
      brokers.onChange(sourceArn, () => this.connect()),
      clock.beforeMoving(() => this.look()),
    ];
    this.connect();
  }

  /** Tries to connect unless it is connected, or there is nothing to connect to. */
  connect(): void {
    const { brokers, clock, sourceArn } = this.options;
    const endpoint = brokers.endpoint(sourceArn);
    if (!this.active || this.consumer || this.connecting || endpoint === undefined) return;
    this.timer?.cancel();
    this.timer = undefined;
    this.connecting = clock
      .work(`connection to ${sourceArn}`, () => this.open(endpoint))
      .catch((error: unknown) => this.refused(error))
      .finally(() => {
        this.connecting = undefined;
      });
  }

  /** Takes no more messages, and is not connected again. What was delivered can still be acknowledged until {@link close}. */
  end(): void {
    this.active = false;
    for (const end of this.endings) end();
    this.timer?.cancel();
  }

  /** Gives the broker back what was not acknowledged. */
  close(): void {
    const { clock, sourceArn } = this.options;
    const { consumer } = this;
    if (!consumer) return;
    this.consumer = undefined;
    void clock.work(`end of the connection to ${sourceArn}`, () =>
      waitAtMost(consumer.close(), answerLimit),
    );
  }

  /** Has all that the broker has to deliver come; passes over one that is frozen. */
  private look(): Promise<void> {
    const found = async () => {
      this.connect();
      await this.connecting;
      await this.consumer?.look();
    };
    return waitAtMost(found(), answerLimit);
  }

  private async open(endpoint: string): Promise<void> {
    const { brokers, clock, id, queues, secrets, sourceArn } = this.options;
    const caller = this.options.caller();
    if (!caller) return;
    const consume =
      brokers.describe(sourceArn)?.engine === 'RABBITMQ' ? consumeRabbitMq : consumeActiveMq;
    const first: BrokerMessage[] = [];
    let early: ConsumerProblem | undefined;
    const consumer = await consume({
      ...credentialsOf(secrets.text(secretOf(this.options), caller)),
      endpoint,
      queue: queues[0] ?? '',
      virtualHost: virtualHostOf(this.options),
      name: id,
      authority: await this.options.certificateAuthority(),
      prefetch: this.options.prefetch,
      onMessage: (message) => {
        if (!this.active) return;
        // A sign of life, for a manual clock that waits.
        clock.begin(`message of ${sourceArn}`)();
        if (this.consumer) this.options.onMessage(message);
        else first.push(message);
      },
      onLost: (problem = new ConsumerProblem(undefined, 'The connection was lost.')) => {
        early = problem;
        if (this.consumer) this.lost(problem);
      },
    });
    if (early) throw early;
    if (!this.active) {
      await consumer.close();
      return;
    }
    this.backoff = firstBackoff;
    this.consumer = consumer;
    this.options.onConnected();
    for (const message of first) this.options.onMessage(message);
  }

  private lost(problem: ConsumerProblem): void {
    this.consumer = undefined;
    this.options.onLost();
    this.refused(problem);
  }

  private refused(error: unknown): void {
    if (!this.active) return;
    if (!(error instanceof ConsumerProblem || error instanceof ServiceError)) throw error;
    const code = error instanceof ServiceError ? 'EVENT_SOURCE_AUTHZ_ERROR' : error.code;
    this.options.onProblem(error.message, code);
    if (code !== undefined) {
      this.end();
      return;
    }
    const { clock, id } = this.options;
    this.timer ??= clock.after(this.backoff, `reconnection of ${id}`, () => {
      this.timer = undefined;
      this.connect();
    });
    this.backoff = Math.min(longestBackoff, this.backoff * 2);
  }
}

/** @throws ConsumerProblem unless a secret is a JSON object with `username` and `password` */
function credentialsOf(secret: string): { username: string; password: string } {
  try {
    const value: unknown = JSON.parse(secret);
    if (typeof value === 'object' && value !== null && 'username' in value && 'password' in value)
      return { username: String(value.username), password: String(value.password) };
  } catch {
    // Other text is no better than another object.
  }
  throw new ConsumerProblem(
    'ESM_CONFIG_NOT_VALID',
    'The secret must be a JSON object with username and password.',
  );
}
