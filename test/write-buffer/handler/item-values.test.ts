import fc from 'fast-check';
import { parseJsonPath } from '../../../lib/json/json-path';
import { attributeValueOf } from '../../../lib/write-buffer/handler/dynamodb/attribute-value';
import { itemOf } from '../../../lib/write-buffer/handler/dynamodb/item-values';
import type { AttributePlan } from '../../../lib/write-buffer/mapping/settings';
import { record } from './fixtures';

const path = (text: string, optional = false): AttributePlan['source'] => ({
  kind: 'path',
  path: parseJsonPath(text) ?? [],
  ...(optional && { optional }),
});

const read = (body: unknown, attributes: readonly AttributePlan[], key: string[] = []) =>
  itemOf(record(body), { attributes, key });

test('every kind of JSON value has its type, and numbers their digits', () => {
  const body = `{
    "text": "ä\\u20ac \\"x\\"", "exact": 12345678901234567890.10, "tiny": -1E-7,
    "yes": true, "no": false, "nothing": null,
    "deep": { "list": [1, "two", [], {}], "a \\"quoted\\" name": 1.50 }
  }`;
  const names = ['text', 'exact', 'tiny', 'yes', 'no', 'nothing', 'deep'];

  expect(
    read(
      body,
      names.map((name) => ({ name, source: path(`$.${name}`) })),
    ),
  ).toEqual({
    values: {
      text: { S: 'ä€ "x"' },
      exact: { N: '12345678901234567890.10' },
      tiny: { N: '-1E-7' },
      yes: { BOOL: true },
      no: { BOOL: false },
      nothing: { NULL: true },
      deep: {
        M: {
          list: { L: [{ N: '1' }, { S: 'two' }, { L: [] }, { M: {} }] },
          'a "quoted" name': { N: '1.50' },
        },
      },
    },
  });
});

test('any JSON document becomes a value that says the same', () => {
  const plain = (value: ReturnType<typeof attributeValueOf>): unknown => {
    if (value.M) {
      return Object.fromEntries(Object.entries(value.M).map(([k, v]) => [k, plain(v)]));
    }
    if (value.L) {
      return value.L.map(plain);
    }
    if (value.NULL) {
      return null;
    }
    return value.N === undefined ? (value.S ?? value.BOOL) : Number(value.N);
  };
  fc.assert(
    fc.property(fc.jsonValue(), fc.integer({ min: 0, max: 2 }), (value, indent) => {
      const json = JSON.stringify(value, undefined, indent);
      expect(plain(attributeValueOf(json))).toEqual(JSON.parse(json));
    }),
  );
});

test.each<[AttributePlan['type'], unknown, unknown]>([
  ['S', 'text', { S: 'text' }],
  ['S', 7, undefined],
  ['N', 7.5, { N: '7.5' }],
  ['N', '12.10', { N: '12.10' }],
  ['N', '1e5', { N: '1e5' }],
  ['N', 'a lot', undefined],
  ['N', '', undefined],
  ['N', true, undefined],
  ['BOOL', false, { BOOL: false }],
  ['BOOL', 'false', undefined],
  ['B', 'AP8H', { B: Buffer.from([0, 255, 7]) }],
  ['B', 'AP8', undefined],
  ['B', 'not base64!', undefined],
  ['S', null, { NULL: true }],
])('a value of type %s from %j is %j', (type, value, expected) => {
  const reading = read({ value }, [{ name: 'value', source: path('$.value'), type }]);

  if (expected === undefined) {
    expect(reading).toMatchObject({ rejection: { reason: 'InvalidValue' } });
  } else {
    expect(reading).toEqual({ values: { value: expected } });
  }
});

test('an optional value that is missing leaves its attribute out', () => {
  expect(read({}, [{ name: 'note', source: path('$.note', true), type: 'S' }])).toEqual({
    values: {},
  });
});

test('what SQS knows of a message becomes text, a time to live seconds', () => {
  const attributes: AttributePlan[] = [
    { name: 'body', source: { kind: 'body' } },
    { name: 'id', source: { kind: 'messageId' } },
    { name: 'sent', source: { kind: 'sentTimestamp' } },
    { name: 'expires', source: { kind: 'sentTimestamp' }, type: 'N', plusSeconds: 60 },
    { name: 'tenant', source: { kind: 'messageAttribute', name: 'tenant' } },
    { name: 'weight', source: { kind: 'messageAttribute', name: 'weight' }, type: 'N' },
    { name: 'missing', source: { kind: 'messageAttribute', name: 'missing' } },
  ];
  const message = record('{"a": 1}', {
    messageId: 'm1',
    messageAttributes: {
      tenant: { dataType: 'String', stringValue: 'Köln' },
      weight: { dataType: 'Number', stringValue: '1.50' },
    },
  });

  expect(itemOf(message, { attributes, key: ['id'] })).toEqual({
    values: {
      body: { S: '{"a": 1}' },
      id: { S: 'm1' },
      sent: { S: '2035-01-01T00:00:00.123Z' },
      expires: { N: '2051222460' },
      tenant: { S: 'Köln' },
      weight: { N: '1.50' },
    },
  });
});

test('a key or a version without a value is missing', () => {
  const attributes: AttributePlan[] = [
    { name: 'id', source: path('$.id') },
    { name: 'v', source: path('$.v') },
  ];

  expect(itemOf(record({ id: null, v: 1 }), { attributes, key: ['id'] })).toEqual({
    rejection: { reason: 'MissingValue', message: 'the key has no value: id' },
  });
  expect(itemOf(record({ id: 'a', v: null }), { attributes, key: ['id'], version: 'v' })).toEqual({
    rejection: { reason: 'MissingValue', message: 'the version has no value: v' },
  });
});
