import type { Stack } from './stack';
import type { UpdateStackRequest } from './stack-requests';
import { parseTemplate } from './template';
import { validationError } from './template-errors';
import type { PartialValue } from './values';

/**
 * The values that an update gives to a template's parameters: those of the request, and those that
 * keep the value that the stack has.
 *
 * @param text - the template that the stack is to have
 * @throws ServiceError `ValidationError` if a parameter that the stack does not have is to keep its value.
 */
export function previousParameters(
  stack: Stack,
  text: string,
  { parameters = {}, previousParameters: kept = [] }: UpdateStackRequest,
): Record<string, PartialValue> {
  const values: Record<string, PartialValue> = { ...parameters };
  const before = new Map(stack.identity.parameters.map(({ key, input }) => [key, input]));
  if (kept === 'all') {
    for (const key of Object.keys(parseTemplate(text).parameters)) {
      const value = before.get(key);
      if (value !== undefined) values[key] ??= value;
    }
    return values;
  }
  for (const key of kept) {
    const value = before.get(key);
    if (value === undefined) {
      throw validationError(
        `Invalid input for parameter key ${key}. Cannot specify usePreviousValue as true for a parameter key not in the previous template`,
      );
    }
    values[key] = value;
  }
  return values;
}
