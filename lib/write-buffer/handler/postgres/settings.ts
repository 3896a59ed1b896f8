import { VARIABLES, type WritePlan } from '../../mapping/settings';
import { type CommonSettings, commonSettingsOf, required } from '../settings';

/** What the construct told the function. */
export interface Settings extends CommonSettings {
  readonly plan: WritePlan;
  readonly host: string;
  readonly port: number;
  /** Undefined to take the secret's `dbname`. */
  readonly database: string | undefined;
  readonly secretArn: string;
  /** An RDS Proxy pins connections that set session variables, so nothing is set through one. */
  readonly throughProxy: boolean;
}

/**
 * The settings in a function's environment. Throws, naming the variable, if one is missing.
 */
export function settingsOf(environment: NodeJS.ProcessEnv): Settings {
  return {
    ...commonSettingsOf(environment),
    plan: JSON.parse(required(environment, VARIABLES.plan)),
    host: required(environment, VARIABLES.host),
    port: Number(required(environment, VARIABLES.port)),
    database: environment[VARIABLES.database],
    secretArn: required(environment, VARIABLES.secretArn),
    throughProxy: environment[VARIABLES.throughProxy] === 'true',
  };
}
