import type { Rejection } from '../rejection';

/** What PostgreSQL says of an error, as far as it is read here. */
interface DatabaseError {
  readonly code: string;
  readonly message: string;
  readonly constraint?: string;
}

/**
 * Why a row can never be written, if the error is about the row; undefined if it is about the sink.
 *
 * About the row are data exceptions (class 22), violated constraints (23, 44000), rows too large for their
 * page or index (54000), JSON nested too deep (54001) and what triggers raise (P0001). All else may be different next time, missing tables
 * and columns too: they are mistakes of a deployment, and no message is to be lost for them.
 *
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function rejectionOf(error: unknown): Rejection | undefined {
  if (!isDatabaseError(error)) {
    return undefined;
  }
  const { code, message, constraint } = error;
  if (code.startsWith('22') || code === '54000' || code === '54001') {
    return { reason: 'InvalidValue', message, sqlState: code };
  }
  if (code.startsWith('23') || code === '44000' || code === 'P0001') {
    return { reason: 'ConstraintViolation', message, sqlState: code, constraint };
  }
  return undefined;
}

/** True if the database refused the login: after a rotation the secret has to be fetched again. */
export function isLoginRefused(error: unknown): boolean {
  return isDatabaseError(error) && (error.code === '28P01' || error.code === '28000');
}

/**
 * True if the connection broke rather than the statement failed: the statement may succeed on a new one.
 */
export function isConnectionLost(error: unknown): boolean {
  if (!(error instanceof Object)) {
    return false;
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const message = 'message' in error && typeof error.message === 'string' ? error.message : '';
  return (
    code.startsWith('08') ||
    code.startsWith('57P') ||
    ['ECONNRESET', 'EPIPE'].includes(code) ||
    /^(Connection terminated|Client has encountered a connection error|Client was closed)/.test(
      message,
    )
  );
}

function isDatabaseError(error: unknown): error is DatabaseError {
  return (
    error instanceof Object &&
    'code' in error &&
    typeof error.code === 'string' &&
    /^[0-9A-Z]{5}$/.test(error.code) &&
    'severity' in error
  );
}
