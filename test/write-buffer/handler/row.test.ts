import fc from 'fast-check';
import { parseJsonPath } from '../../../lib/json/json-path';
import { jsonTextAt } from '../../../lib/json/json-text';
import { rowOf } from '../../../lib/write-buffer/handler/postgres/row';
import { toPositional } from '../../../lib/write-buffer/mapping/named-parameters';
import type { ValueSource } from '../../../lib/write-buffer/mapping/settings';
import { record } from './fixtures';

const path = (text: string, optional?: boolean): ValueSource => ({
  kind: 'path',
  path: parseJsonPath(text) ?? [],
  optional,
});

describe('values', () => {
  const body =
    '{ "n": 12345678901234567890.10, "s": "a\\"\\u00e9", "t": true, "z": null, "o": {"a": [1, 2.50]}, "e": 1e400 }';

  test.each<[string, string | null]>([
    ['$.n', '12345678901234567890.10'],
    ['$.e', '1e400'],
    ['$.s', 'a"é'],
    ['$.t', 'true'],
    ['$.z', null],
    ['$.o', '{"a": [1, 2.50]}'],
    ['$.o.a[1]', '2.50'],
    ["$['o']['a']", '[1, 2.50]'],
    ['$', body],
  ])('%s is passed on as it was written', (text, value) => {
    expect(rowOf(record(body), [path(text)])).toEqual({ values: [value] });
  });

  test('a missing value is an error that says where', () => {
    expect(rowOf(record(body), [path("$.o.b[0]['x y']")])).toEqual({
      rejection: { reason: 'MissingValue', message: "the body has no value at $.o.b[0]['x y']" },
    });
  });

  test('a missing value is NULL if it is optional', () => {
    expect(rowOf(record(body), [path('$.nothing', true)])).toEqual({ values: [null] });
  });

  test('of the message itself need no JSON', () => {
    const message = record('not JSON', {
      messageId: 'm',
      messageAttributes: { tenant: { dataType: 'String', stringValue: 't' } },
    });

    expect(
      rowOf(message, [
        { kind: 'messageId' },
        { kind: 'sentTimestamp' },
        { kind: 'messageAttribute', name: 'tenant' },
        { kind: 'messageAttribute', name: 'other' },
      ]),
    ).toEqual({ values: ['m', '2035-01-01T00:00:00.123Z', 't', null] });
  });

  test('a binary attribute is an error, and the name of a method is no attribute', () => {
    const message = record('{}', {
      messageAttributes: { picture: { dataType: 'Binary', binaryValue: 'YWJj' } },
    });
    const attribute = (name: string): ValueSource => ({ kind: 'messageAttribute', name });

    expect(rowOf(message, [attribute('picture')])).toEqual({
      rejection: { reason: 'InvalidValue', message: 'the message attribute picture is binary' },
    });
    expect(rowOf(message, [attribute('constructor')])).toEqual({ values: [null] });
  });

  test.each(['', '{', '{"a":1}x', 'undefined'])(
    'a body that is not JSON is an error: %p',
    (text) => {
      expect(rowOf(record(text), [{ kind: 'body' }])).toMatchObject({
        rejection: { reason: 'InvalidJson' },
      });
    },
  );
});

test('of members with the same name the last one counts', () => {
  expect(jsonTextAt('{"a":1,"a":2}', ['a'])).toBe('2');
});

test('every value of any JSON document is found where it is', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(3), (document, indent) => {
      const text = JSON.stringify(document, undefined, indent);
      const parsed: Record<string, unknown> = JSON.parse(text);
      for (const [name, value] of Object.entries(parsed)) {
        expect(JSON.parse(jsonTextAt(text, [name]) ?? 'nothing')).toEqual(value);
      }
    }),
    { seed: 1 },
  );
});

test.each(
  [['a', '$a', '$.', '$..a', '$.*', '$[a]', '$[-1]', '$.a[', '$.a b', "$['a", '$[?(@.a)]']].flat(),
)('%p is no path', (text) => {
  expect(parseJsonPath(text)).toBeUndefined();
});

test.each([
  ['SELECT :a, :b, :a', 'SELECT $1, $2, $1', ['a', 'b']],
  ["SELECT ':a', E'\\':a', \":a\"", "SELECT ':a', E'\\':a', \":a\"", []],
  ['SELECT :a::int[1:2]', 'SELECT $1::int[1:2]', ['a']],
  ['SELECT $$ :a $$, $x$ :b $$ $x$, :c', 'SELECT $$ :a $$, $x$ :b $$ $x$, $1', ['c']],
  ['-- :a\nSELECT /* :b */ :c', '-- :a\nSELECT /* :b */ $1', ['c']],
])('named parameters of %p', (statement, text, names) => {
  expect(toPositional(statement)).toEqual({ text, names });
});
