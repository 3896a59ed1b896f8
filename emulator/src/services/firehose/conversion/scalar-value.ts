import type { PrimitiveType } from './hive-type';
import { JsonNumber, type JsonValue, jsonText } from './json-document';
import type { ParquetValue } from './parquet-file';
import type { SerDe } from './serde';
import { daysOf } from './timestamp';

/** A value that does not fit the schema. */
export class MalformedDataError extends Error {}

/** A value that does not fit, in the words of Java's `NumberFormatException`, which Firehose passes on. */
export function mismatch(reason: string): MalformedDataError {
  return new MalformedDataError(`Data does not match the schema. ${reason}`);
}

const integers: Partial<Record<PrimitiveType['kind'], readonly [bits: number]>> = {
  tinyint: [8],
  smallint: [16],
  int: [32],
  bigint: [64],
};
const decimalNumber = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;

/**
 * A JSON value that is not null as a column of a type takes it.
 *
 * @throws MalformedDataError
 */
export function scalarValue(value: JsonValue, type: PrimitiveType, serDe: SerDe): ParquetValue {
  const nested = typeof value === 'object' && value !== null && !(value instanceof JsonNumber);
  switch (type.kind) {
    case 'string':
    case 'char':
    case 'varchar':
      return textValue(value, nested, type, serDe);
    case 'binary':
      return Buffer.from(textValue(value, nested, { kind: 'string' }, serDe));
    default:
      break;
  }
  if (nested)
    throw mismatch(
      `A column of type ${type.kind} cannot hold a JSON ${Array.isArray(value) ? 'array' : 'object'}.`,
    );
  const text = value instanceof JsonNumber ? value.text : String(value);
  switch (type.kind) {
    case 'boolean':
      if (/^(?:true|false)$/i.test(text)) return text.toLowerCase() === 'true';
      throw notReadable(text);
    case 'date': {
      const days = daysOf(text);
      if (days === undefined) throw notReadable(text);
      return days;
    }
    case 'timestamp': {
      const micros = serDe.timestamp(text);
      if (micros === undefined) throw notReadable(text);
      return micros;
    }
    default:
      if (typeof value === 'string' && !serDe.lenient)
        throw mismatch(
          'Current token (VALUE_STRING) not numeric, can not use numeric value accessors',
        );
      return numericValue(text.trim(), type);
  }
}

function textValue(
  value: JsonValue,
  nested: boolean,
  type: PrimitiveType,
  { lenient }: SerDe,
): string {
  if (nested && !lenient)
    throw new MalformedDataError(
      'One or more fields have incorrect format. Exception when validating field (root)',
    );
  const text = typeof value === 'string' ? value : jsonText(value);
  // Hive cuts what is too long. https://cwiki.apache.org/confluence/display/hive/languagemanual+types
  return 'length' in type ? [...text].slice(0, type.length).join('') : text;
}

function numericValue(text: string, type: PrimitiveType): ParquetValue {
  if (type.kind === 'decimal') return decimalValue(text, type.precision, type.scale);
  const [bits] = integers[type.kind] ?? [];
  if (bits !== undefined) {
    if (!/^[+-]?\d{1,40}$/.test(text)) throw notReadable(text);
    const integer = BigInt(text.replace(/^\+/, ''));
    if (BigInt.asIntN(bits, integer) !== integer) throw notReadable(text);
    return bits === 64 ? integer : Number(integer);
  }
  const number = decimalNumber.test(text) && /\d/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(number)) throw notReadable(text);
  if (type.kind === 'float' && !Number.isFinite(Math.fround(number))) throw notReadable(text);
  return number;
}

/** A number times ten to the power of the scale, rounded half up, as Hive rounds what has more digits. */
function decimalValue(text: string, precision: number, scale: number): bigint {
  const [, sign, whole = '', fraction = '', power = '0'] = decimalNumber.exec(text) ?? [];
  if (whole + fraction === '') throw notReadable(text);
  const digits = (whole + fraction).replace(/^0+/, '');
  // How many digits there are behind those that the column keeps.
  const surplus = fraction.length - Number(power) - scale;
  if (digits.length - surplus > precision) throw outOfRange(text, precision, scale);
  let unscaled = BigInt(digits || '0');
  if (surplus <= 0) unscaled *= 10n ** BigInt(-surplus);
  else if (surplus > digits.length) unscaled = 0n;
  else {
    const divisor = 10n ** BigInt(surplus);
    unscaled = (unscaled + divisor / 2n) / divisor;
  }
  if (unscaled >= 10n ** BigInt(precision)) throw outOfRange(text, precision, scale);
  return sign === '-' ? -unscaled : unscaled;
}

function notReadable(text: string): MalformedDataError {
  return mismatch(`For input string: "${text}"`);
}

function outOfRange(text: string, precision: number, scale: number): MalformedDataError {
  return mismatch(`Value ${text} is out of range for decimal(${precision},${scale}).`);
}
