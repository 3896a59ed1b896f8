import { NotImplementedError } from '../../../protocol/errors';
import type { InputOf } from '../../../protocol/handlers';
import { acceptOnly } from '../../accepted-parameters';
import { invalid } from '../errors';
import type { CodeSource } from '../function-code';
import type { SettingsInput } from '../function-settings';
import type { LambdaApi } from './descriptions';

type Create = InputOf<LambdaApi, 'CreateFunction'>;
type Update = InputOf<LambdaApi, 'UpdateFunctionConfiguration'>;
type Code = Pick<Create['Code'], 'ZipFile' | 'S3Bucket' | 'S3Key' | 'S3ObjectVersion' | 'ImageUri'>;

/** What is looked at on creation and on an update; some of it only to refuse what says something. */
const accepted = [
  'FunctionName',
  'Runtime',
  'Handler',
  'Role',
  'Description',
  'Timeout',
  'MemorySize',
  'Environment',
  'LoggingConfig',
  'EphemeralStorage',
  'TracingConfig',
  'KMSKeyArn',
  'VpcConfig',
  'DeadLetterConfig',
  'Layers',
  'FileSystemConfigs',
  'SnapStart',
] as const;

/** UpdateFunctionConfiguration's settings. */
export function changesOf(input: Update): SettingsInput {
  acceptOnly('UpdateFunctionConfiguration', input, [...accepted, 'RevisionId']);
  return settingsOf(input);
}

/** CreateFunction's settings. */
export function creationOf(input: Create): SettingsInput {
  refuse('PackageType Image', input.PackageType === 'Image' ? true : undefined);
  acceptOnly('CreateFunction', input, [
    ...accepted,
    'Architectures',
    'Code',
    'PackageType',
    'Publish',
    'Tags',
  ]);
  return { ...settingsOf(input), architectures: input.Architectures };
}

function settingsOf(input: Pick<Update, (typeof accepted)[number]>): SettingsInput {
  refuse('DeadLetterConfig', input.DeadLetterConfig?.TargetArn);
  refuse('Layers', input.Layers?.length ? input.Layers : undefined);
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
    fileSystems: input.FileSystemConfigs?.map(({ Arn, LocalMountPath }) => ({
      arn: Arn,
      localMountPath: LocalMountPath,
    })),
    vpc: input.VpcConfig && {
      subnetIds: input.VpcConfig.SubnetIds ?? [],
      securityGroupIds: input.VpcConfig.SecurityGroupIds ?? [],
    },
  };
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
