export {
  integerBetween,
  knownMebibytes,
  knownSeconds,
  mebibytesBetween,
  type Range,
  secondsBetween,
} from './ranges';
export {
  failuresOf,
  isKnown,
  PropsValidationError,
  throwIfAny,
  type ValidationRule,
} from './rules';
