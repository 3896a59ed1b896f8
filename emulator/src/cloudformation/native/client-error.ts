/**
 * What an error of a service reads like in Python: the handlers pass that on.
 *
 * @param operation - such as `PutObject`
 */
export function clientErrorText(error: unknown, operation: string): string {
  if (!(error instanceof Error)) return String(error);
  return '$metadata' in error
    ? `An error occurred (${error.name}) when calling the ${operation} operation: ${error.message}`
    : error.message;
}
