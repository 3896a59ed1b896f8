/** A document or a pattern: whatever JSON can be. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json };

/**
 * A second implementation of the language, for tests: it goes down pattern and document together, chooses
 * elements of arrays by trying every combination of them, and knows nothing of paths, tokens or compiling.
 */
export function naivelyMatches(pattern: Json, document: Json): boolean {
  return expansions(document).some((plain) => holds(pattern, plain, document));
}

/** Every document that comes of choosing one element of each array. */
function expansions(document: Json): Json[] {
  if (Array.isArray(document)) {
    const items: readonly Json[] = document;
    return items.length === 0 ? [{}] : items.flatMap(expansions);
  }
  if (!isObject(document)) return [document];
  let found: Record<string, Json>[] = [{}];
  for (const [key, value] of Object.entries(document)) {
    const choices = expansions(value);
    found = found.flatMap((one) => choices.map((choice) => ({ ...one, [key]: choice })));
  }
  return found;
}

/** @param whole - the document before anything was chosen: what is nowhere in it does not exist */
function holds(pattern: Json, plain: Json, whole: Json): boolean {
  if (!isObject(pattern)) return false;
  return Object.entries(pattern).every(([key, wanted]) => {
    if (key === '$or')
      return Array.isArray(wanted) && wanted.some((one: Json) => holds(one, plain, whole));
    const value = isObject(plain) ? plain[key] : undefined;
    const everywhere = childrenOf(whole, key);
    if (!Array.isArray(wanted)) return holds(wanted, value ?? {}, everywhere);
    return wanted.some((rule: Json) => passes(rule, value, everywhere));
  });
}

/** All that stands under a key, whichever elements of arrays it is in. */
function childrenOf(whole: Json, key: string): Json[] {
  if (Array.isArray(whole)) return whole.flatMap((item: Json) => childrenOf(item, key));
  const child = isObject(whole) ? whole[key] : undefined;
  return child === undefined ? [] : [child];
}

function hasLeaf(value: Json): boolean {
  if (Array.isArray(value)) return value.some(hasLeaf);
  return !isObject(value);
}

function passes(rule: Json, value: Json | undefined, everywhere: readonly Json[]): boolean {
  if (isObject(rule) && 'exists' in rule && rule.exists === false) return !everywhere.some(hasLeaf);
  if (value === undefined || isObject(value)) return false;
  if (!isObject(rule)) return value === rule;
  const [[name, operand] = ['', null]] = Object.entries(rule);
  switch (name) {
    case 'exists':
      return true;
    case 'anything-but':
      return !(Array.isArray(operand) ? operand : [operand]).some((one: Json) =>
        passes(one, value, everywhere),
      );
    case 'numeric': {
      if (!Array.isArray(operand) || typeof value !== 'number') return false;
      const terms: readonly Json[] = operand;
      return terms.every((term, index) => {
        if (index % 2 === 1) return true;
        const bound = Number(terms[index + 1]);
        if (term === '=') return value === bound;
        if (term === '<') return value < bound;
        if (term === '<=') return value <= bound;
        return term === '>' ? value > bound : value >= bound;
      });
    }
    default:
      return typeof value === 'string' && typeof operand === 'string' && text(name, operand, value);
  }
}

function text(name: string, operand: string, value: string): boolean {
  if (name === 'prefix') return value.slice(0, operand.length) === operand;
  if (name === 'suffix') return operand === '' || value.slice(-operand.length) === operand;
  if (name === 'equals-ignore-case') return value.toUpperCase() === operand.toUpperCase();
  // `wildcard`, character by character
  const [first, ...rest] = operand;
  if (first === undefined) return value === '';
  if (first !== '*') return value[0] === first && text(name, rest.join(''), value.slice(1));
  return Array.from({ length: value.length + 1 }, (_, skipped) => skipped).some((skipped) =>
    text(name, rest.join(''), value.slice(skipped)),
  );
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
