/** A comparison of a number: `['=', 5]`, `['>=', 0]`, or a range such as `['>', 0, '<=', 150]`. */
export type NumericComparison =
  | readonly ['=' | '<' | '<=' | '>' | '>=', number]
  | readonly ['>' | '>=', number, '<' | '<=', number];

/** One or several texts; with several, any of them. */
export type OneOrMore<T> = T | readonly T[];

/** What must not be there: values, or texts by prefix, suffix, wildcard or in any letter case. */
export type AnythingBut =
  | OneOrMore<string | number>
  | { readonly prefix: OneOrMore<string> }
  | { readonly suffix: OneOrMore<string> }
  | { readonly wildcard: OneOrMore<string> }
  | { readonly 'equals-ignore-case': OneOrMore<string> };

/**
 * One rule of a filter policy; a value matches a list of rules if it matches any of them.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/string-value-matching.html
 * @see https://docs.aws.amazon.com/sns/latest/dg/numeric-value-matching.html
 * @see https://docs.aws.amazon.com/sns/latest/dg/attribute-key-matching.html
 */
export type FilterRule =
  /** Exactly this value; letter case counts. */
  | string
  | number
  | boolean
  | null
  | { readonly prefix: string }
  | { readonly suffix: string }
  /** `*` stands for any characters, or none. */
  | { readonly wildcard: string }
  | { readonly 'equals-ignore-case': string }
  /** An address in this block, such as `10.0.0.0/24`. */
  | { readonly cidr: string }
  | { readonly numeric: NumericComparison }
  | { readonly 'anything-but': AnythingBut }
  /** Whether the attribute or key is there at all. */
  | { readonly exists: boolean };

/**
 * Which messages a subscription wants, by their message attributes: each attribute named must match one of its rules.
 * Of the policies in `$or`, one must match.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
 */
export interface AttributeFilterPolicy {
  readonly $or?: readonly AttributeFilterPolicy[];
  readonly [attribute: string]:
    | readonly FilterRule[]
    | readonly AttributeFilterPolicy[]
    | undefined;
}

/**
 * Which messages a subscription wants, by their body, which must be a JSON object: as {@link AttributeFilterPolicy}, and
 * keys may be nested as they are in the body.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/payload-based-filtering.html
 */
export interface BodyFilterPolicy {
  readonly $or?: readonly BodyFilterPolicy[];
  readonly [key: string]:
    | readonly FilterRule[]
    | readonly BodyFilterPolicy[]
    | BodyFilterPolicy
    | undefined;
}
