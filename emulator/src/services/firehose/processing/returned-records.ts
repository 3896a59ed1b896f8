import type { AttemptFailure } from '../delivery/retrying';
import type { FirehoseRecord } from '../record';

/** What a transformation has returned for a record. */
export type ReturnedRecord =
  | {
      readonly kind: 'ok';
      readonly data: Uint8Array;
      /** @default - none */
      readonly partitionKeys: Readonly<Record<string, string>> | undefined;
    }
  | { readonly kind: 'dropped' | 'failed' };

/**
 * Reads the answer of a transformation.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-status-model.html
 * @returns by record id; or what is wrong with the answer as a whole
 */
export function returnedRecords(
  payload: string,
  batch: readonly FirehoseRecord[],
): ReadonlyMap<string, ReturnedRecord> | AttemptFailure {
  const answer: { readonly records?: unknown } | null = JSON.parse(payload);
  if (!Array.isArray(answer?.records)) return malformed;
  const returned = new Map<string, ReturnedRecord>();
  for (const item of answer.records) {
    const record = recordOf(item);
    if (!record) return malformed;
    if (returned.has(record.id))
      return {
        code: 'Lambda.DuplicatedRecordId',
        message:
          'Multiple records were returned with the same record ID. Ensure that the Lambda function returns unique record IDs for each record.',
      };
    returned.set(record.id, record.result);
  }
  if (batch.some(({ id }) => !returned.has(id)) || returned.size > batch.length)
    return {
      code: 'Lambda.MissingRecordId',
      message:
        'One or more record IDs were not returned. Ensure that the Lambda function returns all received record IDs.',
    };
  return returned;
}

const malformed: AttemptFailure = {
  code: 'Lambda.JsonProcessingException',
  message:
    'There was an error parsing returned records from the Lambda function. Ensure that the returned records follow the status model required by Firehose.',
};

/** Undefined if it does not follow the status model. */
function recordOf(
  item: {
    readonly recordId?: unknown;
    readonly result?: unknown;
    readonly data?: unknown;
    readonly metadata?: { readonly partitionKeys?: unknown };
  } | null,
): { readonly id: string; readonly result: ReturnedRecord } | undefined {
  if (typeof item?.recordId !== 'string') return undefined;
  const { recordId: id, result, data, metadata } = item;
  if (result === 'Dropped') return { id, result: { kind: 'dropped' } };
  if (result === 'ProcessingFailed') return { id, result: { kind: 'failed' } };
  if (result !== 'Ok' || typeof data !== 'string') return undefined;
  return {
    id,
    result: {
      kind: 'ok',
      data: Buffer.from(data, 'base64'),
      partitionKeys: keysOf(metadata?.partitionKeys),
    },
  };
}

function keysOf(keys: unknown): Record<string, string> | undefined {
  if (typeof keys !== 'object' || keys === null) return undefined;
  return Object.fromEntries(
    Object.entries(keys).map(([name, value]) => [name, value === null ? '' : String(value)]),
  );
}
