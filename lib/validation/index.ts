export { integerBetween, knownSeconds, type Range, secondsBetween } from './ranges';
export {
  failuresOf,
  isKnown,
  PropsValidationError,
  throwIfAny,
  type ValidationRule,
} from './rules';
