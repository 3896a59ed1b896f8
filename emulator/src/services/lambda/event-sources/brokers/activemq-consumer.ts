import type { Connection, Delivery, EventContext, Receiver } from 'rhea';
import { realTime } from '../../../../clock/real-time';
import {
  type BrokerConsumer,
  type BrokerMessage,
  type ConsumerOptions,
  ConsumerProblem,
} from './consumer';
import { type JmsMessage, jmsMessage, jmsRecord } from './jms-message';

/**
 * How often a message is tried again before it is given up: the default of clients of JMS, which is what Lambda uses.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-mq-errors.html
 */
const maximumRedeliveries = 6;

/** Conditions of AMQP that another try does not change. */
const unauthorized = 'amqp:unauthorized-access';

/**
 * Begins to consume a queue of ActiveMQ: over AMQP 1.0, as there is no client of OpenWire for Node.js, and with the ways of one of JMS.
 *
 * @throws ConsumerProblem
 */
export async function consumeActiveMq(options: ConsumerOptions): Promise<BrokerConsumer> {
  const { create_container } = require('rhea') as typeof import('rhea');
  const { hostname: host, port } = new URL(options.endpoint);
  const connection = create_container().connect({
    host,
    port: Number(port),
    transport: 'tls',
    ca: options.authority,
    // An address is no server name.
    servername: '',
    username: options.username,
    password: options.password,
    reconnect: false,
  });
  const receiver = connection.open_receiver({
    name: options.name,
    source: { address: options.queue },
    autoaccept: false,
    autosettle: true,
    credit_window: 0,
  });
  const consumer = new ActiveMqConsumer(connection, receiver, options);
  await opened(connection, receiver);
  consumer.begin();
  return consumer;
}

/** A message in hand. */
class Held implements BrokerMessage {
  readonly id: string;
  readonly data: Uint8Array;
  readonly size: number;

  constructor(
    readonly delivery: Delivery,
    private readonly message: JmsMessage,
    private readonly queue: string,
    /** How often it was delivered, or tried, before. */
    public tries: number,
  ) {
    this.id = message.messageId;
    this.data = message.data;
    // `false` is the longer word.
    this.size = Buffer.byteLength(jmsRecord(message, queue, false));
  }

  text(): string {
    return jmsRecord(this.message, this.queue, this.tries > 0);
  }
}

class ActiveMqConsumer implements BrokerConsumer {
  private readonly held = new Map<BrokerMessage, Held>();
  private delivered = 0;
  /** How many more messages the broker may deliver. */
  private credit = 0;
  private closed = false;
  private looking: Promise<void> | undefined;
  /** Ends the drain that is going on. */
  private drained: (() => void) | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly receiver: Receiver,
    private readonly options: ConsumerOptions,
  ) {
    receiver.on('message', (context) => this.receive(context));
    receiver.on('receiver_drained', () => {
      this.credit = 0;
      this.drained?.();
    });
    receiver.on('receiver_close', () => this.lost(problemOf(receiver.error)));
    connection.on('disconnected', () => this.lost(undefined));
    connection.on('connection_close', () => this.lost(undefined));
  }

  begin(): void {
    this.replenish();
  }

  accept(messages: readonly BrokerMessage[]): void {
    for (const held of this.release(messages)) held.delivery.accept();
    this.replenish();
  }

  /** A client of JMS keeps what it rolls back and tries it again, until it has been tried too often: then it is a dead letter. */
  fail(messages: readonly BrokerMessage[]): readonly BrokerMessage[] {
    if (this.closed) return [];
    const kept: Held[] = [];
    for (const message of messages) {
      const held = this.held.get(message);
      if (!held) continue;
      held.tries++;
      if (held.tries <= maximumRedeliveries) {
        kept.push(held);
        continue;
      }
      this.held.delete(message);
      held.delivery.modified({ delivery_failed: true, undeliverable_here: true });
    }
    this.replenish();
    return kept;
  }

  look(): Promise<void> {
    this.looking ??= this.drain().finally(() => {
      this.looking = undefined;
    });
    return this.looking;
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.drained?.();
    const ended = new Promise<void>((resolve) => {
      this.connection.once('connection_close', () => resolve());
      this.connection.once('disconnected', () => resolve());
    });
    this.connection.close();
    await ended;
  }

  /** Has the broker use up the credit: it delivers all that it has, and gives back the rest. */
  private async drain(): Promise<void> {
    if (this.closed || this.credit === 0) return;
    await new Promise<void>((resolve) => {
      this.drained = resolve;
      this.receiver.drain_credit();
    });
    this.drained = undefined;
    this.receiver.drain = false;
    this.replenish();
  }

  private receive({ delivery, message }: EventContext): void {
    if (this.closed || !delivery || !message) return;
    this.delivered++;
    this.credit--;
    const fallbackId = `ID:${this.options.name}-${this.delivered}`;
    const read = jmsMessage(message, realTime.now(), fallbackId);
    if (read) {
      const held = new Held(delivery, read, this.options.queue, message.delivery_count ?? 0);
      this.held.set(held, held);
      this.options.onMessage(held);
    } else {
      // Lambda takes texts and bytes only.
      delivery.modified({ delivery_failed: true, undeliverable_here: true });
    }
    // A broker that has used up the credit has nothing to say of its end.
    if (this.credit === 0) this.drained?.();
    this.replenish();
  }

  private release(messages: readonly BrokerMessage[]): Held[] {
    if (this.closed) return [];
    return messages.flatMap((message) => {
      const held = this.held.get(message);
      this.held.delete(message);
      return held ?? [];
    });
  }

  /** Lets the broker deliver as much as may be in hand. */
  private replenish(): void {
    if (this.closed || this.drained) return;
    const missing = this.options.prefetch - this.held.size - this.credit;
    // Not for every single message.
    if (missing < this.options.prefetch / 2) return;
    this.credit += missing;
    this.receiver.add_credit(missing);
  }

  private lost(problem: ConsumerProblem | undefined): void {
    if (this.closed) return;
    this.closed = true;
    this.drained?.();
    this.connection.close();
    this.options.onLost(problem);
  }
}

/** Resolves when the queue is being consumed. */
function opened(connection: Connection, receiver: Receiver): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (problem: ConsumerProblem) => {
      connection.close();
      reject(problem);
    };
    // One that is refused is opened all the same, and then closed: it is lost then.
    receiver.once('receiver_open', () => resolve());
    receiver.once('receiver_error', () =>
      fail(problemOf(receiver.error) ?? new ConsumerProblem(undefined, 'the queue was closed')),
    );
    connection.once('connection_error', ({ error }) => {
      const authentication = conditionOf(error) === unauthorized;
      fail(
        new ConsumerProblem(
          authentication ? 'EVENT_SOURCE_AUTHN_ERROR' : undefined,
          descriptionOf(error),
        ),
      );
    });
    connection.once('disconnected', ({ error }) =>
      fail(new ConsumerProblem(undefined, descriptionOf(error))),
    );
  });
}

/** Why a queue is not, or no longer, consumed. */
function problemOf(error: unknown): ConsumerProblem | undefined {
  if (!error) return undefined;
  const denied = conditionOf(error) === unauthorized;
  return new ConsumerProblem(denied ? 'EVENT_SOURCE_AUTHZ_ERROR' : undefined, descriptionOf(error));
}

function conditionOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'condition' in error
    ? error.condition
    : undefined;
}

function descriptionOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'the connection was lost';
  if ('description' in error && typeof error.description === 'string') return error.description;
  return 'message' in error ? String(error.message) : String(error);
}
