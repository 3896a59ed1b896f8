import { VARIABLES, type WritePlan } from '../mapping/settings';

/** What the construct told the function. */
export interface Settings {
  readonly plan: WritePlan;
  readonly host: string;
  readonly port: number;
  /** Undefined to take the secret's `dbname`. */
  readonly database: string | undefined;
  readonly secretArn: string;
  /** An RDS Proxy pins connections that set session variables, so nothing is set through one. */
  readonly throughProxy: boolean;
  readonly deadLetterQueueUrl: string;
  readonly timeouts: Timeouts;
}

/** In milliseconds, each a part of the function's timeout. */
export interface Timeouts {
  /** For making a connection: a quarter. */
  readonly connect: number;
  /** For a statement: half. */
  readonly statement: number;
  /** What has to be left for another row to be begun: a tenth, at least a second. */
  readonly reserve: number;
}

/**
 * The settings in a function's environment. Throws, naming the variable, if one is missing.
 */
export function settingsOf(environment: NodeJS.ProcessEnv): Settings {
  const required = (name: string): string => {
    const value = environment[name];
    if (value === undefined || value === '') {
      throw new Error(`environment variable ${name} is not set`);
    }
    return value;
  };
  const timeout = Number(required(VARIABLES.timeoutSeconds)) * 1_000;
  return {
    plan: JSON.parse(required(VARIABLES.plan)),
    host: required(VARIABLES.host),
    port: Number(required(VARIABLES.port)),
    database: environment[VARIABLES.database],
    secretArn: required(VARIABLES.secretArn),
    throughProxy: environment[VARIABLES.throughProxy] === 'true',
    deadLetterQueueUrl: required(VARIABLES.deadLetterQueueUrl),
    timeouts: {
      connect: timeout / 4,
      statement: timeout / 2,
      reserve: Math.max(1_000, timeout / 10),
    },
  };
}
