import type { Timeouts } from './settings';

/**
 * How the shipped functions call AWS services: subnets without a way to one shall be an error in the logs, not a
 * function that times out.
 */
export function clientSettings({ connect }: Timeouts) {
  return {
    requestHandler: {
      connectionTimeout: 2_000,
      requestTimeout: connect,
      // Else the timeout is a warning only.
      throwOnRequestTimeout: true,
    },
    maxAttempts: 2,
  };
}
