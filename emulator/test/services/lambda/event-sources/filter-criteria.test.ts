import { FilterCriteria } from '../../../../src/services/lambda/event-sources/filter-criteria';

const accepts = (body: unknown, ...patterns: unknown[]): boolean =>
  new FilterCriteria(patterns.map((pattern) => JSON.stringify(pattern))).accepts(
    typeof body === 'string' ? body : JSON.stringify(body),
  );

test.each<[rules: unknown, value: unknown, matches: boolean]>([
  [['a'], 'a', true],
  [['a'], 'b', false],
  [['a', 'b'], 'b', true],
  [[5], 5, true],
  [[5], '5', false],
  [[true], true, true],
  [[null], null, true],
  [[null], undefined, false],
  [[''], '', true],
  [[{ prefix: 'eu-' }], 'eu-west-1', true],
  [[{ prefix: 'eu-' }], 'us-east-1', false],
  [[{ prefix: 'eu-' }], 5, false],
  [[{ suffix: '.png' }], 'cat.png', true],
  [[{ suffix: '.png' }], 'cat.jpg', false],
  [[{ 'equals-ignore-case': 'Ada' }], 'aDA', true],
  [[{ 'anything-but': 'a' }], 'b', true],
  [[{ 'anything-but': 'a' }], 'a', false],
  [[{ 'anything-but': [4, 5] }], 5, false],
  [[{ 'anything-but': { prefix: 'eu-' } }], 'eu-west-1', false],
  [[{ 'anything-but': 'a' }], undefined, false],
  [[{ numeric: ['=', 5] }], 5, true],
  [[{ numeric: ['>', 0, '<=', 5] }], 5, true],
  [[{ numeric: ['>', 0, '<', 5] }], 5, false],
  [[{ numeric: ['<', 5] }], '4', false],
  [[{ exists: true }], 0, true],
  [[{ exists: true }], undefined, false],
  [[{ exists: false }], undefined, true],
  [[{ exists: false }], 0, false],
  [['a'], ['x', 'a'], true],
  [['a'], ['x'], false],
])('the rules %j applied to %j: %p', (rules, value, matches) => {
  expect(accepts({ field: value }, { body: { field: rules } })).toBe(matches);
});

test('all members of a pattern must match, nested ones too', () => {
  const pattern = { body: { customer: { vip: [true] }, amount: [{ numeric: ['>', 100] }] } };
  expect(accepts({ customer: { vip: true }, amount: 150 }, pattern)).toBe(true);
  expect(accepts({ customer: { vip: false }, amount: 150 }, pattern)).toBe(false);
});

test('one of the patterns of $or suffices, and one of several filters', () => {
  const or = { body: { $or: [{ a: [1] }, { b: [1] }] } };
  expect(accepts({ b: 1 }, or)).toBe(true);
  expect(accepts({ c: 1 }, or)).toBe(false);
  expect(accepts({ b: 1 }, { body: { a: [1] } }, { body: { b: [1] } })).toBe(true);
});

test.each<[pattern: unknown, body: string, matches: boolean]>([
  [{ body: [{ prefix: 'Result' }] }, 'Result: 5', true],
  [{ body: [{ prefix: 'Result' }] }, 'None', false],
  [{ body: [{ exists: true }] }, '{"a":1}', false],
  [{ body: { a: [1] } }, 'plain text', false],
  [{ body: { a: [1] } }, '17', false],
  [{}, 'plain text', true],
])('the pattern %j applied to the body %p: %p', (pattern, body, matches) => {
  expect(accepts(body, pattern)).toBe(matches);
});

test.each([
  [{ body: { a: 1 } }],
  [{ body: { a: [] } }],
  [{ body: { a: [{ unknown: 1 }] } }],
  [{ body: { a: [{ wildcard: 'a*' }] } }],
  [{ body: { a: [{ numeric: ['~', 1] }] } }],
  [{ body: { a: [{ prefix: 1 }] } }],
  [{ body: { a: [{ 'anything-but': ['a', 5] }] } }],
  [{ body: { $or: [{ a: [1] }] } }],
  [{ messageAttributes: { a: [1] } }],
  [[1]],
])('fails for the pattern %j', (pattern) => {
  expect(() => accepts('x', pattern)).toThrow('Invalid filter pattern definition.');
});

test('fails for more than five filters', () => {
  expect(() => accepts('x', {}, {}, {}, {}, {}, {})).toThrow(/quota exceeded/);
});
