import type { DeliverySurroundings } from '../delivery/surroundings';
import type { FailedRecord, FirehoseRecord } from '../record';
import { type JqResult, runJq } from './jq';

/** Records with what a query has found in them, and those that it could not be asked about. */
export interface ExtractedRecords {
  readonly records: readonly FirehoseRecord[];
  readonly failures: readonly FailedRecord[];
}

/**
 * Finds the partition keys of records by a query of JQ, which has to give an object.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-partitioning-keys.html
 */
export async function extractMetadata(
  records: readonly FirehoseRecord[],
  query: string,
  { clock, metrics }: Pick<DeliverySurroundings, 'clock' | 'metrics'>,
): Promise<ExtractedRecords> {
  const readable: FirehoseRecord[] = [];
  const documents: string[] = [];
  const failures: FailedRecord[] = [];
  for (const record of records) {
    const document = documentOf(record.data);
    if (document === undefined) failures.push(failure(record, 'Non JSON record provided'));
    else {
      readable.push(record);
      documents.push(document);
    }
  }
  const results = documents.length === 0 ? [] : await runJq(documents, query);
  metrics.add('JQProcessing.Duration', clock.now(), 0);
  const extracted: FirehoseRecord[] = [];
  readable.forEach((record, index) => {
    const keys = keysOf(results[index]);
    if (typeof keys === 'string') failures.push(failure(record, keys));
    else
      extracted.push({
        ...record,
        partitionKeys: { query: keys, lambda: record.partitionKeys?.lambda ?? {} },
      });
  });
  return { records: extracted, failures };
}

/** As one line; undefined if it is not JSON. */
function documentOf(data: Uint8Array): string | undefined {
  const text = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8');
  try {
    JSON.parse(text);
    return text;
  } catch {
    return undefined;
  }
}

/** The keys, or what is wrong. */
function keysOf(result: JqResult | undefined): Record<string, string> | string {
  if (!result) return 'The query has given nothing';
  if ('error' in result) return result.error;
  const { value } = result;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return 'The query must give an object';
  const keys: Record<string, string> = {};
  for (const [name, key] of Object.entries(value)) {
    if (key === null || key === '') return 'partitionKeys values must not be null or empty';
    if (typeof key === 'object') return `The partition key ${name} must be a scalar`;
    keys[name] = String(key);
  }
  return keys;
}

function failure(record: FirehoseRecord, errorMessage: string): FailedRecord {
  return {
    record,
    attemptsMade: 1,
    errorCode: 'DynamicPartitioning.MetadataExtractionFailed',
    errorMessage,
  };
}
