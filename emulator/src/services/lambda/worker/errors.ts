import { LoadError } from './handler';
import type { ReportedError } from './messages';

/** Whatever a function throws, as Lambda's Node.js runtime reports it. */
export function reportedError(thrown: unknown): ReportedError {
  if (thrown instanceof LoadError)
    return { errorType: thrown.errorType, errorMessage: thrown.message, trace: [] };
  if (isErrorLike(thrown))
    return {
      errorType: thrown.name,
      errorMessage: thrown.message,
      trace: (thrown.stack ?? '').split('\n'),
    };
  return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
}

/** An error that the runtime reports of its own accord, such as an unhandled rejection. */
export function runtimeError(errorType: string, thrown: unknown): ReportedError {
  const { trace } = reportedError(thrown);
  return {
    errorType,
    errorMessage: isErrorLike(thrown) ? `${thrown.name}: ${thrown.message}` : String(thrown),
    trace,
  };
}

/** The form of an error in the function's log. */
export function loggedError(error: ReportedError): string {
  const { errorType, errorMessage, trace } = error;
  return JSON.stringify({ errorType, errorMessage, stack: trace });
}

/** Errors of other realms (a function may use `node:vm`) are no instances of ours. */
function isErrorLike(value: unknown): value is Error {
  return (
    value instanceof Error ||
    (typeof value === 'object' && value !== null && 'message' in value && 'stack' in value)
  );
}
