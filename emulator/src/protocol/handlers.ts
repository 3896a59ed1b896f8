import type { AuthorizedCall, Caller, ConditionKeys } from '../iam/caller';

/** Everything that an operation may know about the call besides its input. */
export interface CallContext extends AuthorizedCall {
  readonly caller: Caller;
  /** Whether the request says who makes it; links in mails, for one, do not. */
  readonly signed: boolean;
  /** Account and region that the call is addressed to. */
  readonly account: string;
  readonly region: string;
  /** Such as `SendMessage`. */
  readonly operation: string;
  /** Scheme, host and port under which the caller reached us, such as `http://127.0.0.1:4566`. */
  readonly origin: string;
  /** Aborted when the caller hangs up. */
  readonly signal: AbortSignal;
  /** Asks whether the caller may do `action` on `resource`; throws AccessDenied if not. */
  authorize(action: string, resource: string, context?: ConditionKeys): void;
  /**
   * Waits for something that only emulated time or another call can bring about, such as a message
   * for a long poll, without keeping the manual clock from moving.
   *
   * `wait` receives a function that ends the wait with a value; it counts as work in hand again in
   * the same turn in which that function is called.
   */
  park<T>(wait: (wake: (value: T) => void) => void): Promise<T>;
}

type Commands<M> = {
  [K in keyof M as K extends `${infer Operation}Command` ? Operation : never]: M[K];
};

/** Names of the operations of an SDK client module. */
export type OperationName<M> = keyof Commands<M> & string;

type Instance<C> = C extends abstract new (...args: never[]) => infer I ? I : never;
type CommandInput<C> = Instance<C> extends { input: infer I } ? I : never;
type CommandOutput<C> =
  Instance<C> extends {
    resolveMiddleware(...args: never[]): (...args: never[]) => Promise<{ output: infer O }>;
  }
    ? O
    : Instance<C> extends {
          resolveMiddleware(...args: never[]): (...args: never[]) => Promise<{ output: infer O }>;
        }
      ? O
      : never;

type Scalar = string | number | boolean | bigint | null | undefined | Date | Uint8Array;

/** A streaming body as handlers see it. */
export type Body = Uint8Array | AsyncIterable<Uint8Array>;

type IsOptional<T, K extends keyof T> = Record<never, never> extends Pick<T, K> ? true : false;

/**
 * An input as a handler receives it: required members are there (the protocol layer has checked
 * them), blobs are byte arrays, bodies byte arrays or async iterables.
 */
export type HandlerInput<T> =
  IsBlobPayload<T> extends true ? Uint8Array | Extract<T, undefined> : InputValue<T>;

/** What the SDK accepts for a blob that is a request's whole body; types that accept anything also accept numbers. */
type IsBlobPayload<T> = [string | ArrayBuffer] extends [T]
  ? [number] extends [T]
    ? false
    : true
  : false;

type InputValue<T> = T extends Scalar
  ? T
  : T extends ReadonlyArray<infer E>
    ? HandlerInput<E>[]
    : T extends (...args: never[]) => unknown
      ? T
      : unknown extends T
        ? T
        : T extends { pipe: unknown } | { getReader: unknown } | { arrayBuffer: unknown }
          ? Body
          : {
              [K in keyof T]: IsOptional<T, K> extends true
                ? HandlerInput<T[K]>
                : HandlerInput<Exclude<T[K], undefined>>;
            };

/** What the SDK calls a document or a body, loosened for what a handler returns. */
export type HandlerOutput<T> = T extends Uint8Array
  ? // The SDK adds methods to the blobs that it returns.
    Uint8Array
  : T extends Scalar
    ? T
    : T extends ReadonlyArray<infer E>
      ? HandlerOutput<E>[]
      : T extends (...args: never[]) => unknown
        ? T
        : unknown extends T
          ? T
          : T extends { pipe: unknown } | { getReader: unknown } | { transformToString: unknown }
            ? Body
            : { [K in keyof T]: HandlerOutput<T[K]> };

/** One operation of a service. */
export type Handler<C> = (
  input: HandlerInput<CommandInput<C>>,
  context: CallContext,
) => OperationOutput<C> | Promise<OperationOutput<C>>;

/** An operation's output without the SDK's own metadata. */
export type OperationOutput<C> = HandlerOutput<Omit<CommandOutput<C>, '$metadata'>>;

/**
 * The operations of a service, typed by its SDK client: `Handlers<typeof import('@aws-sdk/client-sqs')>`.
 *
 * An operation that is missing answers `NotImplemented` (HTTP 501) by its name.
 */
export type Handlers<M> = { readonly [K in OperationName<M>]?: Handler<Commands<M>[K]> };

/** The input of one operation of an SDK client module, as a handler receives it. */
export type InputOf<M, K extends OperationName<M>> = HandlerInput<CommandInput<Commands<M>[K]>>;

/** The output of one operation of an SDK client module, as a handler returns it. */
export type OutputOf<M, K extends OperationName<M>> = OperationOutput<Commands<M>[K]>;
