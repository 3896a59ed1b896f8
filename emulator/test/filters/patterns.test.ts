import { fieldsOf, type PatternDialect, parsePattern } from '../../src/filters';
import { everything } from './support';

const matches = (pattern: unknown, event: unknown): boolean =>
  parsePattern(JSON.stringify(pattern), everything).pattern.matches(fieldsOf(event));

const problem = (text: string, dialect: PatternDialect = everything): string => {
  try {
    parsePattern(text, dialect);
    return '';
  } catch (error) {
    return String(Object(error).message);
  }
};

describe('values, as the pages of SNS and EventBridge show them', () => {
  test.each<[rules: unknown[], value: unknown, matches: boolean]>([
    [['rugby', 'tennis'], 'rugby', true],
    [['rugby', 'tennis'], 'tennis', true],
    [['rugby', 'tennis'], 'baseball', false],
    [['rugby'], 'Rugby', false],
    [['rugby', 'tennis'], ['rugby', 'football'], true],
    [['rugby', 'tennis'], ['baseball'], false],
    [[{ 'anything-but': ['rugby', 'tennis'] }], 'baseball', true],
    [[{ 'anything-but': ['rugby', 'tennis'] }], 'rugby', false],
    [[{ 'anything-but': ['rugby', 'tennis'] }], ['rugby', 'baseball'], true],
    [[{ 'anything-but': ['rugby', 'tennis'] }], ['rugby'], false],
    [[{ 'anything-but': 'rugby' }], undefined, false],
    [[{ 'anything-but': 'rugby' }], null, true],
    [[{ 'anything-but': { prefix: 'order-' } }], 'data-entry', true],
    [[{ 'anything-but': { prefix: 'order-' } }], 'order-number', false],
    [[{ 'anything-but': { prefix: ['order-', 'bill-'] } }], 'bill-number', false],
    [[{ 'anything-but': { suffix: '.png' } }], 'cat.jpg', true],
    [[{ 'anything-but': { suffix: ['.png', '.jpg'] } }], 'cat.jpg', false],
    [[{ 'anything-but': { wildcard: '*/lib/*' } }], 'usr/lib/x', false],
    [[{ 'anything-but': { wildcard: ['*/lib/*', '*/bin/*'] } }], 'usr/share/x', true],
    [[{ 'anything-but': { 'equals-ignore-case': 'Initializing' } }], 'INITIALIZING', false],
    [[{ 'anything-but': { 'equals-ignore-case': ['a', 'b'] } }], 'c', true],
    [[{ 'anything-but': [100, 500] }], 101, true],
    [[{ 'anything-but': [100, 500] }], 100, false],
    [[{ 'anything-but': [100, 500] }], [100, 50], true],
    [[{ prefix: 'bas' }], 'baseball', true],
    [[{ prefix: 'bas' }], 'rugby', false],
    [[{ suffix: 'ball' }], 'baseball', true],
    [[{ suffix: 'ball' }], 'rugby', false],
    [[{ suffix: 'ball' }], 5, false],
    [[{ 'equals-ignore-case': 'tennis' }], 'TENNIS', true],
    [[{ 'equals-ignore-case': 'tennis' }], 'tennis ', false],
    [[{ wildcard: '*ball' }], 'baseball', true],
    [[{ wildcard: 'b*e*l' }], 'baseball', true],
    [[{ wildcard: 'b*a' }], 'b', false],
    [[{ wildcard: 'ab*ba' }], 'aba', false],
    [[{ wildcard: 'a*b*b*c' }], 'abc', false],
    [[{ wildcard: 'a*b*b*c' }], 'abbc', true],
    [[{ wildcard: 'exact' }], 'exact', true],
    [[{ wildcard: 'a\\*b' }], 'a*b', true],
    [[{ wildcard: 'a\\*b' }], 'axb', false],
    [[{ wildcard: 'a\\\\*' }], 'a\\b', true],
    [[{ cidr: '10.0.0.0/24' }], '10.0.0.0', true],
    [[{ cidr: '10.0.0.0/24' }], '10.0.0.255', true],
    [[{ cidr: '10.0.0.0/24' }], '10.1.1.0', false],
    [[{ cidr: '10.0.0.0/24' }], 'ten', false],
    [[{ cidr: '2001:db8::/32' }], '2001:db8:1::5', true],
    [[301.5], 301.5, true],
    [[3.015e2], 301.5, true],
    [[301.5], '301.5', false],
    [['301.5'], 301.5, false],
    [[{ numeric: ['=', 301.5] }], 301.5, true],
    [[{ numeric: ['<', 0] }], -1, true],
    [[{ numeric: ['<', 0] }], 0, false],
    [[{ numeric: ['>', 0, '<=', 150] }], 150, true],
    [[{ numeric: ['>', 0, '<=', 150] }], 0, false],
    [[{ numeric: ['>=', 0, '<', 150] }], 150, false],
    [[{ numeric: ['>', 0] }], '5', false],
    [[{ exists: true }], 'Ireland', true],
    [[{ exists: true }], undefined, false],
    [[{ exists: true }], {}, false],
    [[{ exists: false }], undefined, true],
    [[{ exists: false }], 'Ireland', false],
    [[{ exists: false }, 'US'], 'US', true],
    [[true], true, true],
    [[true], 'true', false],
    [[null], null, true],
    [[null], undefined, false],
    [[''], '', true],
  ])('%j applied to %j: %p', (rules, value, expected) => {
    expect(matches({ field: rules }, { field: value, other: 1 })).toBe(expected);
  });
});

describe('documents', () => {
  test('all keys must match, nested ones too, and what a pattern does not name is ignored', () => {
    const pattern = { a: [1], b: { c: ['x'], d: { e: [{ exists: true }] } } };
    expect(matches(pattern, { a: 1, b: { c: 'x', d: { e: 0 }, z: 5 }, y: [] })).toBe(true);
    expect(matches(pattern, { a: 1, b: { c: 'x' } })).toBe(false);
    expect(matches(pattern, { a: 2, b: { c: 'x', d: { e: 0 } } })).toBe(false);
  });

  test('names with dots and objects inside objects are the same', () => {
    const documents = [
      { a: { b: { c: 1 } } },
      { 'a.b.c': 1 },
      { 'a.b': { c: 1 } },
      { a: { 'b.c': 1 } },
    ];
    for (const pattern of [{ 'a.b.c': [1] }, { a: { 'b.c': [1] } }, { a: { b: { c: [1] } } }])
      expect(documents.map((document) => matches(pattern, document))).toEqual(
        documents.map(() => true),
      );
  });

  test('fields inside an array are met in the same element', () => {
    const pattern = { items: { kind: ['a'], size: [1] } };
    expect(matches(pattern, { items: [{ kind: 'a', size: 1 }] })).toBe(true);
    expect(
      matches(pattern, {
        items: [
          { kind: 'a', size: 2 },
          { kind: 'b', size: 1 },
        ],
      }),
    ).toBe(false);
    expect(matches(pattern, { items: [[[{ kind: 'a', size: [0, 1] }]]] })).toBe(true);
  });

  test('a choice that fits one key and not another is taken back', () => {
    const pattern = { items: { a: [1], b: [1], c: [1] } };
    const items = [
      { a: 1, b: 1 },
      { a: 1, c: 1 },
      { a: 1, b: 1, c: 1 },
    ];
    expect(matches(pattern, { items })).toBe(true);
    expect(matches(pattern, { items: items.slice(0, 2) })).toBe(false);
  });

  test('one alternative of $or suffices, at every level', () => {
    const pattern = {
      $or: [{ metricName: ['CPUUtilization'] }, { namespace: ['AWS/EC2'] }],
      detail: { scope: ['Service'], $or: [{ source: ['aws.cloudwatch'] }, { type: ['Alarm'] }] },
    };
    const detail = { scope: 'Service', source: 'aws.cloudwatch' };
    expect(matches(pattern, { metricName: 'CPUUtilization', detail })).toBe(true);
    expect(matches(pattern, { namespace: 'AWS/EC2', detail })).toBe(true);
    expect(matches(pattern, { namespace: 'AWS/EC2', detail: { scope: 'Service' } })).toBe(false);
    expect(matches(pattern, { detail })).toBe(false);
    expect(
      matches(pattern, {
        metricName: 'CPUUtilization',
        detail: { scope: 'Service', type: 'Alarm' },
      }),
    ).toBe(true);
  });

  test('of two lists for the same path, the last one counts', () => {
    const pattern = { $or: [{ a: [1] }, { b: [1] }], a: [2] };
    expect(matches(pattern, { a: 2 })).toBe(true);
    expect(matches(pattern, { a: 1 })).toBe(false);
  });

  test('where there is nothing at all, only exists false matches', () => {
    for (const value of [undefined, {}, []])
      expect([
        matches({ a: [{ exists: false }] }, { a: value }),
        matches({ a: [{ 'anything-but': 'x' }] }, { a: value }),
      ]).toEqual([true, false]);
  });
});

// Recorded from AWS: https://github.com/localstack/localstack, tests/aws/services/sns/test_sns_filter_policy.snapshot.json
describe('what is wrong with a pattern is said in the words of AWS, with the place', () => {
  test.each([
    ['{"key":[["value"]]}', 'Match value must be String, number, true, false, or null', 10],
    ['{"key":[{"wrong-operator":true}]}', 'Unrecognized match type wrong-operator', 31],
    [
      '{"key":[{"suffix":"value","prefix":"value2"}]}',
      'Only one key allowed in match expression',
      37,
    ],
    ['{"key":[{"suffix":100}]}', 'suffix match pattern must be a string', 22],
    ['{"key":[{"suffix":null}]}', 'suffix match pattern must be a string', 23],
    ['{"key":{"suffix":"value"}}', '"suffix" must be an object or an array', 19],
    ['{"key":[{"suffix":[]}]}', 'suffix match pattern must be a string', 20],
    ['{"key":{"suffix":"value","prefix":"value"}}', '"suffix" must be an object or an array', 19],
    ['{"key":[{"numeric":[]}]}', 'Invalid member in numeric match: ]', 22],
    ['{"key":[{"numeric":["operator"]}]}', 'Unrecognized numeric range operator: operator', 32],
    ['{"key":[{"numeric":[1,"<="]}]}', 'Invalid member in numeric match: 1', 22],
    ['{"key":[{"numeric":["=","000"]}]}', 'Value of equals must be numeric', 26],
    ['{"key":[{"numeric":[">="]}]}', 'Value of >= must be numeric', 26],
    ['{"key":[{"numeric":["<",100,">",10]}]}', 'Too many elements in numeric expression', 30],
    ['{"key":[{"numeric":[">=",1,">",2]}]}', 'Bad numeric range operator: >', 31],
    ['{"key":[{"numeric":[">",3,"<",1]}]}', 'Bottom must be less than top', 33],
    ['{"key":[{"numeric":[">",20,"<="]}]}', 'Value of <= must be numeric', 33],
    ['{"key":[{"numeric":[">",20,30]}]}', 'Bad value in numeric range: 30', 30],
    ['{"key":[{"numeric":[">",20,"test"]}]}', 'Bad numeric range operator: test', 34],
    ['{"key":[{"numeric":[">","20","<","30"]}]}', 'Value of > must be numeric', 26],
    ['{"key":[{"numeric":[">",20,"<","30"]}]}', 'Value of < must be numeric', 33],
    [
      '{"key":[{"numeric":[">",20,"<",30,"<",50]}]}',
      'Too many terms in numeric range expression',
      36,
    ],
    ['{"key":[{"exists":null}]}', 'exists match pattern must be either true or false.', 23],
    ['{"key":[{"exists":"no"}]}', 'exists match pattern must be either true or false.', 20],
    ['{"key_a":"value_one"}', '"key_a" must be an object or an array', 11],
  ])('%s', (text, reason, column) => {
    expect(problem(text)).toBe(
      `${reason}\n at [Source: (String)"${text}"; line: 1, column: ${column}]`,
    );
  });

  test('on the line where it is, of the first 500 characters', () => {
    expect(problem('{\n  "a": [1],\n  "b": [[]]\n}')).toMatch(/line: 3, column: 10\]$/);
    const text = `{"a":["${'x'.repeat(600)}"],"b":5}`;
    expect(problem(text)).toContain(
      `"${text.slice(0, 500)}"[truncated ${text.length - 500} chars]`,
    );
  });

  test.each([
    ['[]', 'Filter is not an object'],
    ['{}', 'Empty objects are not allowed'],
    ['{"a":{}}', 'Empty objects are not allowed'],
    ['{"a":[]}', 'Empty arrays are not allowed'],
    ['{"a":[{}]}', 'Match expression name not found'],
    ['{"$or":{"a":[1]}}', 'It must be an Array followed with $or.'],
    ['{"$or":[1,2]}', 'Only JSON object is allowed in array of $or relationship.'],
    ['{"$or":[{"a":[1]}]}', 'There must have at least 2 Objects in $or relationship.'],
    [
      '{"$or":[{"prefix":[1]},{"a":[1]}]}',
      'prefix is Ruler reserved fieldName which cannot be used inside $or.',
    ],
    ['{"a":[{"numeric":5}]}', 'Value of numeric must be an array.'],
    [
      '{"a":[{"anything-but":null}]}',
      'Value of anything-but must be an array or single string/number value.',
    ],
    [
      '{"a":[{"anything-but":[]}]}',
      'Inside anything but list, either all values are number or string, mixed type is not supported',
    ],
    [
      '{"a":[{"anything-but":[1,"a"]}]}',
      'Inside anything but list, either all values are number or string, mixed type is not supported',
    ],
    [
      '{"a":[{"anything-but":[true]}]}',
      'Inside anything but list, start|null|boolean is not supported.',
    ],
    ['{"a":[{"anything-but":{"numeric":["=",1]}}]}', 'Unsupported anything-but pattern: numeric'],
    ['{"a":[{"anything-but":{"prefix":""}}]}', 'Null prefix/suffix not allowed'],
    ['{"a":[{"anything-but":{"prefix":5}}]}', 'prefix/suffix match pattern must be a string'],
    ['{"a":[{"cidr":5}]}', 'prefix match pattern must be a string'],
    ['{"a":[{"cidr":"10.0.0.0"}]}', "Malformed CIDR, one '/' required"],
    ['{"a":[{"cidr":"10.0.0.0/x"}]}', 'Malformed CIDR, mask bits must be an integer'],
    ['{"a":[{"cidr":"10.0.0.0/-1"}]}', 'Malformed CIDR, mask bits must not be negative'],
    ['{"a":[{"cidr":"10.0.0.0/32"}]}', 'IPv4 mask bits must be < 32'],
    ['{"a":[{"cidr":"ten/8"}]}', 'Nonstandard IP address: ten'],
    ['{"a":[{"wildcard":"a**"}]}', 'Consecutive wildcard characters at pos 2'],
    ['{"a":[{"wildcard":"a\\\\b"}]}', 'Invalid escape character at pos 2'],
  ])('%s: %s', (text, reason) => {
    expect(problem(text).split('\n')[0]).toBe(reason);
  });

  test('operators that a service does not have are unknown there', () => {
    const dialect = { ...everything, matchTypes: new Set(['prefix'] as const) };
    expect(problem('{"a":[{"cidr":"10.0.0.0/8"}]}', dialect)).toMatch(
      /^Unrecognized match type cidr/,
    );
    expect(problem('{"a":[{"prefix":"a"}]}', dialect)).toBe('');
  });
});

test.each([
  // The examples of https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html
  [{ key_a: [1, 2, 3], key_b: [1], key_c: [1, 2] }, 6],
  [{ key_a: { key_b: { key_c: [1, 2, 3, 4] } }, key_d: { key_e: [1, 2, 3] } }, 72],
  [{ source: [1], $or: [{ a: [1, 2] }, { b: [1] }] }, 3],
  [{ $or: [{ a: [1, 2] }, { b: [1] }], c: [1, 2, 3] }, 9],
])('%j counts for %i combinations', (pattern, combinations) => {
  const limit = (maximumCombinations: number) =>
    problem(JSON.stringify(pattern), { ...everything, maximumCombinations });
  expect(limit(combinations)).toBe('');
  expect(limit(combinations - 1)).toBe('Filter policy is too complex');
});
