import { invalidParameter } from './errors';
import type { Secret } from './secret';

/** A filter of ListSecrets and BatchGetSecretValue. */
export interface SecretFilter {
  readonly Key?: string;
  readonly Values?: readonly string[];
}

/**
 * Whether a secret passes all filters: each by one of its values, which match beginnings; `!` turns a value around.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Filter.html
 */
export function passes(secret: Secret, filters: readonly SecretFilter[] = []): boolean {
  return filters.every(({ Key: key = '', Values: values = [] }) =>
    values.some((value) => {
      const negated = value.startsWith('!');
      const wanted = negated ? value.slice(1) : value;
      return matches(secret, key, wanted) !== negated;
    }),
  );
}

function matches(secret: Secret, key: string, value: string): boolean {
  const begins = (candidates: Iterable<string>) =>
    [...candidates].some((candidate) => candidate.startsWith(value));
  switch (key) {
    case 'name':
      return begins([secret.name]);
    case 'tag-key':
      return begins(secret.tags.keys());
    case 'tag-value':
      return begins(secret.tags.values());
    case 'owning-service':
      return begins([secret.owningService ?? '']);
    case 'description':
      return hasWord([secret.description ?? ''], value);
    case 'all':
      return value
        .split(/\s+/)
        .some((word) =>
          hasWord(
            [secret.name, secret.description ?? '', ...secret.tags.keys(), ...secret.tags.values()],
            word,
          ),
        );
    default:
      throw invalidParameter(`The filter ${key} is not supported here.`);
  }
}

/** Words are compared without regard to case. */
function hasWord(texts: readonly string[], beginning: string): boolean {
  const wanted = beginning.toLowerCase();
  return texts.some((text) =>
    text
      .toLowerCase()
      .split(/[^a-z0-9]+/)
      .concat(text.toLowerCase())
      .some((word) => word.startsWith(wanted)),
  );
}

/** One page of a list. Tokens are positions: a list that changes between two calls may skip or repeat an entry. */
export function page<T>(
  items: readonly T[],
  token: string | undefined,
  size = 100,
): { readonly items: T[]; readonly NextToken?: string } {
  const start = token === undefined ? 0 : Number(Buffer.from(token, 'base64url').toString());
  if (!Number.isInteger(start) || start < 0 || start > items.length)
    throw invalidParameter('The NextToken value is invalid.');
  const end = start + size;
  return {
    items: items.slice(start, end),
    ...(end < items.length && { NextToken: Buffer.from(String(end)).toString('base64url') }),
  };
}
