import { tag } from '@smithy/core/cbor';
import { base64 } from './bytes';
import { ServiceError } from './errors';
import type { Shape } from './shape';
import { asDate, formatTimestamp, parseTimestamp } from './timestamp';

/** Turns a value of a parsed document into the SDK's form of it. */
export type Read = (value: unknown) => unknown;
/** Turns a value in the SDK's form into that of a document; returns the value itself where it can. */
export type Write = (value: unknown) => unknown;

/** How a kind of document holds values that are neither structures nor collections. */
export interface ScalarStyle {
  reader(shape: Shape): Read;
  writer(shape: Shape): Write;
}

/** JSON: blobs in base64, times in seconds since the epoch, numbers that are none as text. */
export const jsonScalars: ScalarStyle = {
  reader(shape) {
    switch (shape.kind) {
      case 'blob':
        return (value) => {
          if (typeof value !== 'string') throw wrongType(value, 'Blob');
          return Buffer.from(value, 'base64');
        };
      case 'timestamp':
        return (value) => {
          const date = typeof value === 'object' ? undefined : parseTimestamp(String(value));
          if (!date) throw wrongType(value, 'Timestamp');
          return date;
        };
      default:
        return plainReader(shape);
    }
  },
  writer(shape) {
    switch (shape.kind) {
      case 'number':
        return (value) => (Number.isFinite(value) ? value : String(value));
      case 'big-number':
        return (value) => (typeof value === 'bigint' ? Number(value) : value);
      case 'blob':
        return base64;
      case 'timestamp': {
        const format = shape.timestampFormat ?? 'epoch-seconds';
        return (value) => {
          const date = asDate(value);
          return format === 'epoch-seconds' ? date.getTime() / 1000 : formatTimestamp(date, format);
        };
      }
      default:
        return (value) => value;
    }
  },
};

/** How many milliseconds a unit has. */
const milliseconds = { milliseconds: 1, seconds: 1000 };

/** CBOR: blobs are byte strings, times are numbers tagged as times since the epoch. */
export const cborScalars = (timeUnit: 'milliseconds' | 'seconds'): ScalarStyle => ({
  reader(shape) {
    switch (shape.kind) {
      case 'blob':
        return (value) => {
          if (!(value instanceof Uint8Array)) throw wrongType(value, 'Blob');
          return value;
        };
      case 'timestamp':
        return (value) => {
          const time = isTagged(value) && value.tag === 1 ? Number(value.value) : Number.NaN;
          if (Number.isNaN(time)) throw wrongType(value, 'Timestamp');
          return new Date(Math.round(time * milliseconds[timeUnit]));
        };
      default:
        return plainReader(shape);
    }
  },
  writer(shape) {
    switch (shape.kind) {
      case 'blob':
        return (value) => (value instanceof Uint8Array ? value : Buffer.from(String(value)));
      case 'timestamp':
        return (value) => tag({ tag: 1, value: asDate(value).getTime() / milliseconds[timeUnit] });
      default:
        return (value) => value;
    }
  },
});

function plainReader(shape: Shape): Read {
  switch (shape.kind) {
    case 'string':
      return (value) => {
        if (typeof value !== 'string') throw wrongType(value, 'String');
        return value;
      };
    case 'boolean':
      return (value) => {
        if (typeof value !== 'boolean') throw wrongType(value, 'Boolean');
        return value;
      };
    case 'number':
      return (value) => {
        if (typeof value === 'number') return value;
        if (typeof value === 'bigint') return Number(value);
        if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value);
        throw wrongType(value, 'Number');
      };
    default:
      return (value) => value;
  }
}

function isTagged(value: unknown): value is { tag: unknown; value: unknown } {
  return typeof value === 'object' && value !== null && 'tag' in value && 'value' in value;
}

/**
 * The error for a value of the wrong type, in the wording of the framework behind AWS's JSON
 * services, such as `NUMBER_VALUE can not be converted to a String`.
 */
export function wrongType(value: unknown, expected: string): ServiceError {
  return new ServiceError('SerializationException', wrongTypeMessage(value, expected));
}

function wrongTypeMessage(value: unknown, expected: string): string {
  if (expected === 'structure' || expected === 'map' || expected === 'list')
    return `Unexpected value type in payload: expected a ${expected}`;
  if (Array.isArray(value)) return `Start of list found where a ${expected} was expected.`;
  if (typeof value === 'object') return 'Start of structure or map found where not expected.';
  const found =
    typeof value === 'boolean'
      ? String(value).toUpperCase()
      : typeof value === 'number'
        ? 'NUMBER'
        : 'STRING';
  return `${found}_VALUE can not be converted to a ${expected}`;
}
