import type { Duration } from 'aws-cdk-lib';
import { knownSeconds, type ValidationRule } from '../validation';

const MAX_MINUTES = 60;

/** A rule for the time that an alarm looks back: as many periods of a minute. */
export function wholeMinutes<T>(
  name: string,
  get: (props: T) => Duration | undefined,
): ValidationRule<T> {
  return {
    fails: (props) => {
      const duration = get(props);
      if (duration === undefined) {
        return false;
      }
      const minutes = (knownSeconds(duration) ?? Number.NaN) / 60;
      return !Number.isInteger(minutes) || minutes < 1 || minutes > MAX_MINUTES;
    },
    message: (props) =>
      `${name} must be whole minutes between 1 and ${MAX_MINUTES}, known at synthesis, got ${get(props)?.toString()}`,
  };
}
