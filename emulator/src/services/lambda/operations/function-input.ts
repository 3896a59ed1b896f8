import { NotImplementedError } from '../../../protocol/errors';
import type { InputOf } from '../../../protocol/handlers';
import { invalid } from '../errors';
import type { CodeSource } from '../function-code';
import type { SettingsInput } from '../function-settings';
import type { LambdaApi } from './descriptions';

type Create = InputOf<LambdaApi, 'CreateFunction'>;
type Update = InputOf<LambdaApi, 'UpdateFunctionConfiguration'>;
type Code = Pick<Create['Code'], 'ZipFile' | 'S3Bucket' | 'S3Key' | 'S3ObjectVersion' | 'ImageUri'>;

/** What CreateFunction and UpdateFunctionConfiguration have in common, refusing what is not there. */
export function settingsOf(input: Omit<Update, 'FunctionName' | 'RevisionId'>): SettingsInput {
  refuse('DeadLetterConfig', input.DeadLetterConfig?.TargetArn);
  refuse('Layers', input.Layers?.length ? input.Layers : undefined);
  refuse(
    'FileSystemConfigs',
    input.FileSystemConfigs?.length ? input.FileSystemConfigs : undefined,
  );
  refuse('ImageConfig', input.ImageConfig);
  refuse('CapacityProviderConfig', input.CapacityProviderConfig);
  refuse('DurableConfig', input.DurableConfig);
  if (input.SnapStart?.ApplyOn === 'PublishedVersions')
    throw new NotImplementedError('Lambda SnapStart.ApplyOn PublishedVersions');
  refuse(
    'VpcConfig.Ipv6AllowedForDualStack',
    input.VpcConfig?.Ipv6AllowedForDualStack || undefined,
  );
  return {
    runtime: input.Runtime,
    handler: input.Handler,
    role: input.Role,
    description: input.Description,
    timeout: input.Timeout,
    memorySize: input.MemorySize,
    environment: input.Environment && (input.Environment.Variables ?? {}),
    logFormat: input.LoggingConfig?.LogFormat,
    applicationLogLevel: input.LoggingConfig?.ApplicationLogLevel,
    systemLogLevel: input.LoggingConfig?.SystemLogLevel,
    logGroup: input.LoggingConfig?.LogGroup,
    ephemeralStorage: input.EphemeralStorage?.Size,
    tracingMode: input.TracingConfig?.Mode,
    kmsKeyArn: input.KMSKeyArn,
    vpc: input.VpcConfig && {
      subnetIds: input.VpcConfig.SubnetIds ?? [],
      securityGroupIds: input.VpcConfig.SecurityGroupIds ?? [],
    },
  };
}

/** The members of CreateFunction that no later update has. */
export function creationOf(input: Create): SettingsInput {
  refuse('CodeSigningConfigArn', input.CodeSigningConfigArn);
  refuse('TenancyConfig', input.TenancyConfig);
  refuse('PublishTo', input.PublishTo);
  refuse('PackageType Image', input.PackageType === 'Image' ? true : undefined);
  return { ...settingsOf(input), architectures: input.Architectures };
}

/** @throws ServiceError unless the code is given in exactly one way */
export function sourceOf(code: Code): CodeSource {
  refuse('Code.ImageUri', code.ImageUri);
  refuse('Code.S3ObjectVersion', code.S3ObjectVersion);
  const { ZipFile: bytes, S3Bucket: bucket, S3Key: key } = code;
  if (bytes !== undefined && bucket === undefined) return { kind: 'zip', bytes };
  if (bytes === undefined && bucket !== undefined && key !== undefined)
    return { kind: 's3', bucket, key };
  throw invalid('Please provide a source for function code.');
}

function refuse(name: string, value: unknown): void {
  if (value !== undefined) throw new NotImplementedError(`parameter ${name} of Lambda functions`);
}
