/** A request as it came over the wire, whichever way it came. */
export interface WireRequest {
  readonly method: string;
  /** As sent: still percent-encoded, without the query. */
  readonly path: string;
  /** Without the question mark; empty if there is none. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
  /** Scheme, host and port under which the caller reached us, such as `http://127.0.0.1:4566`. */
  readonly origin: string;
  /** Aborted when the caller hangs up. */
  readonly signal: AbortSignal;
}

/** An answer, ready for the wire. */
export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Text is meant in UTF-8: sent together with the headers, it costs least. */
  readonly body: string | Uint8Array | AsyncIterable<Uint8Array>;
  /** Whether readers expect a stream even if the body is at hand. */
  readonly streamed?: boolean;
}
