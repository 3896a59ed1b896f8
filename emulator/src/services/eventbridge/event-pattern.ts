import {
  type EventFields,
  type Pattern,
  type PatternDialect,
  PatternError,
  parsePattern,
  TooComplexError,
} from '../../filters';
import { Constraints } from '../constraints';
import { invalidPattern } from './errors';

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html */
const dialect: PatternDialect = {
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
  affixesIgnoreCase: true,
  maximumAlternatives: 1_000,
};

const longestPattern = 4_096;

/** A rule's event pattern: which events it is for. */
export class EventPattern {
  private readonly pattern: Pattern;

  /**
   * @param text - JSON of at most 4,096 characters
   * @throws ServiceError InvalidEventPatternException, ValidationException
   */
  constructor(readonly text: string) {
    new Constraints('ValidationException').length('eventPattern', text, 0, longestPattern).check();
    checkJson(text);
    this.pattern = compile(text);
  }

  matches(fields: EventFields): boolean {
    return this.pattern.matches(fields);
  }
}

function compile(text: string): Pattern {
  try {
    return parsePattern(text, dialect).pattern;
  } catch (error) {
    if (error instanceof TooComplexError)
      throw invalidPattern(`More than ${dialect.maximumAlternatives} combinations of $or`);
    if (error instanceof PatternError) throw invalidPattern(error.message);
    throw error;
  }
}

function checkJson(text: string): void {
  try {
    JSON.parse(text);
  } catch {
    throw invalidPattern('Invalid JSON');
  }
}
