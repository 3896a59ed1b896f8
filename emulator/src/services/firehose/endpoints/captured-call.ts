/** What a delivery stream would have sent to another machine. */
export interface CapturedCall {
  /** Name of the delivery stream. */
  readonly deliveryStream: string;
  readonly account: string;
  readonly region: string;
  readonly destination: 'http-endpoint' | 'opensearch' | 'redshift' | 'splunk';
  /** `COPY` for a statement of Redshift's. */
  readonly method: 'COPY' | 'POST';
  /** Where to, such as `https://intake.example.com/v1/input` or `jdbc:redshift://…`. */
  readonly url: string;
  /** By their names as they are sent. */
  readonly headers: Readonly<Record<string, string>>;
  /** As text, whatever its encoding: uncompressed. */
  readonly body: string;
  /** Emulated time in milliseconds since the epoch. */
  readonly time: number;
}

/**
 * How a call that is captured is answered: as HTTP, or not at all. `no answer` lets the delivery stream wait for as long as it does,
 * on the clock.
 */
export type CapturedAnswer =
  | {
      /** @default 200 */
      readonly status?: number;
      /** @default - the type and the length of JSON */
      readonly headers?: Readonly<Record<string, string>>;
      /** An object is sent as JSON. @default - none */
      readonly body?: string | object;
    }
  | 'connection refused'
  | 'connection reset'
  | 'no answer';

/** Answers calls that are captured; undefined answers as the endpoint would if all is well. */
export type CapturedAnswers = (
  call: CapturedCall,
) => CapturedAnswer | undefined | Promise<CapturedAnswer | undefined>;
