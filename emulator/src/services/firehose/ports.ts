import type { Caller } from '../../iam/caller';
import type { UsableKeys } from '../key-use';
import type { FirehoseEndpoints } from './endpoints/firehose-endpoints';

/** An object to be written to a bucket. */
export interface ObjectToWrite {
  readonly bucket: string;
  readonly key: string;
  readonly body: Uint8Array;
  readonly contentType: string;
  readonly contentEncoding?: string | undefined;
  /** ARN of the key to encrypt it with. @default - the bucket's default encryption */
  readonly kmsKeyArn?: string | undefined;
}

/** S3, as far as delivery streams need it. */
export interface DeliveryBuckets {
  /** What PutObject does, the use of the key included. @throws ServiceError as S3 does */
  put(object: ObjectToWrite, caller: Caller): void;
}

/** Lambda, as far as delivery streams need it. */
export interface TransformationFunctions {
  /**
   * Runs a function and waits for its answer.
   *
   * @param payload - JSON
   * @throws ServiceError if it is not there, or throttled, or the caller may not
   */
  invoke(
    functionArn: string,
    payload: string,
    caller: Caller,
  ): Promise<{ readonly payload: string; readonly functionError?: string | undefined }>;
}

/** CloudWatch Logs, as far as delivery streams need it. */
export interface DeliveryLogs {
  /** Appends to a stream as a role. What the role may not write is lost. */
  write(
    place: { account: string; region: string; group: string; stream: string },
    lines: readonly { readonly timestamp: number; readonly message: string }[],
    caller: Caller,
  ): void;
}

/** A record of a data stream. */
export interface SourceStreamRecord {
  /** Place in the shard. */
  readonly position: number;
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  readonly data: Uint8Array;
  /** Emulated milliseconds since the epoch. */
  readonly arrival: number;
}

/** A shard of a data stream. */
export interface SourceShard {
  readonly id: string;
  readonly parents: readonly string[];
  readonly open: boolean;
}

/** Data streams, as far as delivery streams need them. */
export interface SourceStreams {
  exists(arn: string): boolean;
  shards(arn: string): readonly SourceShard[];
  /** The position at which to begin a shard. */
  startOf(
    arn: string,
    shardId: string,
    start: { readonly type: 'LATEST' | 'TRIM_HORIZON' },
  ): number;
  /** @throws ServiceError if the caller may not, or the stream is gone */
  read(
    arn: string,
    shardId: string,
    position: number,
    limit: number,
    caller: Caller,
  ): {
    readonly records: readonly SourceStreamRecord[];
    readonly next: number;
    /** Milliseconds; 0 if nothing is left to read. */
    readonly millisBehindLatest: number;
    /** Whether the shard is closed and nothing is left in it. */
    readonly ended: boolean;
  };
  /** Records that arrived at that time or before have gone: emulated milliseconds since the epoch. */
  horizon(arn: string): number;
  /** Calls `listener` synchronously for each record and each change of shards. Returns the function that ends it. */
  onChange(arn: string, listener: (shardId: string) => void): () => void;
}

/** The Glue Data Catalog, as far as delivery streams need it. */
export interface SchemaTables {
  /**
   * The columns of a table, in a version of it or in the `LATEST`.
   *
   * @throws ServiceError if it is not there, or the caller may not read it
   */
  schema(
    table: {
      readonly catalogId: string;
      readonly databaseName: string;
      readonly tableName: string;
      readonly region: string;
      readonly versionId: string;
    },
    caller: Caller,
  ): { readonly columns: readonly { readonly name: string; readonly type: string }[] };
}

/** Secrets Manager, as far as delivery streams need it. */
export interface DeliverySecrets {
  /** The text of a secret. @throws ServiceError if it is not there, or the caller may not read it */
  text(secretArn: string, caller: Caller): string;
}

/** What Firehose needs of other services; the composition root fills it. */
export interface FirehosePorts {
  readonly buckets: DeliveryBuckets;
  readonly functions: TransformationFunctions;
  readonly logs: DeliveryLogs;
  readonly streams: SourceStreams;
  readonly tables: SchemaTables;
  readonly secrets: DeliverySecrets;
  /** KMS, for delivery streams with a key. */
  readonly keys: UsableKeys;
  /** Where calls of endpoints go. */
  readonly endpoints: FirehoseEndpoints;
  /** PEM of the local certificate authority, which endpoints on this machine may use. */
  readonly certificateAuthority: () => Promise<string>;
}
