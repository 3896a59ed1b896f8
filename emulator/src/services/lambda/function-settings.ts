import { NotImplementedError } from '../../protocol/errors';
import { invalid } from './errors';
import { unsupportedRuntime } from './runtimes';
import type { LogLevel } from './worker/messages';

/** What a function is configured with, apart from its code: the same on the API and in templates. */
export interface FunctionSettings {
  readonly runtime: string;
  readonly handler: string;
  /** ARN. */
  readonly role: string;
  readonly description: string;
  /** Seconds. @default 3 */
  readonly timeout: number;
  /** MiB. @default 128 */
  readonly memorySize: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly logging: LoggingSettings;
  /** What it finds below `/mnt`. @default - nothing */
  readonly fileSystem: FileSystemSettings | undefined;
  /**
   * False of a function that is only recorded: the custom resources that name it are handled without
   * it, and whoever invokes it is told so.
   */
  readonly runs: boolean;
  /** Kept and shown; they change nothing here. */
  readonly recorded: RecordedSettings;
}

/** A file system that a function mounts. */
export interface FileSystemSettings {
  /** ARN of an access point. */
  readonly arn: string;
  /** Such as `/mnt/orders`. */
  readonly localMountPath: string;
}

/** Where and how a function logs. */
export interface LoggingSettings {
  /** @default Text */
  readonly format: 'Text' | 'JSON';
  /** The lowest level of the function's own lines in JSON format. @default INFO */
  readonly applicationLevel: LogLevel;
  /** The lowest level of Lambda's own lines in JSON format. @default INFO */
  readonly systemLevel: 'DEBUG' | 'INFO' | 'WARN';
  /** @default /aws/lambda/<name> */
  readonly group: string;
}

/** Settings that are kept as data. */
export interface RecordedSettings {
  readonly architecture: string;
  /** MiB of /tmp. */
  readonly ephemeralStorage: number;
  readonly tracingMode: 'Active' | 'PassThrough';
  readonly kmsKeyArn?: string;
  readonly vpc?: { readonly subnetIds: string[]; readonly securityGroupIds: string[] };
}

/** {@link FunctionSettings} as they arrive, any of them missing. */
export interface SettingsInput {
  readonly runtime?: string;
  readonly handler?: string;
  readonly role?: string;
  readonly description?: string;
  readonly timeout?: number;
  readonly memorySize?: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly logFormat?: string;
  readonly applicationLogLevel?: string;
  readonly systemLogLevel?: string;
  readonly logGroup?: string;
  readonly architectures?: readonly string[];
  readonly ephemeralStorage?: number;
  readonly tracingMode?: string;
  readonly kmsKeyArn?: string;
  readonly vpc?: { readonly subnetIds: string[]; readonly securityGroupIds: string[] };
  /** One at most; none takes away what there is. */
  readonly fileSystems?: readonly FileSystemSettings[];
  /** @default true */
  readonly runs?: boolean;
}

/** Environment variables that Lambda sets itself. https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
const reservedVariables = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_DEFAULT_REGION',
  'AWS_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_LAMBDA_RUNTIME_API',
  'LAMBDA_TASK_ROOT',
  'LAMBDA_RUNTIME_DIR',
]);

const environmentLimit = 4096;

/**
 * Checks settings and fills in what is missing, from `base` on an update, from Lambda's defaults otherwise.
 *
 * @throws ServiceError in AWS's words for values that Lambda refuses
 * @throws NotImplementedError for those that the emulator does not have
 */
export function resolveSettings(
  name: string,
  input: SettingsInput,
  base?: FunctionSettings,
): FunctionSettings {
  const runs = input.runs ?? base?.runs ?? true;
  if (runs) refuseRuntime(input.runtime);
  check(input);
  const runtime = input.runtime ?? base?.runtime;
  const handler = input.handler ?? base?.handler;
  const role = input.role ?? base?.role;
  if (runtime === undefined || handler === undefined)
    throw invalid(
      'Runtime and Handler are mandatory parameters for functions created with deployment packages.',
    );
  if (role === undefined) throw invalid('Role is a mandatory parameter.');
  return {
    runtime,
    handler,
    role,
    description: input.description ?? base?.description ?? '',
    timeout: input.timeout ?? base?.timeout ?? 3,
    memorySize: input.memorySize ?? base?.memorySize ?? 128,
    environment: input.environment ?? base?.environment ?? {},
    logging: resolveLogging(name, input, base?.logging),
    fileSystem: input.fileSystems ? input.fileSystems[0] : base?.fileSystem,
    runs,
    recorded: {
      architecture: input.architectures?.[0] ?? base?.recorded.architecture ?? 'x86_64',
      ephemeralStorage: input.ephemeralStorage ?? base?.recorded.ephemeralStorage ?? 512,
      tracingMode:
        input.tracingMode === undefined
          ? (base?.recorded.tracingMode ?? 'PassThrough')
          : input.tracingMode === 'Active'
            ? 'Active'
            : 'PassThrough',
      kmsKeyArn: input.kmsKeyArn ?? base?.recorded.kmsKeyArn,
      vpc: input.vpc ?? base?.recorded.vpc,
    },
  };
}

function refuseRuntime(name: string | undefined): void {
  const runtime = unsupportedRuntime(name);
  if (runtime) throw new NotImplementedError(`Lambda ${runtime}`);
}

function check(input: SettingsInput): void {
  if (
    input.role !== undefined &&
    !/^arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role\/?[a-zA-Z_0-9+=,.@\-_/]+$/.test(input.role)
  )
    throw constraint(
      input.role,
      'role',
      'Member must satisfy regular expression pattern: arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+',
    );
  if (input.handler !== undefined && input.handler.length > 128)
    throw constraint(input.handler, 'handler', 'Member must have length less than or equal to 128');
  if (input.handler !== undefined && !/^\S+$/.test(input.handler))
    throw constraint(
      input.handler,
      'handler',
      'Member must satisfy regular expression pattern: [^\\s]+',
    );
  range('timeout', input.timeout, 1, 900);
  range('memorySize', input.memorySize, 128, 10_240);
  range('ephemeralStorage.size', input.ephemeralStorage, 512, 10_240);
  oneOf('tracingConfig.mode', input.tracingMode, ['PassThrough', 'Active']);
  for (const architecture of input.architectures ?? [])
    oneOf('architectures', architecture, ['x86_64', 'arm64']);
  if (input.description !== undefined && input.description.length > 256)
    throw constraint(
      input.description,
      'description',
      'Member must have length less than or equal to 256',
    );
  checkEnvironment(input.environment);
}

function checkEnvironment(environment: Readonly<Record<string, string>> = {}): void {
  const names = Object.keys(environment);
  const reserved = names.filter((name) => reservedVariables.has(name));
  if (reserved.length > 0)
    throw invalid(
      `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`,
    );
  for (const name of names)
    if (!/^[a-zA-Z][a-zA-Z0-9_]+$/.test(name))
      throw constraint(
        name,
        'environment.variables',
        'Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]',
      );
  if (Buffer.byteLength(JSON.stringify(environment)) > environmentLimit)
    throw invalid(
      `Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. String measured: ${JSON.stringify(environment)}`,
    );
}

function resolveLogging(
  name: string,
  input: SettingsInput,
  base: LoggingSettings | undefined,
): LoggingSettings {
  oneOf('loggingConfig.logFormat', input.logFormat, ['JSON', 'Text']);
  const format =
    input.logFormat === undefined
      ? (base?.format ?? 'Text')
      : input.logFormat === 'JSON'
        ? 'JSON'
        : 'Text';
  if (format === 'Text' && (input.applicationLogLevel ?? input.systemLogLevel) !== undefined)
    throw invalid('Log levels can only be set when LogFormat is set to JSON.');
  return {
    format,
    applicationLevel:
      level(input.applicationLogLevel, ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL']) ??
      base?.applicationLevel ??
      'INFO',
    systemLevel:
      level(input.systemLogLevel, ['DEBUG', 'INFO', 'WARN']) ?? base?.systemLevel ?? 'INFO',
    group: input.logGroup ?? base?.group ?? `/aws/lambda/${name}`,
  };
}

function level<T extends string>(value: string | undefined, levels: readonly T[]): T | undefined {
  if (value === undefined) return undefined;
  const found = levels.find((candidate) => candidate === value);
  if (!found) throw constraint(value, 'loggingConfig.logLevel', enumeration(levels));
  return found;
}

/** @throws ServiceError unless a value is one of a closed list; undefined passes */
export function oneOf(member: string, value: string | undefined, values: readonly string[]): void {
  if (value !== undefined && !values.includes(value))
    throw constraint(value, member, enumeration(values));
}

function enumeration(values: readonly string[]): string {
  return `Member must satisfy enum value set: [${values.join(', ')}]`;
}

function range(member: string, value: number | undefined, min: number, max: number): void {
  if (value === undefined) return;
  if (value < min)
    throw constraint(value, member, `Member must have value greater than or equal to ${min}`);
  if (value > max)
    throw constraint(value, member, `Member must have value less than or equal to ${max}`);
}

/** Lambda's own form of a failed constraint. */
export function constraint(value: unknown, member: string, text: string) {
  return invalid(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${text}`,
  );
}
