import type { PatternDialect } from '../../src/filters';

/** The whole language. */
export const everything: PatternDialect = {
  matchTypes: new Set([
    'anything-but',
    'cidr',
    'equals-ignore-case',
    'exists',
    'numeric',
    'prefix',
    'suffix',
    'wildcard',
  ]),
  maximumCombinations: 1_000_000,
};
