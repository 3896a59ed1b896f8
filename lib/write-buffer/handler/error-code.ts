/** A short name of an error that holds no values: for logs. */
export function codeOf(error: unknown): string {
  if (error instanceof Object && 'code' in error && typeof error.code === 'string') {
    return error.code;
  }
  if (!(error instanceof Error)) {
    return String(error);
  }
  // What an AWS service says may quote the request; its name for the error does not.
  return '$fault' in error ? error.name : error.message;
}
