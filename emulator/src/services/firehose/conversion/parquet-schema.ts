import type { HiveType, PrimitiveType } from './hive-type';
import type { SchemaElement } from './parquet-library';

/** A column of a file. */
export interface ParquetColumn {
  readonly name: string;
  readonly type: HiveType;
}

/** The schema of a file, as Hive's writer for Parquet lays it out: every value may be missing. */
export function parquetSchema(columns: readonly ParquetColumn[]): SchemaElement[] {
  return [
    { name: 'hive_schema', num_children: columns.length },
    ...columns.flatMap(({ name, type }) => elements(name, type)),
  ];
}

function elements(name: string, type: HiveType): SchemaElement[] {
  const group = { name, repetition_type: 'OPTIONAL' as const };
  switch (type.kind) {
    case 'array':
      return [
        { ...group, converted_type: 'LIST', num_children: 1 },
        { name: 'bag', repetition_type: 'REPEATED', num_children: 1 },
        ...elements('array_element', type.element),
      ];
    case 'map': {
      const [key, ...rest] = elements('key', type.key);
      return [
        { ...group, converted_type: 'MAP', num_children: 1 },
        { name: 'map', repetition_type: 'REPEATED', num_children: 2 },
        ...(key ? [{ ...key, repetition_type: 'REQUIRED' as const }] : []),
        ...rest,
        ...elements('value', type.value),
      ];
    }
    case 'struct':
      return [
        { ...group, num_children: type.members.length },
        ...type.members.flatMap((member) => elements(member.name, member.type)),
      ];
    default:
      return [{ ...group, ...leaf(type) }];
  }
}

function leaf(type: PrimitiveType): Omit<SchemaElement, 'name'> {
  switch (type.kind) {
    case 'bigint':
      return { type: 'INT64' };
    case 'binary':
      return { type: 'BYTE_ARRAY' };
    case 'boolean':
      return { type: 'BOOLEAN' };
    case 'date':
      return { type: 'INT32', converted_type: 'DATE' };
    case 'decimal':
      return {
        type: 'FIXED_LEN_BYTE_ARRAY',
        type_length: bytesOfDecimal(type.precision),
        converted_type: 'DECIMAL',
        precision: type.precision,
        scale: type.scale,
      };
    case 'double':
      return { type: 'DOUBLE' };
    case 'float':
      return { type: 'FLOAT' };
    case 'int':
      return { type: 'INT32' };
    case 'smallint':
      return { type: 'INT32', converted_type: 'INT_16' };
    // Hive writes the older INT96, which the format's specification has given up.
    case 'timestamp':
      return {
        type: 'INT64',
        logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'MICROS' },
      };
    case 'tinyint':
      return { type: 'INT32', converted_type: 'INT_8' };
    default:
      return { type: 'BYTE_ARRAY', converted_type: 'UTF8' };
  }
}

/** How many bytes hold any number of so many decimal digits, and its sign. */
function bytesOfDecimal(precision: number): number {
  const largest = 10n ** BigInt(precision) - 1n;
  let bytes = 1;
  while (2n ** BigInt(8 * bytes - 1) - 1n < largest) bytes += 1;
  return bytes;
}
