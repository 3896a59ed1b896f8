import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** Environment variables by name. */
export type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The variables that make an SDK, the AWS CLI or the CDK CLI talk to an emulator and to nothing else:
 * no profile, no configuration file and no metadata service can lead elsewhere.
 */
export function emulatorVariables(endpoint: string, region: string): Record<string, string> {
  const home = join(tmpdir(), `cdk-decouple-emulator-${userInfo().uid}`);
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: '000000000000',
    AWS_SECRET_ACCESS_KEY: 'not-checked',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_CONFIG_FILE: join(home, 'no-config'),
    AWS_SHARED_CREDENTIALS_FILE: join(home, 'no-credentials'),
    AWS_EC2_METADATA_DISABLED: 'true',
    // The CDK CLI remembers in its home which account an access key belongs to.
    CDK_HOME: join(home, 'cdk-home'),
    CDK_DISABLE_CLI_TELEMETRY: 'true',
  };
}

/** Those variables as lines for a shell to evaluate. */
export function exportLines(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`)
    .join('');
}

/** An environment with these variables and none of its own that concern AWS. */
export function withoutAws(own: Variables, emulator: Variables): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(own)) {
    if (!name.startsWith('AWS_') && value !== undefined) kept[name] = value;
  }
  for (const [name, value] of Object.entries(emulator)) if (value !== undefined) kept[name] = value;
  return kept;
}

/**
 * Why a command in this environment might be meant for the real AWS; undefined if nothing says so.
 *
 * All of it would be overridden; a person who has it set is told all the same, before anything runs.
 */
export function meantForAws(own: Variables, args: readonly string[]): string | undefined {
  for (const name of ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE']) {
    if (own[name]) return `${name} is set to ${own[name]}: unset it, nothing here reaches AWS`;
  }
  for (const [name, value] of Object.entries(own)) {
    if (name.startsWith('AWS_ENDPOINT_URL') && value && !isLoopback(value)) {
      return `${name} is ${value}, which is not on this machine: unset it`;
    }
  }
  const profile = args.find((arg) => arg === '--profile' || arg.startsWith('--profile='));
  return profile === undefined ? undefined : '--profile chooses real credentials: leave it out';
}

function isLoopback(url: string): boolean {
  try {
    const { hostname } = new URL(url);
    return (
      hostname === 'localhost' ||
      hostname.endsWith('.localhost') ||
      hostname === '[::1]' ||
      /^127(\.\d{1,3}){3}$/.test(hostname)
    );
  } catch {
    return false;
  }
}
