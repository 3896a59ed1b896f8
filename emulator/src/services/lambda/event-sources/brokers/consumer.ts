/** A message of a broker, in the hands of the consumer that it was delivered to. */
export interface BrokerMessage {
  /** By which the journal knows it. */
  readonly id: string;
  readonly data: Uint8Array;
  /** Bytes of its text, or a few more. */
  readonly size: number;
  /** What the function gets of it: JSON. */
  text(): string;
}

/** How a consumer finds its queue. */
export interface ConsumerOptions {
  /** Such as `amqps://127.0.0.1:20001`. */
  readonly endpoint: string;
  readonly username: string;
  readonly password: string;
  readonly queue: string;
  /** Of RabbitMQ. */
  readonly virtualHost: string;
  /** Unique among the consumers of the broker. */
  readonly name: string;
  /** PEM of the authority behind the broker's certificate. */
  readonly authority: string | undefined;
  /** The most messages that it holds without having acknowledged them. */
  readonly prefetch: number;
  readonly onMessage: (message: BrokerMessage) => void;
  /** Called once if the connection is lost, maybe before it was made; not after {@link BrokerConsumer.close}. What it held is delivered again. */
  readonly onLost: (problem: ConsumerProblem | undefined) => void;
}

/** A client of a broker that consumes one queue. */
export interface BrokerConsumer {
  /** Acknowledges messages: the broker forgets them. */
  accept(messages: readonly BrokerMessage[]): void;
  /**
   * Gives up on a try at some messages.
   *
   * @returns those that it keeps, to be tried again; the others are back with the broker
   */
  fail(messages: readonly BrokerMessage[]): readonly BrokerMessage[];
  /** Has the broker deliver what there is, and resolves when it has. Never fails. */
  look(): Promise<void>;
  close(): Promise<void>;
}

/** Why Lambda stops consuming, by its codes. https://docs.aws.amazon.com/lambda/latest/dg/services-mq-errors.html */
export type ProblemCode =
  | 'ESM_CONFIG_NOT_VALID'
  | 'EVENT_SOURCE_AUTHN_ERROR'
  | 'EVENT_SOURCE_AUTHZ_ERROR';

/** A consumer that cannot work. */
export class ConsumerProblem extends Error {
  /** @param code - undefined if it may be different the next time */
  constructor(
    readonly code: ProblemCode | undefined,
    message: string,
  ) {
    super(message);
  }
}
