/** Somebody who may connect to a broker. */
export interface BrokerUser {
  readonly username: string;
  readonly password: string;
  readonly groups: readonly string[];
}

/** What a broker runs with, until it is next started. */
export interface BrokerSettings {
  readonly users: readonly BrokerUser[];
  /** ActiveMQ's element `broker`, or settings of RabbitMQ, a line each. @default - nothing of its own */
  readonly configuration?: string;
}

/** The logs of a broker that Amazon MQ publishes. */
export type LogKind = 'audit' | 'general';

/** Takes what a member logs. */
export type OnLog = (kind: LogKind, message: string) => void;
