import type { SessionCredentials } from '../../iam/identities';
import type { FunctionVersion } from './function';

/** What the environment variables say of an execution environment. */
export interface EnvironmentPlace {
  readonly endpoint: string;
  /** Folder for temporary files. */
  readonly temporary: string;
  /** PEM file. */
  readonly certificateAuthorityFile: string | undefined;
  readonly logGroup: string;
  readonly logStream: string;
}

/**
 * A function's environment variables: its own, and those that Lambda sets. Nothing of the host's
 * comes through but PATH, which programs that the function starts need.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export function functionEnvironment(
  version: FunctionVersion,
  credentials: SessionCredentials,
  place: EnvironmentPlace,
): NodeJS.ProcessEnv {
  const { settings, code } = version;
  return {
    PATH: process.env.PATH,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    // Kept apart for each environment; there is no ~/.aws in it.
    HOME: place.temporary,
    TMPDIR: place.temporary,
    LAMBDA_TASK_ROOT: code.directory,
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    _HANDLER: settings.handler,
    AWS_EXECUTION_ENV: `AWS_Lambda_${settings.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: version.functionName,
    AWS_LAMBDA_FUNCTION_VERSION: version.version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(settings.memorySize),
    AWS_LAMBDA_LOG_GROUP_NAME: place.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: place.logStream,
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_REGION: version.region,
    AWS_DEFAULT_REGION: version.region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
    AWS_XRAY_DAEMON_ADDRESS: '169.254.79.129:2000',
    AWS_ENDPOINT_URL: place.endpoint,
    ...(place.certificateAuthorityFile !== undefined && {
      NODE_EXTRA_CA_CERTS: place.certificateAuthorityFile,
    }),
    ...settings.environment,
  };
}
