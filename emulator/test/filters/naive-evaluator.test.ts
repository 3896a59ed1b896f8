import fc from 'fast-check';
import { fieldsOf, parsePattern } from '../../src/filters';
import { type Json, naivelyMatches } from './naive-evaluator';
import { everything } from './support';

/** Few names and values, so that patterns and documents meet. */
const key = fc.constantFrom('a', 'b', 'c');
const word = fc.string({ unit: fc.constantFrom('x', 'y', 'X'), maxLength: 3 });
const number = fc.integer({ min: -2, max: 2 });
const scalar: fc.Arbitrary<Json> = fc.oneof(word, number, fc.boolean(), fc.constant(null));

const document: fc.Arbitrary<Json> = fc.letrec<{ node: Json; object: Json }>((tie) => ({
  object: fc.dictionary(key, tie('node'), { maxKeys: 3 }),
  node: fc.oneof({ maxDepth: 2 }, scalar, tie('object'), fc.array(tie('node'), { maxLength: 2 })),
})).object;

const notEmpty = word.filter((text) => text !== '');
const wildcard = fc
  .string({ unit: fc.constantFrom('x', 'y', '*'), minLength: 1, maxLength: 4 })
  .filter((text) => !text.includes('**'));
const rule: fc.Arbitrary<Json> = fc.oneof(
  scalar,
  fc.boolean().map((exists) => ({ exists })),
  word.map((prefix) => ({ prefix })),
  word.map((suffix) => ({ suffix })),
  word.map((text) => ({ 'equals-ignore-case': text })),
  wildcard.map((text) => ({ wildcard: text })),
  fc.oneof(word, number).map((excluded) => ({ 'anything-but': excluded })),
  fc.array(word, { minLength: 1, maxLength: 2 }).map((excluded) => ({ 'anything-but': excluded })),
  fc
    .array(number, { minLength: 1, maxLength: 2 })
    .map((excluded) => ({ 'anything-but': excluded })),
  notEmpty.map((prefix) => ({ 'anything-but': { prefix } })),
  notEmpty.map((suffix) => ({ 'anything-but': { suffix } })),
  wildcard.map((text) => ({ 'anything-but': { wildcard: text } })),
  fc.tuple(fc.constantFrom('=', '<', '<=', '>', '>='), number).map((numeric) => ({ numeric })),
  fc
    .tuple(fc.constantFrom('>', '>='), number, fc.constantFrom('<', '<='), fc.nat({ max: 2 }))
    .map(([from, bottom, to, width]) => ({ numeric: [from, bottom, to, bottom + width + 1] })),
);

const pattern: fc.Arbitrary<Json> = fc.letrec<{ object: Json; part: [string, Json] }>((tie) => ({
  part: fc.oneof(
    { maxDepth: 2 },
    fc.tuple(key, fc.array(rule, { minLength: 1, maxLength: 2 })),
    fc.tuple(key, tie('object')),
    fc.tuple(fc.constant('$or'), fc.array(tie('object'), { minLength: 2, maxLength: 2 })),
  ),
  object: fc
    .array(tie('part'), { minLength: 1, maxLength: 2 })
    .map((parts) => Object.fromEntries(parts)),
})).object;

/** The paths of each alternative of a pattern. */
function alternatives(wanted: Json, prefix = ''): string[][] {
  let found: string[][] = [[]];
  for (const [name, part] of Object.entries(Object(wanted)) as [string, Json][]) {
    const added =
      name === '$or' && Array.isArray(part)
        ? part.flatMap((one: Json) => alternatives(one, prefix))
        : Array.isArray(part)
          ? [[`${prefix}${name}`]]
          : alternatives(part, `${prefix}${name}.`);
    found = found.flatMap((paths) => added.map((more) => [...paths, ...more]));
  }
  return found;
}

test('compiled patterns say the same as a naive evaluator', () => {
  let matched = 0;
  fc.assert(
    fc.property(pattern, document, (wanted, given) => {
      // The naive evaluator does not know that the last of several lists for a path counts.
      fc.pre(alternatives(wanted).every((paths) => new Set(paths).size === paths.length));
      const compiled = parsePattern(JSON.stringify(wanted), everything).pattern;
      const expected = naivelyMatches(wanted, given);
      if (expected) matched += 1;
      expect(compiled.matches(fieldsOf(given))).toBe(expected);
    }),
    { numRuns: 3_000, seed: 1 },
  );
  // Nothing is shown by patterns that never match.
  expect(matched).toBeGreaterThan(300);
});
