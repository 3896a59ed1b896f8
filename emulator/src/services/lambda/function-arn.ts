import { ServiceError } from '../../protocol/errors';

/** A function, or a version or alias of it, as callers name it. */
export interface FunctionReference {
  readonly name: string;
  /** Version, alias or `$LATEST`; undefined where none is given. */
  readonly qualifier: string | undefined;
  /** From an ARN; undefined for the caller's own. */
  readonly account: string | undefined;
  readonly region: string | undefined;
}

const pattern =
  /^(?:arn:(?:aws[a-zA-Z-]*)?:lambda:(?<region>[a-z]{2}(?:-[a-z]+)+-\d):)?(?:(?<account>\d{12}):)?(?:function:)?(?<name>[a-zA-Z0-9-_]+)(?::(?<qualifier>\$LATEST|[a-zA-Z0-9-_]+))?$/;

/**
 * Reads a function's name, partial ARN or ARN, each with or without a qualifier.
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 *
 * @throws ServiceError ValidationException, or if two qualifiers contradict each other
 */
export function parseFunctionName(text: string, qualifier?: string): FunctionReference {
  const groups = pattern.exec(text)?.groups;
  const name = groups?.name;
  if (!groups || name === undefined || name.length > 64)
    throw new ServiceError(
      'ValidationException',
      `1 validation error detected: Value '${text}' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso(b?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?`,
    );
  if (qualifier !== undefined && groups.qualifier !== undefined && groups.qualifier !== qualifier)
    throw new ServiceError(
      'InvalidParameterValueException',
      'The derived qualifier from the function name does not match the specified qualifier.',
    );
  return {
    name,
    qualifier: qualifier ?? groups.qualifier,
    account: groups.account,
    region: groups.region,
  };
}

/** `arn:aws:lambda:<region>:<account>:function:<name>`, with a qualifier where given. */
export function functionArn(
  account: string,
  region: string,
  name: string,
  qualifier?: string,
): string {
  return `arn:aws:lambda:${region}:${account}:function:${name}${qualifier === undefined ? '' : `:${qualifier}`}`;
}
