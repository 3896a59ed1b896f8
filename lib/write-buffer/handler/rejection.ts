/** Why a message can never be written; the value of its attribute `FailureReason` in the dead-letter queue. */
export type FailureReason =
  /** The body is not JSON. */
  | 'InvalidJson'
  /** The body lacks a value that is needed, or has null for one of the key. */
  | 'MissingValue'
  /** A value does not fit its column or attribute: wrong type, too long, out of range. */
  | 'InvalidValue'
  /** The item exceeds the 400 KB of DynamoDB. */
  | 'ItemTooLarge'
  /** A constraint of the table, or a trigger, refuses the row. */
  | 'ConstraintViolation';

/** A message that can never be written. */
export interface Rejection {
  readonly reason: FailureReason;
  /** For people; may hold values of the message, so it goes with the message and not into logs. */
  readonly message: string;
  /** PostgreSQL's code, where it refused. */
  readonly sqlState?: string;
  /** The name of the AWS service's error, where it refused. */
  readonly errorName?: string;
  /** The constraint, where one was violated. */
  readonly constraint?: string;
}
