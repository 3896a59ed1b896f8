import type { Scalar } from './event-fields';
import { JsonTokens } from './json-tokens';
import { type ExpressionDialect, readMatchExpression } from './match-expressions';
import { type FieldRules, Pattern, type Rules } from './pattern';
import { PatternError } from './pattern-error';
import type { ValueTest } from './value-tests';

/** What a service allows in its patterns. */
export interface PatternDialect extends ExpressionDialect {
  /** The most combinations of values, counted as {@link parsePattern} says. @default - no limit */
  readonly maximumCombinations?: number;
  /** The most alternatives that `$or` comes to. @default - no limit */
  readonly maximumAlternatives?: number;
}

/** A pattern, and what services limit in it. */
export interface ParsedPattern {
  readonly pattern: Pattern;
  /** Keys at the top. */
  readonly keys: number;
  /** Whether there are objects inside objects. */
  readonly nested: boolean;
}

/** More combinations than a service takes. */
export class TooComplexError extends PatternError {
  constructor() {
    super('Filter policy is too complex');
    this.name = 'TooComplexError';
  }
}

type Alternatives = readonly (readonly FieldRules[])[];

/** What has been read so far: the alternatives, and how many combinations of values they count for. */
interface Progress {
  readonly alternatives: Alternatives;
  readonly combinations: number;
}

/** Names that cannot stand inside `$or`, where they would be taken for operators. */
const reservedInAlternatives: ReadonlySet<string> = new Set([
  'anything-but',
  'cidr',
  'equals-ignore-case',
  'exactly',
  'exists',
  'numeric',
  'prefix',
  'suffix',
  'wildcard',
]);

/**
 * Compiles a pattern of the language that SNS, EventBridge and Lambda share: objects that must match with all
 * their fields, `$or`, and lists of values and operators of which one must match.
 *
 * Combinations are counted as SNS does: the numbers of values of all lists, each times the depth at which
 * the list stands, multiplied; the alternatives of `$or` added.
 * https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html
 *
 * @param text - well-formed JSON
 * @throws PatternError in the words of https://github.com/aws/event-ruler
 * @throws TooComplexError
 */
export function parsePattern(text: string, dialect: PatternDialect): ParsedPattern {
  return new PatternParser(text, dialect).parse();
}

class PatternParser {
  private readonly tokens: JsonTokens;
  private nested = false;
  private keys = 0;

  constructor(
    text: string,
    private readonly dialect: PatternDialect,
  ) {
    this.tokens = new JsonTokens(text);
  }

  parse(): ParsedPattern {
    if (this.tokens.next() !== '{') this.fail('Filter is not an object');
    const start: Progress = { alternatives: [[]], combinations: 1 };
    const { alternatives } = this.object(start, '', 1, false);
    return { pattern: new Pattern(alternatives), keys: this.keys, nested: this.nested };
  }

  private object(start: Progress, path: string, depth: number, inAlternative: boolean): Progress {
    const { tokens } = this;
    let progress = start;
    let empty = true;
    while (tokens.next() !== '}') {
      empty = false;
      const name = tokens.text;
      if (depth === 1 && !inAlternative) this.keys += 1;
      if (name === '$or') {
        progress = this.alternatives(progress, path, depth);
        continue;
      }
      if (inAlternative && reservedInAlternatives.has(name))
        this.fail(`${name} is Ruler reserved fieldName which cannot be used inside $or.`);
      const inner = path === '' ? name : `${path}.${name}`;
      const token = tokens.next();
      if (token === '{') {
        this.nested = true;
        progress = this.object(progress, inner, depth + 1, inAlternative);
      } else if (token === '[') {
        progress = this.list(progress, inner, depth);
      } else {
        this.fail(`"${name}" must be an object or an array`);
      }
    }
    if (empty) this.fail('Empty objects are not allowed');
    return progress;
  }

  private alternatives(before: Progress, path: string, depth: number): Progress {
    const { tokens } = this;
    if (tokens.next() !== '[') this.fail('It must be an Array followed with $or.');
    const branches: Progress[] = [];
    for (let token = tokens.next(); token !== ']'; token = tokens.next()) {
      if (token !== '{') this.fail('Only JSON object is allowed in array of $or relationship.');
      branches.push(this.object(before, path, depth, true));
    }
    if (branches.length < 2) this.fail('There must have at least 2 Objects in $or relationship.');
    const combinations = branches.reduce((sum, branch) => sum + branch.combinations, 0);
    this.limit(combinations);
    const alternatives = branches.flatMap((branch) => branch.alternatives);
    if (alternatives.length > (this.dialect.maximumAlternatives ?? Number.POSITIVE_INFINITY))
      throw new TooComplexError();
    return { alternatives, combinations };
  }

  private list(before: Progress, path: string, depth: number): Progress {
    const { tokens } = this;
    const exact = new Set<Scalar>();
    const tests: ValueTest[] = [];
    let absent = false;
    let count = 0;
    for (let token = tokens.next(); token !== ']'; token = tokens.next()) {
      count += 1;
      if (token === '{') {
        const expression = readMatchExpression(tokens, this.dialect);
        if (expression === 'absent') absent = true;
        else tests.push(expression);
      } else if (token === 'string') {
        exact.add(tokens.text);
      } else if (token === 'number') {
        exact.add(Number(tokens.text));
      } else if (token === 'null' || token === 'true' || token === 'false') {
        exact.add(token === 'null' ? null : token === 'true');
      } else {
        this.fail('Match value must be String, number, true, false, or null');
      }
    }
    if (count === 0) this.fail('Empty arrays are not allowed');
    const combinations = before.combinations * count * depth;
    this.limit(combinations);
    const rules: Rules = { absent, exact, tests };
    return {
      // As in any JSON object, the last of several members of a name counts.
      alternatives: before.alternatives.map((fields) => [
        ...fields.filter((field) => field.path !== path),
        { path, rules },
      ]),
      combinations,
    };
  }

  /** Before anything grows with them. */
  private limit(combinations: number): void {
    if (combinations > (this.dialect.maximumCombinations ?? Number.POSITIVE_INFINITY))
      throw new TooComplexError();
  }

  private fail(message: string): never {
    throw new PatternError(message, this.tokens.location);
  }
}
