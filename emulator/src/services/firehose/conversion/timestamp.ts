import { type CalendarTime, microsOf } from './calendar-time';
import { JodaPattern } from './joda-pattern';

const microsPerMilli = 1000n;
const microsPerSecond = 1_000_000n;
/** What is smaller counts as seconds, what is not as milliseconds. */
const leastMillis = 10n ** 12n;

const isoTime = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?Z?$/;
const looseTime = /^(\d{4})-(\d\d?)-(\d\d?) (\d\d?):(\d\d?):(\d\d?)(?:\.(\d{1,9}))?$/;
const looseDate = /^(\d{4})-(\d\d?)-(\d\d?)$/;
const epoch = /^(-?)(\d+)(?:\.(\d+))?$/;

/** Reads timestamps as microseconds since the epoch; undefined for what is none. */
export type TimestampReader = (text: string) => bigint | undefined;

/** Days since the epoch of a date such as `2035-1-31`; undefined for what is none. */
export function daysOf(text: string): number | undefined {
  const found = looseDate.exec(text);
  const micros = found ? microsOf(calendar(found)) : undefined;
  return micros === undefined ? undefined : Number(micros / (86_400n * microsPerSecond));
}

/**
 * What the OpenX SerDe reads: times of ISO 8601 and of SQL, and numbers of seconds or milliseconds since the epoch.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/record-format-conversion.html#record-format-conversion-deserializers
 */
export const openXTimestamp: TimestampReader = (text) => {
  const found = isoTime.exec(text) ?? looseTime.exec(text);
  return found ? microsOf(calendar(found)) : microsOfEpoch(text);
};

/**
 * What the Hive SerDe reads: times by its formats, in their order, and those of SQL, as `java.sql.Timestamp.valueOf` does.
 *
 * @param formats - patterns of Joda-Time, or `millis`: milliseconds since the epoch
 * @throws UnknownPatternError for a pattern with letters that are not supported
 */
export function hiveTimestamps(formats: readonly string[]): TimestampReader {
  const readers = formats.map((format): TimestampReader => {
    if (format === 'millis') return millisOfEpoch;
    const pattern = new JodaPattern(format);
    return (text) => pattern.read(text);
  });
  return (text) => {
    for (const read of readers) {
      const micros = read(text);
      if (micros !== undefined) return micros;
    }
    const found = looseTime.exec(text);
    return found ? microsOf(calendar(found)) : undefined;
  };
}

const millisOfEpoch: TimestampReader = (text) =>
  /^-?\d{1,18}$/.test(text) ? BigInt(text) * microsPerMilli : undefined;

function microsOfEpoch(text: string): bigint | undefined {
  const [, sign, whole = '', fraction = ''] = epoch.exec(text) ?? [];
  if (whole === '' || whole.length > 18) return undefined;
  const isMillis = BigInt(whole) >= leastMillis;
  const unit = isMillis ? microsPerMilli : microsPerSecond;
  const digits = isMillis ? 3 : 6;
  const micros = BigInt(whole) * unit + BigInt(fraction.padEnd(digits, '0').slice(0, digits));
  return sign === '-' ? -micros : micros;
}

function calendar(found: readonly (string | undefined)[]): CalendarTime {
  const [year = 0, month = 0, day = 0, hour, minute, second] = found
    .slice(1, 7)
    .map((part) => (part === undefined ? undefined : Number(part)));
  return { year, month, day, hour, minute, second, fraction: found[7] };
}
