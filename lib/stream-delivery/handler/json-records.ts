import type {
  FirehoseTransformationEvent,
  FirehoseTransformationEventRecord,
  FirehoseTransformationResult,
  FirehoseTransformationResultRecord,
} from 'aws-lambda';
import { membersOf } from '../../json/json-text';
import type { JsonRecordsSettings } from '../json-records-settings';

/**
 * A handler that rewrites records, which have to be JSON objects, and ends each with a line end.
 *
 * Values stay as they were written: `12.10` is not made `12.1`, nor is a number cut that has more digits than a double.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-status-model.html
 */
export function jsonRecords(settings: Partial<JsonRecordsSettings>) {
  return async ({
    records,
  }: FirehoseTransformationEvent): Promise<FirehoseTransformationResult> => ({
    records: records.map((record) => transformed(record, settings)),
  });
}

function transformed(
  record: FirehoseTransformationEventRecord,
  { partitionFields = [], removeFields = [], requiredFields = [] }: Partial<JsonRecordsSettings>,
): FirehoseTransformationResultRecord {
  const { data, recordId } = record;
  const text = Buffer.from(data, 'base64').toString('utf8');
  const fields = parsed(text);
  const isWhole =
    fields !== undefined &&
    [...requiredFields, ...partitionFields].every((name) => isGiven(fields[name]));
  // What fails is given back as it came: Firehose writes it to the error prefix.
  if (!isWhole) return { recordId, result: 'ProcessingFailed', data };
  const kept = [...membersOf(text)]
    .filter(([name]) => !removeFields.includes(name))
    .map(([name, value]) => `${JSON.stringify(name)}:${value}`);
  return {
    recordId,
    result: 'Ok',
    data: Buffer.from(`{${kept.join(',')}}\n`, 'utf8').toString('base64'),
    ...(partitionFields.length > 0 && {
      metadata: {
        partitionKeys: Object.fromEntries(
          partitionFields.map((name) => [name, String(fields[name])]),
        ),
      },
    }),
  };
}

/** The fields of a JSON object; undefined for a text that is none. */
function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? { ...value }
      : undefined;
  } catch {
    return undefined;
  }
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}
