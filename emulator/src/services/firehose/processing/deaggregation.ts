import type { FirehoseRecord } from '../record';
import type { DeaggregationSettings } from './processing-settings';
import type { Unpacked } from './unpacking';

/** What one record can hold. https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-multirecord-deaggergation.html */
const maximumParts = 500;

/** Takes a record apart that holds several: JSON objects one after the other, or texts with a delimiter between them. */
export function deaggregate(record: FirehoseRecord, settings: DeaggregationSettings): Unpacked {
  const parts =
    settings.kind === 'json' ? jsonParts(record.data) : split(record.data, settings.delimiter);
  if (!parts)
    return {
      record,
      attemptsMade: 1,
      errorCode: 'DynamicPartitioning.DeAggregationFailed',
      errorMessage: 'The record does not hold valid JSON objects.',
    };
  if (parts.length > maximumParts)
    return {
      record,
      attemptsMade: 1,
      errorCode: 'DynamicPartitioning.DeAggregationFailed',
      errorMessage: `The record holds more than ${maximumParts} records.`,
    };
  if (parts.length === 1 && parts[0]) return [{ ...record, data: parts[0] }];
  return parts.map((data, index) => ({ ...record, id: `${record.id}.${index}`, data }));
}

function split(data: Uint8Array, delimiter: Uint8Array): Uint8Array[] {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const parts: Uint8Array[] = [];
  let start = 0;
  for (let end = bytes.indexOf(delimiter); end >= 0; end = bytes.indexOf(delimiter, start)) {
    parts.push(bytes.subarray(start, end));
    start = end + delimiter.length;
  }
  parts.push(bytes.subarray(start));
  return parts.filter(({ length }) => length > 0);
}

const [openBrace, closeBrace, quote, backslash] = Buffer.from('{}"\\');

/** The objects of a text, without what is between them; undefined if there is anything but white space. */
function jsonParts(data: Uint8Array): Uint8Array[] | undefined {
  const parts: Uint8Array[] = [];
  let depth = 0;
  let start = 0;
  let inText = false;
  for (let at = 0; at < data.length; at++) {
    const byte = data[at];
    if (inText) {
      if (byte === backslash) at += 1;
      else if (byte === quote) inText = false;
    } else if (byte === quote) {
      if (depth === 0) return undefined;
      inText = true;
    } else if (byte === openBrace) {
      if (depth === 0) start = at;
      depth += 1;
    } else if (byte === closeBrace) {
      depth -= 1;
      if (depth < 0) return undefined;
      if (depth === 0) parts.push(data.subarray(start, at + 1));
    } else if (depth === 0 && !isSpace(byte)) return undefined;
  }
  const whole = depth === 0 && parts.every(isJson);
  return whole && parts.length > 0 ? parts : undefined;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function isJson(part: Uint8Array): boolean {
  try {
    JSON.parse(Buffer.from(part).toString('utf8'));
    return true;
  } catch {
    return false;
  }
}
