import { parseHiveType } from '../../../../src/services/firehose/conversion/hive-type';
import {
  type ParquetSettings,
  parquetFile,
} from '../../../../src/services/firehose/conversion/parquet-file';
import { RecordRows } from '../../../../src/services/firehose/conversion/record-rows';
import { openXSerDe } from '../../../../src/services/firehose/conversion/serde';
import { readParquet } from './duckdb';

const settings: ParquetSettings = {
  compression: 'SNAPPY',
  dictionaries: false,
  pageBytes: 1024 * 1024,
  groupRows: 100_000,
};

function fileOf(
  types: Readonly<Record<string, string>>,
  documents: readonly string[],
  changed: Partial<ParquetSettings> = {},
): Uint8Array {
  const columns = Object.entries(types).map(([name, type]) => ({
    name,
    type: parseHiveType(type),
  }));
  const converter = new RecordRows(columns, openXSerDe({}));
  const rows = documents.flatMap((document) => {
    const made = converter.of(Buffer.from(document));
    if ('code' in made) throw new Error(made.message);
    return made;
  });
  return parquetFile(columns, rows, { ...settings, ...changed });
}

test('DuckDB reads every type as what it is', async () => {
  const { columns, rows } = await readParquet({
    'a.parquet': fileOf(
      {
        text: 'string',
        short: 'varchar(3)',
        fixed: 'char(2)',
        tiny: 'tinyint',
        small: 'smallint',
        whole: 'int',
        big: 'bigint',
        single: 'float',
        real: 'double precision',
        price: 'decimal(38,10)',
        flag: 'boolean',
        day: 'date',
        at: 'timestamp',
        raw: 'binary',
      },
      [
        '{"text":"\\u00e4\\ud83d\\ude00","short":"abcdef","fixed":"xyz","tiny":-128,"small":"32767","whole":-2147483648,"big":9223372036854775807,"single":1.5,"real":1e300,"price":-1234567890123456789012345678.0123456789,"flag":true,"day":"2035-2-3","at":"2035-01-02T03:04:05.123456789Z","raw":"bytes"}',
        '{}',
      ],
    ),
  });
  expect(columns).toEqual({
    text: 'VARCHAR',
    short: 'VARCHAR',
    fixed: 'VARCHAR',
    tiny: 'TINYINT',
    small: 'SMALLINT',
    whole: 'INTEGER',
    big: 'BIGINT',
    single: 'FLOAT',
    real: 'DOUBLE',
    price: 'DECIMAL(38,10)',
    flag: 'BOOLEAN',
    day: 'DATE',
    at: 'TIMESTAMP',
    raw: 'BLOB',
  });
  expect(rows).toEqual([
    {
      text: 'ä😀',
      short: 'abc',
      fixed: 'xy',
      tiny: -128,
      small: 32767,
      whole: -2147483648,
      big: 9223372036854775807n,
      single: 1.5,
      real: 1e300,
      price: expect.anything(),
      flag: true,
      day: new Date('2035-02-03'),
      at: new Date('2035-01-02T03:04:05.123Z'),
      raw: new Uint8Array(Buffer.from('bytes')),
    },
    Object.fromEntries(Object.keys(columns).map((name) => [name, null])),
  ]);
});

test('decimals and timestamps keep their digits', async () => {
  const { rows } = await readParquet(
    {
      'a.parquet': fileOf({ price: 'decimal(38,10)', at: 'timestamp' }, [
        '{"price":-1234567890123456789012345678.0123456789,"at":"2035-01-02T03:04:05.123456789Z"}',
        '{"price":"0.00000000005","at":2051319845}',
        '{"price":5e-11,"at":2051319845123}',
        '{"price":-4.9e-11,"at":-0.5}',
      ]),
    },
    (files) =>
      `SELECT price::VARCHAR AS price, epoch_us("at")::VARCHAR AS "at" FROM read_parquet(${files})`,
  );
  expect(rows).toEqual([
    { price: '-1234567890123456789012345678.0123456789', at: '2051319845123456' },
    { price: '0.0000000001', at: '2051319845000000' },
    { price: '0.0000000001', at: '2051319845123000' },
    { price: '0.0000000000', at: '-500000' },
  ]);
});

test('nested types keep what is missing apart from what is empty', async () => {
  const { columns, rows } = await readParquet(
    {
      'a.parquet': fileOf(
        {
          items: 'array<struct<sku:string,sizes:array<int>>>',
          stock: 'map<string,array<decimal(5,2)>>',
          who: 'struct<name:string,home:struct<`zip code`:int>>',
        },
        [
          '{"items":[{"sku":"a","sizes":[1,null]},null,{"sizes":[]},{}],"stock":{"A":[1.5],"b":null,"c":[]},"who":{"name":"x","home":{"zip code":12}}}',
          '{"items":[],"stock":{},"who":{}}',
          '{"items":null,"stock":null,"who":null}',
        ],
      ),
    },
    (files) => `SELECT to_json(t) AS row FROM read_parquet(${files}) AS t`,
  );
  expect(columns).toEqual({ row: 'JSON' });
  expect(rows.map(({ row }) => JSON.parse(String(row)))).toEqual([
    {
      items: [
        { sku: 'a', sizes: [1, null] },
        null,
        { sku: null, sizes: [] },
        { sku: null, sizes: null },
      ],
      stock: { a: [1.5], b: null, c: [] },
      who: { name: 'x', home: { 'zip code': 12 } },
    },
    { items: [], stock: {}, who: { name: null, home: null } },
    { items: null, stock: null, who: null },
  ]);
});

test.each(['SNAPPY', 'GZIP', 'UNCOMPRESSED'] as const)(
  'pages are small, groups of rows limited, and compressed by %s, with dictionaries or without',
  async (compression) => {
    const documents = Array.from(
      { length: 5000 },
      (_, index) => `{"n":${index},"kind":"kind ${index % 3}"}`,
    );
    for (const dictionaries of [true, false]) {
      const file = fileOf({ n: 'bigint', kind: 'string' }, documents, {
        compression,
        dictionaries,
        pageBytes: 4096,
        groupRows: 2000,
      });
      const { rows } = await readParquet(
        { 'a.parquet': file },
        (files) =>
          `SELECT count(*)::INT AS rows, sum(n)::INT AS total, count(DISTINCT kind)::INT AS kinds FROM read_parquet(${files})`,
      );
      expect(rows).toEqual([{ rows: 5000, total: 12_497_500, kinds: 3 }]);
      const layout = await readParquet(
        { 'a.parquet': file },
        (files) =>
          `SELECT DISTINCT row_group_num_rows::INT AS rows, compression, list_contains(string_split(encodings, ', '), 'RLE_DICTIONARY') AS dictionary FROM parquet_metadata(${files}) WHERE path_in_schema = 'kind' ORDER BY rows`,
      );
      expect(layout.rows).toEqual([
        { rows: 1000, compression, dictionary: dictionaries },
        { rows: 2000, compression, dictionary: dictionaries },
      ]);
    }
  },
);
