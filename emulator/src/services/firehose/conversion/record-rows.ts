import { isUtf8 } from 'node:buffer';
import type { HiveType, StructMember } from './hive-type';
import {
  JsonNumber,
  type JsonObject,
  JsonSyntaxError,
  type JsonValue,
  readDocuments,
} from './json-document';
import type { ParquetValue } from './parquet-file';
import type { ParquetColumn } from './parquet-schema';
import { MalformedDataError, mismatch, scalarValue } from './scalar-value';
import type { SerDe } from './serde';

/** Why a record could not be converted, as Firehose says it. */
export interface ConversionFailure {
  readonly code: 'DataFormatConversion.MalformedData' | 'DataFormatConversion.ParseError';
  readonly message: string;
}

/** Values of the columns, in their order. */
export type Row = readonly ParquetValue[];

/** Makes rows of records, by the columns of a table. */
export class RecordRows {
  private readonly names: readonly string[];

  constructor(
    private readonly columns: readonly ParquetColumn[],
    private readonly serDe: SerDe,
  ) {
    this.names = columns.map(({ name }) => serDe.lookUp(name));
  }

  /** The rows of a record, one for each JSON document in it, or why it has none. */
  of(data: Uint8Array): readonly Row[] | ConversionFailure {
    try {
      if (!isUtf8(data)) throw new JsonSyntaxError('Unexpected bytes that are no UTF-8');
      const text = Buffer.from(data).toString('utf8');
      const documents = readDocuments(text, this.serDe.keyOf);
      if (documents.length === 0)
        throw new MalformedDataError('The record was empty or contained only whitespace.');
      return documents.map((document) => this.row(document));
    } catch (error) {
      if (error instanceof MalformedDataError)
        return { code: 'DataFormatConversion.MalformedData', message: error.message };
      if (error instanceof JsonSyntaxError)
        return {
          code: 'DataFormatConversion.ParseError',
          message: `Encountered malformed JSON. ${error.message}`,
        };
      throw error;
    }
  }

  private row(document: JsonValue): Row {
    const { serDe } = this;
    if (document instanceof Map) {
      const members = looked(document, serDe);
      return this.columns.map(({ type }, index) =>
        columnValue(members.get(this.names[index] ?? ''), type, serDe),
      );
    }
    if (!Array.isArray(document))
      throw new MalformedDataError(
        'The input JSON contained a primitive at the top level. The top level must be an object or array.',
      );
    if (!serDe.lenient) throw mismatch('java.io.IOException: Start of Object expected');
    return this.columns.map(({ type }, index) => columnValue(document[index], type, serDe));
  }
}

function columnValue(value: JsonValue | undefined, type: HiveType, serDe: SerDe): ParquetValue {
  if (value === undefined || value === null) return null;
  switch (type.kind) {
    case 'array':
      if (Array.isArray(value)) return value.map((item) => columnValue(item, type.element, serDe));
      if (!serDe.lenient) throw mismatch('java.io.IOException: Start of Array expected');
      return [columnValue(value, type.element, serDe)];
    case 'map': {
      if (!(value instanceof Map)) {
        if (!serDe.lenient) throw mismatch('java.io.IOException: Start of Object expected');
        throw mismatch(
          `A map column cannot hold a JSON ${Array.isArray(value) ? 'array' : 'scalar'}.`,
        );
      }
      const entries = [...value].map(([key, item]): [ParquetValue, ParquetValue] => [
        scalarValue(key, type.key, { ...serDe, lenient: true }),
        columnValue(item, type.value, serDe),
      ]);
      return new Map(entries);
    }
    case 'struct':
      return structOf(value, type.members, serDe);
    default:
      return scalarValue(value, type, serDe);
  }
}

function structOf(
  value: JsonValue,
  members: readonly StructMember[],
  serDe: SerDe,
): Record<string, ParquetValue> {
  if (!(value instanceof Map) && !serDe.lenient)
    throw mismatch('java.io.IOException: Start of Object expected');
  const found = value instanceof Map ? looked(value, serDe) : undefined;
  const list = Array.isArray(value) ? value : undefined;
  if (!found && !list)
    // The two blanks are AWS's.
    throw mismatch(`Data is not JSONObject  but ${javaType(value)} with value ${shown(value)}`);
  return Object.fromEntries(
    members.map(({ name, type }, index) => {
      const member = found ? found.get(serDe.lookUp(name)) : list?.[index];
      return [name, columnValue(member, type, serDe)];
    }),
  );
}

/** An object by what its members are looked up by. */
function looked(object: JsonObject, { foldsMembers }: SerDe): JsonObject {
  if (!foldsMembers) return object;
  return new Map([...object].map(([key, value]) => [key.toLowerCase(), value]));
}

function javaType(value: JsonValue): string {
  if (typeof value === 'boolean') return 'java.lang.Boolean';
  if (!(value instanceof JsonNumber)) return 'java.lang.String';
  return /^-?\d+$/.test(value.text) ? 'java.lang.Long' : 'java.lang.Double';
}

function shown(value: JsonValue): string {
  return value instanceof JsonNumber ? value.text : String(value);
}
