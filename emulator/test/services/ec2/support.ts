import type { EC2ServiceException, Filter } from '@aws-sdk/client-ec2';

/** Filters of a `Describe` call, each a name and its values. */
export const where = (...filters: [string, ...string[]][]): { Filters: Filter[] } => ({
  Filters: filters.map(([Name, ...Values]) => ({ Name, Values })),
});

/** Code and message of what a call is refused with; `none` if it is not. */
export const messageOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'none',
    (error: EC2ServiceException) => `${error.name}: ${error.message}`,
  );
