import { isKnown, type ValidationRule } from '../validation';

/** Part of a pattern that Lambda matches events with: https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html */
export type FilterPattern = Readonly<Record<string, unknown>>;

interface Filtered {
  readonly filters?: readonly FilterPattern[];
}

const MOST_FILTERS = 5;

/** What Lambda would refuse of `filters` when the event source mapping is made. */
export const FILTER_RULES: ReadonlyArray<ValidationRule<Filtered>> = [
  {
    fails: ({ filters = [] }) => filters.length > MOST_FILTERS,
    message: ({ filters = [] }) => `filters must be at most ${MOST_FILTERS}, got ${filters.length}`,
  },
  {
    fails: ({ filters = [] }) => notInLists(filters).length > 0,
    message: ({ filters = [] }) =>
      `filters must have what a key is compared with in a list, such as { kind: ['order'] }: see ${notInLists(filters).join(', ')}`,
  },
];

function notInLists(filters: readonly FilterPattern[]): string[] {
  return filters.flatMap((filter) => keysOutsideLists(filter, []));
}

/** Keys whose value is neither a list nor an object of further keys. */
function keysOutsideLists(pattern: object, path: readonly string[]): string[] {
  return Object.entries(pattern).flatMap(([key, value]: [string, unknown]) => {
    const place = [...path, key];
    if (!isKnown(value) || Array.isArray(value)) return [];
    return typeof value === 'object' && value !== null
      ? keysOutsideLists(value, place)
      : [place.join('.')];
  });
}
