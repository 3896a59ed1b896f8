/** Where in a data stream a record comes from. */
export interface StreamOrigin {
  readonly shardId: string;
  readonly partitionKey: string;
  readonly sequenceNumber: string;
  /** Place in the aggregated record that it was in; 0 for one that came alone. */
  readonly subsequenceNumber: number;
}

/** Values by which records are kept apart, by the namespace of prefix expressions that they are found in. */
export interface PartitionKeys {
  /** By a JQ query: `!{partitionKeyFromQuery:…}`. */
  readonly query: Readonly<Record<string, string>>;
  /** By the transformation: `!{partitionKeyFromLambda:…}`. */
  readonly lambda: Readonly<Record<string, string>>;
}

/** A record on its way through a delivery stream. */
export interface FirehoseRecord {
  /** Unique in its delivery stream; what the transformation knows it by. */
  readonly id: string;
  /** When Firehose or the source stream got it: emulated milliseconds since the epoch. */
  readonly arrival: number;
  readonly data: Uint8Array;
  /** @default - it was put directly */
  readonly origin?: StreamOrigin;
  /** @default - none have been found */
  readonly partitionKeys?: PartitionKeys;
}

/** A record that could not be processed, converted or delivered. */
export interface FailedRecord {
  readonly record: FirehoseRecord;
  /** Such as `Lambda.FunctionError`. */
  readonly errorCode: string;
  readonly errorMessage: string;
  /** How often it was tried. */
  readonly attemptsMade: number;
  /** Members of the failure's document besides those that all have in common, such as `lambdaArn`. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** By which the journal knows a record: the id that its producer was given. */
export function journalId({ id, origin }: FirehoseRecord): string {
  return origin?.sequenceNumber ?? id;
}
