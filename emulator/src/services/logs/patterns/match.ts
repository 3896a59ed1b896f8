/** A message that matches a pattern. */
export interface Match {
  /** What a selector names, such as `$.path`, `$field` or `$1`; undefined for one that names nothing. */
  value(selector: string): unknown;
  /** The fields of a message of fields, by their selectors; empty for all other messages. */
  readonly fields: Readonly<Record<string, string>>;
}

/** A compiled pattern. */
export interface FilterPattern {
  /** How many regular expressions are in it. */
  readonly regexes: number;
  /** Whether it has selectors: patterns of terms have none. */
  readonly selects: boolean;
  /** @returns undefined if the message does not match */
  match(message: string): Match | undefined;
}
