import { isKnown, type ValidationRule } from '../validation';

/** What every program may have. */
export interface CommonProgramOptions {
  /**
   * Variables of its environment. What the instance itself says (`AWS_REGION`, `QUEUE_URL` …) cannot be set here.
   *
   * They can be read in the template and on the instance: no place for secrets.
   *
   * @default - those of the instance only
   */
  readonly environment?: Readonly<Record<string, string>>;

  /**
   * Packages of Amazon Linux 2023 to install before, such as `ffmpeg-free` or `python3.12`.
   *
   * @default - none
   */
  readonly packages?: readonly string[];
}

/** Said by the instance, whatever the program. */
export const RESERVED_VARIABLES: readonly string[] = [
  'AWS_REGION',
  'LIFECYCLE_HOOK_NAME',
  'PORT',
  'QUEUE_URL',
];

/** Those of options that every program has. */
export const COMMON_PROGRAM_RULES: ReadonlyArray<ValidationRule<CommonProgramOptions>> = [
  {
    fails: (options) => wrongNames(options).length > 0,
    message: (options) =>
      `environment: the name of a variable is letters, digits and underscores and does not begin with a digit, got '${wrongNames(options).join("', '")}'`,
  },
  {
    fails: (options) => reservedNames(options).length > 0,
    message: (options) =>
      `environment: ${reservedNames(options).join(', ')} is set by the instance: leave it out`,
  },
  {
    fails: ({ environment = {} }) =>
      Object.values(environment).some((value) => isKnown(value) && /[\n\r\0]/.test(value)),
    message: () => 'environment: systemd takes no line breaks in values; encode them',
  },
  {
    fails: (options) => wrongPackages(options).length > 0,
    message: (options) =>
      `packages are names, as dnf knows them, got '${wrongPackages(options).join("', '")}'`,
  },
];

function wrongNames({ environment = {} }: CommonProgramOptions): string[] {
  return Object.keys(environment).filter((name) => !/^[A-Za-z_]\w*$/.test(name));
}

function reservedNames({ environment = {} }: CommonProgramOptions): string[] {
  return Object.keys(environment).filter((name) => RESERVED_VARIABLES.includes(name));
}

/** They are written into a shell script as they are. */
function wrongPackages({ packages = [] }: CommonProgramOptions): string[] {
  return packages.filter((name) => !/^[A-Za-z0-9][\w.+-]*$/.test(name));
}
