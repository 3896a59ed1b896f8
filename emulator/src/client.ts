import { ConfiguredRetryStrategy } from '@smithy/core/retry';
import type { Dispatcher } from './gateway/dispatcher';
import { InProcessTransport } from './gateway/in-process';

/** The part of an SDK client's configuration that makes it talk to an emulator. */
export interface ClientConfiguration {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly requestHandler: InProcessTransport;
  readonly retryStrategy: ConfiguredRetryStrategy;
}

/** An SDK client class, such as `SQSClient`, or an aggregated one, such as `SQS`. */
export type ClientConstructor<T> = new (configuration: ClientConfiguration) => T;

/** Whom a client calls as. */
export interface ClientOptions {
  /**
   * 12 digits: the client calls as the administrator of that account.
   * @default '000000000000'
   */
  readonly account?: string;
  /** @default - the emulator's region */
  readonly region?: string;
}

/**
 * The configuration of a client that calls without a socket.
 *
 * Retries do not wait: between an answer and its retry nothing is in flight, and a wait in real time
 * would let the manual clock move on.
 */
export function clientConfiguration(
  dispatcher: Dispatcher,
  accessKeyId: string,
  region: string,
): ClientConfiguration {
  return {
    region,
    endpoint: 'http://127.0.0.1',
    credentials: { accessKeyId, secretAccessKey: 'not-checked' },
    requestHandler: new InProcessTransport(dispatcher),
    retryStrategy: new ConfiguredRetryStrategy(3, () => 0),
  };
}
