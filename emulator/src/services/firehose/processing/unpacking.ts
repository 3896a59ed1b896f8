import { gunzipSync } from 'node:zlib';
import type { FailedRecord, FirehoseRecord } from '../record';

/** What became of a record: others, or a failure. */
export type Unpacked = readonly FirehoseRecord[] | FailedRecord;

/** What CloudWatch Logs sends to its subscribers. */
interface LogsDocument {
  readonly messageType?: unknown;
  readonly logEvents?: unknown;
}

/**
 * Unpacks a record of CloudWatch Logs.
 *
 * @param onlyMessages - whether what is left are the messages of its events, a line each; checks that the subscription works are dropped
 * @see https://docs.aws.amazon.com/firehose/latest/dev/writing-with-cloudwatch-logs-decompression.html
 */
export function unpack(record: FirehoseRecord, onlyMessages: boolean): Unpacked {
  let data: Buffer;
  try {
    data = gunzipSync(record.data);
  } catch {
    return {
      record,
      attemptsMade: 1,
      errorCode: 'Decompression.Failed',
      errorMessage: 'The record could not be decompressed: it is not in GZIP format.',
    };
  }
  if (!onlyMessages) return [{ ...record, data }];
  const messages = messagesOf(data);
  if (!messages)
    return {
      record,
      attemptsMade: 1,
      errorCode: 'CloudWatchLogProcessing.Failed',
      errorMessage: 'The record is not a document of CloudWatch Logs.',
    };
  const text = messages.map((message) => `${message}\n`).join('');
  return text === '' ? [] : [{ ...record, data: Buffer.from(text) }];
}

/** Undefined if it is no such document. */
function messagesOf(data: Buffer): string[] | undefined {
  let document: LogsDocument;
  try {
    document = JSON.parse(data.toString('utf8'));
  } catch {
    return undefined;
  }
  if (document?.messageType === 'CONTROL_MESSAGE') return [];
  if (document?.messageType !== 'DATA_MESSAGE' || !Array.isArray(document.logEvents))
    return undefined;
  return document.logEvents.map(({ message }) => String(message));
}
