import { parseHiveType } from '../../../../src/services/firehose/conversion/hive-type';
import { RecordRows } from '../../../../src/services/firehose/conversion/record-rows';
import {
  hiveSerDe,
  openXSerDe,
  type SerDe,
} from '../../../../src/services/firehose/conversion/serde';

/** The rows of a record by a table of these columns, or why there are none. */
function rows(types: Readonly<Record<string, string>>, record: string, serDe = openXSerDe({})) {
  const columns = Object.entries(types).map(([name, type]) => ({
    name,
    type: parseHiveType(type),
  }));
  return new RecordRows(columns, serDe).of(Buffer.from(record));
}

const malformed = (message: string) => ({ code: 'DataFormatConversion.MalformedData', message });

describe('documents', () => {
  test('several in one record are as many rows, with blanks between them or without', () => {
    expect(rows({ a: 'int' }, '{"a":1}{"a":2}\n {"b":3}\n')).toEqual([[1], [2], [null]]);
  });

  test('an array is one row, its values by position', () => {
    expect(rows({ a: 'int', b: 'string' }, '[1,{"X":2},3]')).toEqual([[1, '{"x":2}']]);
  });

  test.each([
    ['', malformed('The record was empty or contained only whitespace.')],
    [' \n', malformed('The record was empty or contained only whitespace.')],
    [
      '12',
      malformed(
        'The input JSON contained a primitive at the top level. The top level must be an object or array.',
      ),
    ],
  ])('%j is no row', (record, failure) => {
    expect(rows({ a: 'int' }, record)).toEqual(failure);
  });

  test.each([
    '{"a":1',
    '{"a" 1}',
    '{a:1}',
    '{"a":01}',
    '{"a":tru}',
    '{"a":"\n"}',
    '{"a":"\\x"}',
    '{"a":"\\u12"}',
    '[1,]',
    'nonsense',
    '{"a":1}}',
  ])('%j is no JSON', (record) => {
    expect(rows({ a: 'int' }, record)).toMatchObject({
      code: 'DataFormatConversion.ParseError',
      message: expect.stringMatching(/^Encountered malformed JSON\. Unexpected/),
    });
  });

  test('bytes that are no UTF-8 are no JSON', () => {
    const failure = new RecordRows([], openXSerDe({})).of(Uint8Array.of(0x7b, 0xff, 0x7d));
    expect(failure).toMatchObject({ code: 'DataFormatConversion.ParseError' });
  });
});

describe('the OpenX SerDe', () => {
  test('finds members without regard to capital letters, also in structs and maps', () => {
    expect(
      rows(
        { userid: 'int', Who: 'struct<Name:string>', tags: 'map<string,int>' },
        '{"userId":1,"WHO":{"NAME":"x"},"Tags":{"Red":1}}',
      ),
    ).toEqual([[1, { Name: 'x' }, new Map([['red', 1]])]]);
  });

  test('minds capital letters if it is told to', () => {
    const serDe = openXSerDe({ CaseInsensitive: false });
    const types = { userid: 'int', tags: 'map<string,int>' };
    expect(rows(types, '{"userId":1,"tags":{"Red":1}}', serDe)).toEqual([
      [null, new Map([['Red', 1]])],
    ]);
  });

  test('takes columns from keys of other names', () => {
    const serDe = openXSerDe({ ColumnToJsonKeyMappings: { ts: 'timeStamp' } });
    expect(rows({ ts: 'int' }, '{"TimeStamp":5,"ts":6}', serDe)).toEqual([[5]]);
  });

  test('makes dots in keys underscores if it is told to', () => {
    const types = { a_b: 'int', c: 'struct<d_e:int>' };
    const record = '{"a.b":1,"c":{"d.e":2}}';
    expect(rows(types, record)).toEqual([[null, { d_e: null }]]);
    const serDe = openXSerDe({ ConvertDotsInJsonKeysToUnderscores: true });
    expect(rows(types, record, serDe)).toEqual([[1, { d_e: 2 }]]);
  });

  test.each<readonly [type: string, json: string, value: unknown]>([
    ['int', '"12"', 12],
    ['bigint', '" -9223372036854775808 "', -9223372036854775808n],
    ['double', '"1.5e3"', 1500],
    ['decimal(4,2)', '"12.345"', 1235n],
    ['boolean', '"TRUE"', true],
    ['string', '12.50', '12.50'],
    ['string', 'true', 'true'],
    ['string', '{"A":[1,{"B":null}]}', '{"a":[1,{"b":null}]}'],
    ['array<string>', '"one"', ['one']],
    ['array<struct<a:int>>', '{"a":1}', [{ a: 1 }]],
    ['struct<a:int,b:int>', '[1]', { a: 1, b: null }],
    ['struct<a:int>', '{}', { a: null }],
  ])('makes %s of %s', (type, json, value) => {
    expect(rows({ a: type }, `{"a":${json}}`)).toEqual([[value]]);
  });

  test.each<readonly [type: string, json: string, reason: string]>([
    ['double', '"oops"', 'For input string: "oops"'],
    ['int', '12.5', 'For input string: "12.5"'],
    ['int', '2147483648', 'For input string: "2147483648"'],
    ['tinyint', '128', 'For input string: "128"'],
    ['float', '1e39', 'For input string: "1e39"'],
    ['boolean', '"yes"', 'For input string: "yes"'],
    ['date', '"2035-02-30"', 'For input string: "2035-02-30"'],
    ['timestamp', '"2026-9-7T12:00:02Z"', 'For input string: "2026-9-7T12:00:02Z"'],
    ['timestamp', '"tomorrow"', 'For input string: "tomorrow"'],
    ['decimal(4,2)', '123.4', 'Value 123.4 is out of range for decimal(4,2).'],
    ['decimal(4,2)', '99.995', 'Value 99.995 is out of range for decimal(4,2).'],
    ['decimal(4,2)', '1e999', 'Value 1e999 is out of range for decimal(4,2).'],
    ['struct<a:int>', '7', 'Data is not JSONObject  but java.lang.Long with value 7'],
    ['map<string,int>', '[1]', 'A map column cannot hold a JSON array.'],
    ['int', '[1]', 'A column of type int cannot hold a JSON array.'],
    ['array<int>', '["x"]', 'For input string: "x"'],
  ])('makes no %s of %s', (type, json, reason) => {
    expect(rows({ a: type }, `{"a":${json}}`)).toEqual(
      malformed(`Data does not match the schema. ${reason}`),
    );
  });

  // https://docs.aws.amazon.com/firehose/latest/dev/record-format-conversion.html#record-format-conversion-deserializers
  test.each([
    ['"2017-02-07T15:13:01.39256Z"', '2017-02-07T15:13:01.392560Z'],
    ['"2017-2-7 15:13:01.14"', '2017-02-07T15:13:01.140000Z'],
    ['1518033528', '2018-02-07T19:58:48.000000Z'],
    ['"1518033528"', '2018-02-07T19:58:48.000000Z'],
    ['1518033528123', '2018-02-07T19:58:48.123000Z'],
    ['1518033528.123', '2018-02-07T19:58:48.123000Z'],
  ])('reads the timestamp %s', (json, time) => {
    expect(rows({ at: 'timestamp' }, `{"at":${json}}`)).toEqual([[micros(time)]]);
  });
});

describe("Hive's SerDe", () => {
  const hive = (...formats: string[]) => hiveSerDe(formats);

  test('finds members without regard to capital letters, and keeps keys as they are', () => {
    expect(
      rows(
        { userid: 'int', who: 'struct<name:string>', tags: 'map<string,int>' },
        '{"userId":1,"Who":{"NAME":"x"},"tags":{"Red":1}}',
        hive(),
      ),
    ).toEqual([[1, { name: 'x' }, new Map([['Red', 1]])]]);
  });

  test.each<readonly [type: string, json: string, message: string]>([
    [
      'int',
      '"123"',
      'Data does not match the schema. Current token (VALUE_STRING) not numeric, can not use numeric value accessors',
    ],
    [
      'array<int>',
      '1',
      'Data does not match the schema. java.io.IOException: Start of Array expected',
    ],
    [
      'struct<a:int>',
      '[1]',
      'Data does not match the schema. java.io.IOException: Start of Object expected',
    ],
    [
      'string',
      '{"inner":1}',
      'One or more fields have incorrect format. Exception when validating field (root)',
    ],
    ['timestamp', '1518033528', 'Data does not match the schema. For input string: "1518033528"'],
  ])('makes no %s of %s', (type, json, message) => {
    expect(rows({ a: type }, `{"a":${json}}`, hive())).toEqual(malformed(message));
  });

  test.each<readonly [serDe: SerDe, json: string, time: string]>([
    [hive(), '"2017-02-07 15:13:01.14"', '2017-02-07T15:13:01.140000Z'],
    [hive('millis'), '1518033528123', '2018-02-07T19:58:48.123000Z'],
    [
      hive("yyyy-MM-dd'T'HH:mm:ss.SSSZZ"),
      '"2017-02-07T15:13:01.5+01:00"',
      '2017-02-07T14:13:01.500000Z',
    ],
    [hive('dd/MMM/yyyy:HH:mm:ss Z'), '"07/Feb/2017:15:13:01 -0230"', '2017-02-07T17:43:01.000000Z'],
    [hive('EEE, d MMMM yy h:mm a'), '"Tue, 7 February 17 12:05 am"', '2017-02-07T00:05:00.000000Z'],
    [hive("M/d/yyyy 'o''clock' K a"), `"2/7/2017 o'clock 3 PM"`, '2017-02-07T15:00:00.000000Z'],
    [hive('yyyy-MM-dd kk'), '"2017-02-07 24"', '2017-02-07T00:00:00.000000Z'],
    [hive('yyyy', 'MM/yyyy'), '"02/2017"', '2017-02-01T00:00:00.000000Z'],
  ])('reads timestamps by the formats that it is given (%#)', (serDe, json, time) => {
    expect(rows({ at: 'timestamp' }, `{"at":${json}}`, serDe)).toEqual([[micros(time)]]);
  });

  test('refuses formats with letters that it does not read', () => {
    expect(() => hive('yyyy w')).toThrow('Unsupported letter w in the pattern yyyy w');
  });
});

test.each([
  'uniontype<int,string>',
  'map<array<int>,int>',
  'struct<a:int,A:int>',
  'struct<>',
  'array<int',
  'decimal(39,1)',
  'decimal(4,5)',
  'varchar(0)',
  'char(256)',
  'varchar(6 5535)',
  'int extra',
  'text',
])('%s is no type', (type) => {
  expect(() => parseHiveType(type)).toThrow(`Unsupported type ${type}`);
});

/** @param time - with six digits of a fraction of a second */
function micros(time: string): bigint {
  return BigInt(Date.parse(`${time.slice(0, 19)}Z`)) * 1000n + BigInt(time.slice(20, 26));
}
