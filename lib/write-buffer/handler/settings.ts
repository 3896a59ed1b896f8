import { VARIABLES } from '../mapping/settings';

/** What every shipped function is told by its construct. */
export interface CommonSettings {
  readonly deadLetterQueueUrl: string;
  readonly timeouts: Timeouts;
}

/** In milliseconds, each a part of the function's timeout. */
export interface Timeouts {
  /** For making a connection, or for a call of an AWS service: a quarter. */
  readonly connect: number;
  /** For a statement: half. */
  readonly statement: number;
  /** What has to be left for another row to be begun: a tenth, at least a second. */
  readonly reserve: number;
}

/**
 * The settings in a function's environment that do not depend on its sink. Throws, naming the variable, if one is missing.
 */
export function commonSettingsOf(environment: NodeJS.ProcessEnv): CommonSettings {
  const timeout = timeoutOf(environment);
  return {
    deadLetterQueueUrl: required(environment, VARIABLES.deadLetterQueueUrl),
    timeouts: {
      connect: timeout / 4,
      statement: timeout / 2,
      reserve: Math.max(1_000, timeout / 10),
    },
  };
}

/** Milliseconds that the function has for a batch. */
export function timeoutOf(environment: NodeJS.ProcessEnv): number {
  return Number(required(environment, VARIABLES.timeoutSeconds)) * 1_000;
}

/** A variable of the environment. Throws, naming it, if it is missing. */
export function required(environment: NodeJS.ProcessEnv, name: string): string {
  const value = environment[name];
  if (value === undefined || value === '') {
    throw new Error(`environment variable ${name} is not set`);
  }
  return value;
}
