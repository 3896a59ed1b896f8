import { type Duration, type Size, SizeRoundingBehavior } from 'aws-cdk-lib';
import { isKnown, type ValidationRule } from './rules';

/** Bounds of a number, both allowed. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/**
 * A rule for a duration in whole seconds between two bounds, both allowed.
 */
export function secondsBetween<T>(
  name: string,
  get: (props: T) => Duration | undefined,
  range: Range,
): ValidationRule<T> {
  return numberRule(name, 'seconds', (props) => knownSeconds(get(props)), range);
}

/**
 * A duration in seconds, or undefined where it is not given or only known at deployment.
 */
export function knownSeconds(duration: Duration | undefined): number | undefined {
  return duration === undefined || duration.isUnresolved()
    ? undefined
    : duration.toSeconds({ integral: false });
}

/**
 * A rule for a size in mebibytes between two bounds, both allowed; whole ones unless `fractions` are allowed.
 */
export function mebibytesBetween<T>(
  name: string,
  get: (props: T) => Size | undefined,
  range: Range,
  fractions = false,
): ValidationRule<T> {
  return numberRule(name, 'MiB', (props) => knownMebibytes(get(props)), range, fractions);
}

/**
 * A size in mebibytes, or undefined where it is not given or only known at deployment.
 */
export function knownMebibytes(size: Size | undefined): number | undefined {
  return size === undefined || size.isUnresolved()
    ? undefined
    : size.toMebibytes({ rounding: SizeRoundingBehavior.NONE });
}

/**
 * A rule for a whole number between two bounds, both allowed.
 */
export function integerBetween<T>(
  name: string,
  get: (props: T) => number | undefined,
  range: Range,
): ValidationRule<T> {
  return numberRule(name, '', get, range);
}

function numberRule<T>(
  name: string,
  unit: string,
  get: (props: T) => number | undefined,
  { min, max }: Range,
  fractions = false,
): ValidationRule<T> {
  const suffix = unit === '' ? '' : ` ${unit}`;
  return {
    fails: (props) => {
      const value = get(props);
      return (
        isKnown(value) && (!(fractions || Number.isInteger(value)) || value < min || value > max)
      );
    },
    message: (props) =>
      `${name} must be a ${fractions ? '' : 'whole '}number between ${grouped(min)} and ${grouped(max)}${suffix}, got ${get(props)}`,
  };
}

/** 1209600 as 1,209,600, whatever the machine's language. */
function grouped(value: number): string {
  return value.toLocaleString('en-US');
}
