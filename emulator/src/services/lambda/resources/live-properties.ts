import type { LiveProperties, ReadRequest, TemplateValue } from '../../../cloudformation/provider';
import { spelledAs, tagList } from '../../live-properties';
import { defaultBrokerWindow } from '../event-sources/brokers/broker-settings';
import type { EventSourceMapping } from '../event-sources/event-source-mapping';
import type { StreamSettings } from '../event-sources/stream-settings';
import type { FunctionAlias, LambdaFunction } from '../function';
import { functionArn, parseFunctionName } from '../function-arn';
import { type PolicyStatement, permissionOf } from '../function-policy';

/** What a function has come to; its code is not told. */
export function liveFunction(fn: LambdaFunction, reserved: number | undefined): LiveProperties {
  const { logging, recorded, ...settings } = fn.latest.settings;
  const { applicationLevel, format, group, systemLevel } = logging;
  const { vpc } = recorded;
  return {
    Architectures: [recorded.architecture],
    Description: settings.description,
    Environment:
      Object.keys(settings.environment).length > 0
        ? { Variables: settings.environment }
        : undefined,
    EphemeralStorage: { Size: recorded.ephemeralStorage },
    FileSystemConfigs: settings.fileSystem && [
      { Arn: settings.fileSystem.arn, LocalMountPath: settings.fileSystem.localMountPath },
    ],
    FunctionName: fn.name,
    Handler: settings.handler,
    KmsKeyArn: recorded.kmsKeyArn,
    LoggingConfig: {
      LogFormat: format,
      LogGroup: group,
      // Levels are of the JSON format only.
      ...(format === 'JSON' && {
        ApplicationLogLevel: applicationLevel,
        SystemLogLevel: systemLevel,
      }),
    },
    MemorySize: settings.memorySize,
    PackageType: 'Zip',
    ReservedConcurrentExecutions: reserved,
    Role: settings.role,
    Runtime: settings.runtime,
    Tags: tagList(fn.tags),
    Timeout: settings.timeout,
    TracingConfig: { Mode: recorded.tracingMode },
    VpcConfig: vpc && {
      Ipv6AllowedForDualStack: false,
      SecurityGroupIds: vpc.securityGroupIds,
      SubnetIds: vpc.subnetIds,
    },
  };
}

/** What an alias has come to. */
export function liveAlias(
  fn: LambdaFunction,
  alias: FunctionAlias,
  request: ReadRequest,
): LiveProperties {
  const { additional } = alias;
  return {
    Description: alias.description,
    FunctionName: functionNamed(fn, request),
    FunctionVersion: alias.functionVersion,
    Name: alias.name,
    RoutingConfig: additional && {
      AdditionalVersionWeights: [
        { FunctionVersion: additional.version, FunctionWeight: additional.weight },
      ],
    },
  };
}

/** What a permission has come to. */
export function livePermission(
  statement: PolicyStatement,
  { properties }: ReadRequest,
): LiveProperties {
  const { action, principal, principalOrgId, sourceAccount, sourceArn } = permissionOf(statement);
  return {
    Action: action,
    FunctionName: properties.FunctionName,
    // An account may be named by its number.
    Principal: spelledAs(properties.Principal, principal, (text) =>
      text.replace(/^arn:aws:iam::(\d{12}):root$/, '$1'),
    ),
    PrincipalOrgID: principalOrgId,
    SourceAccount: sourceAccount,
    SourceArn: sourceArn,
  };
}

/** What an event source mapping has come to. */
export function liveMapping(
  { settings, tags }: EventSourceMapping,
  { account, properties, region }: ReadRequest,
): LiveProperties {
  const fullArn = (text: string) => {
    const { name, qualifier, ...place } = parseFunctionName(text);
    return functionArn(place.account ?? account, place.region ?? region, name, qualifier);
  };
  return {
    BatchSize: settings.batchSize,
    Enabled: settings.enabled,
    EventSourceArn: settings.sourceArn,
    FilterCriteria:
      settings.filters.length > 0
        ? { Filters: settings.filters.map((Pattern) => ({ Pattern })) }
        : undefined,
    FunctionName: spelledAs(properties.FunctionName, settings.functionArn, fullArn),
    FunctionResponseTypes: settings.reportsItemFailures ? ['ReportBatchItemFailures'] : [],
    MaximumBatchingWindowInSeconds:
      settings.batchingWindow === defaultBrokerWindow ? undefined : settings.batchingWindow,
    Queues: settings.broker && [...settings.broker.queues],
    ScalingConfig:
      settings.maximumConcurrency === undefined
        ? undefined
        : { MaximumConcurrency: settings.maximumConcurrency },
    SourceAccessConfigurations: settings.broker?.access.map(({ type, uri }) => ({
      Type: type,
      URI: uri,
    })),
    ...(settings.stream && liveStreamSettings(settings.stream)),
    Tags: tagList(tags),
  };
}

function liveStreamSettings({ failureDestination, ...settings }: StreamSettings): LiveProperties {
  return {
    BisectBatchOnFunctionError: settings.bisects,
    DestinationConfig:
      failureDestination === undefined
        ? undefined
        : { OnFailure: { Destination: failureDestination } },
    MaximumRecordAgeInSeconds: settings.maximumAge,
    MaximumRetryAttempts: settings.maximumRetries,
    ParallelizationFactor: settings.parallelization,
    StartingPosition: settings.start.type,
  };
}

/** The function as the template names it: by name, or by an ARN. */
export function functionNamed(
  fn: LambdaFunction,
  { properties }: ReadRequest,
): TemplateValue | undefined {
  return spelledAs(properties.FunctionName, fn.name, (text) => parseFunctionName(text).name);
}
