import type { JsonPath } from '../../json/json-path';

/** Where the value of a column, or of a statement's parameter, comes from. */
export type ValueSource =
  /** A value in the JSON body. A missing one is an error, unless it is optional: then it is NULL. */
  | { readonly kind: 'path'; readonly path: JsonPath; readonly optional?: boolean }
  /** The whole body, as JSON text. */
  | { readonly kind: 'body' }
  /** The id that SQS gave the message. */
  | { readonly kind: 'messageId' }
  /** When SQS took the message in, ISO 8601 in UTC with milliseconds. */
  | { readonly kind: 'sentTimestamp' }
  /** A String or Number message attribute; NULL where the message has none of that name. */
  | { readonly kind: 'messageAttribute'; readonly name: string };

/** One INSERT … ON CONFLICT DO NOTHING for a batch. */
export interface TablePlan {
  readonly kind: 'table';
  /** Schema and name, or the name alone, not quoted. */
  readonly table: readonly string[];
  readonly columns: ReadonlyArray<{ readonly name: string; readonly source: ValueSource }>;
  readonly conflictKey: readonly string[];
}

/** A statement of the user's, run once for each message. */
export interface StatementPlan {
  readonly kind: 'statement';
  /** With `$1`, `$2` … in place of the named parameters. */
  readonly text: string;
  readonly parameters: readonly ValueSource[];
}

/** One attribute of an item. */
export interface AttributePlan {
  readonly name: string;
  readonly source: ValueSource;
  /** DynamoDB's name of its type. @default - as the value is in JSON; text is a string */
  readonly type?: 'S' | 'N' | 'BOOL' | 'B';
  /** Seconds to add to the time that the source gives: the attribute is the sum, in seconds since the epoch. */
  readonly plusSeconds?: number;
}

/** One conditional put to DynamoDB for each message. */
export interface ItemPlan {
  readonly attributes: readonly AttributePlan[];
  /** The table's key: its partition key and, if it has one, its sort key. */
  readonly key: readonly string[];
  /** An item is replaced by one that has more there. */
  readonly version?: string;
}

/** What the function writes to PostgreSQL; goes to it as JSON in an environment variable. */
export type WritePlan = TablePlan | StatementPlan;

/** Of a plan as JSON: Lambda allows 4,096 bytes for all variables, and host names and ARNs need room, too. */
export const MAX_PLAN_BYTES = 2_800;

/** Environment variables that carry a sink's settings to its function. */
export const VARIABLES = {
  plan: 'WRITE_PLAN',
  host: 'DATABASE_HOST',
  port: 'DATABASE_PORT',
  database: 'DATABASE_NAME',
  secretArn: 'DATABASE_SECRET_ARN',
  throughProxy: 'DATABASE_THROUGH_PROXY',
  timeoutSeconds: 'FUNCTION_TIMEOUT_SECONDS',
  deadLetterQueueUrl: 'DEAD_LETTER_QUEUE_URL',
  tableName: 'TABLE_NAME',
  writeConcurrency: 'WRITE_CONCURRENCY',
} as const;

/** Namespace of the metrics that the shipped functions publish. */
export const METRICS_NAMESPACE = 'CdkDecouple';

/** Names of the metrics that the shipped functions publish, all with the one dimension `service`. */
export const METRICS = {
  /** Rows, or items, that were new. */
  rowsWritten: 'RowsWritten',
  /** Messages whose row, or item, was there already. */
  duplicatesAbsorbed: 'DuplicatesAbsorbed',
  /** Messages that can never be written, sent to the dead-letter queue. */
  messagesRejected: 'MessagesRejected',
  /** Batches that the sink could not take; 0 for the others, so that a recovery shows. */
  sinkErrors: 'SinkErrors',
} as const;
