import { ServiceError } from '../protocol/errors';

/**
 * Collects what is wrong with an input and reports all of it at once, in the words that AWS's
 * services share: `1 validation error detected: Value '…' at '…' failed to satisfy constraint: …`.
 */
export class Constraints {
  private readonly failures: string[] = [];

  /** @param code - `ValidationException` for most JSON services, `ValidationError` for the query ones */
  constructor(
    private readonly code: 'InvalidParameterException' | 'ValidationException' | 'ValidationError',
  ) {}

  /** Bounds of a string's or a list's length; undefined values pass. */
  length(member: string, value: string | readonly unknown[] | undefined, min: number, max: number) {
    if (value === undefined) return this;
    if (value.length < min)
      this.fail(member, value, `Member must have length greater than or equal to ${min}`);
    if (value.length > max)
      this.fail(member, value, `Member must have length less than or equal to ${max}`);
    return this;
  }

  /** A pattern that the whole of a string must match; undefined values pass. */
  pattern(member: string, value: string | undefined, pattern: string) {
    if (value !== undefined && !new RegExp(`^(?:${pattern})$`, 'u').test(value))
      this.fail(member, value, `Member must satisfy regular expression pattern: ${pattern}`);
    return this;
  }

  /** A closed list of values; undefined passes. */
  oneOf(member: string, value: string | undefined, values: readonly string[]) {
    if (value !== undefined && !values.includes(value))
      this.fail(member, value, `Member must satisfy enum value set: [${values.join(', ')}]`);
    return this;
  }

  /** Bounds of a number; undefined passes. */
  range(member: string, value: number | undefined, min: number, max: number) {
    if (value === undefined) return this;
    if (value < min)
      this.fail(member, value, `Member must have value greater than or equal to ${min}`);
    if (value > max)
      this.fail(member, value, `Member must have value less than or equal to ${max}`);
    return this;
  }

  /** @throws ServiceError naming every constraint that has failed so far. */
  check(): void {
    const count = this.failures.length;
    if (count === 0) return;
    throw new ServiceError(
      this.code,
      `${count} validation error${count === 1 ? '' : 's'} detected: ${this.failures.join('; ')}`,
    );
  }

  /** A value that fails for a reason of the service's own. */
  fail(member: string, value: string | number | readonly unknown[], constraint: string) {
    const shown = Array.isArray(value) ? `[${value.join(', ')}]` : String(value);
    this.failures.push(
      `Value '${shown}' at '${member}' failed to satisfy constraint: ${constraint}`,
    );
    return this;
  }
}
