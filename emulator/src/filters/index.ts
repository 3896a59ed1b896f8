export { type EventFields, type FieldValue, fieldsOf, isScalar, type Scalar } from './event-fields';
export type { MatchType } from './match-expressions';
export type { Pattern } from './pattern';
export { PatternError } from './pattern-error';
export {
  type ParsedPattern,
  type PatternDialect,
  parsePattern,
  TooComplexError,
} from './pattern-parser';
