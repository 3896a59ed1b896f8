import type { OutputOf } from '../../../protocol/handlers';
import { type BrokerSettings, defaultBrokerWindow } from '../event-sources/brokers/broker-settings';
import type { EventSourceMapping } from '../event-sources/event-source-mapping';
import type { StreamSettings } from '../event-sources/stream-settings';
import type {
  EventInvokeSettings,
  FunctionAlias,
  FunctionVersion,
  LambdaFunction,
} from '../function';
import { functionArn } from '../function-arn';

/** The SDK's Lambda module, by which operations are typed. */
export type LambdaApi = typeof import('@aws-sdk/client-lambda');

/** A version as GetFunctionConfiguration describes it; `$LATEST` goes without a qualifier unless one was asked for. */
export function describeVersion(
  version: FunctionVersion,
  qualifier?: string,
): OutputOf<LambdaApi, 'GetFunctionConfiguration'> {
  const { settings, code, account, region, functionName } = version;
  const { recorded, logging } = settings;
  const shown = qualifier ?? (version.version === '$LATEST' ? undefined : version.version);
  return {
    FunctionName: functionName,
    FunctionArn: functionArn(account, region, functionName, shown),
    Runtime: runtimeOf(settings.runtime),
    Role: settings.role,
    Handler: settings.handler,
    CodeSize: code.size,
    CodeSha256: code.sha256,
    Description: settings.description,
    Timeout: settings.timeout,
    MemorySize: settings.memorySize,
    LastModified: new Date(version.lastModified).toISOString().replace('Z', '+0000'),
    Version: version.version,
    ...(Object.keys(settings.environment).length > 0 && {
      Environment: { Variables: { ...settings.environment } },
    }),
    ...(recorded.kmsKeyArn !== undefined && { KMSKeyArn: recorded.kmsKeyArn }),
    ...(recorded.vpc && {
      VpcConfig: {
        SubnetIds: recorded.vpc.subnetIds,
        SecurityGroupIds: recorded.vpc.securityGroupIds,
      },
    }),
    ...(settings.fileSystem && {
      FileSystemConfigs: [
        { Arn: settings.fileSystem.arn, LocalMountPath: settings.fileSystem.localMountPath },
      ],
    }),
    TracingConfig: { Mode: recorded.tracingMode },
    RevisionId: version.revisionId,
    State: 'Active',
    LastUpdateStatus: 'Successful',
    PackageType: 'Zip',
    Architectures: [recorded.architecture === 'arm64' ? 'arm64' : 'x86_64'],
    EphemeralStorage: { Size: recorded.ephemeralStorage },
    SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
    LoggingConfig: {
      LogFormat: logging.format,
      LogGroup: logging.group,
      ...(logging.format === 'JSON' && {
        ApplicationLogLevel: logging.applicationLevel,
        SystemLogLevel: logging.systemLevel,
      }),
    },
  };
}

type RuntimeName = OutputOf<LambdaApi, 'GetFunctionConfiguration'>['Runtime'];

function runtimeOf(runtime: string): RuntimeName {
  switch (runtime) {
    case 'nodejs18.x':
    case 'nodejs20.x':
    case 'nodejs22.x':
    case 'nodejs24.x':
    // Recorded functions only.
    case 'python3.9':
    case 'python3.10':
    case 'python3.11':
    case 'python3.12':
    case 'python3.13':
    case 'python3.14':
      return runtime;
    default:
      return undefined;
  }
}

/** An alias as GetAlias describes it. */
export function describeAlias(
  fn: LambdaFunction,
  alias: FunctionAlias,
): OutputOf<LambdaApi, 'GetAlias'> {
  return {
    AliasArn: `${fn.arn}:${alias.name}`,
    Name: alias.name,
    FunctionVersion: alias.functionVersion,
    Description: alias.description,
    ...(alias.additional && {
      RoutingConfig: {
        AdditionalVersionWeights: { [alias.additional.version]: alias.additional.weight },
      },
    }),
    RevisionId: alias.revisionId,
  };
}

/** A mapping as GetEventSourceMapping describes it. */
export function describeMapping(
  mapping: EventSourceMapping,
  state: string = mapping.state,
): OutputOf<LambdaApi, 'GetEventSourceMapping'> {
  const { settings } = mapping;
  return {
    UUID: mapping.uuid,
    EventSourceMappingArn: mapping.arn,
    EventSourceArn: settings.sourceArn,
    FunctionArn: settings.functionArn,
    BatchSize: settings.batchSize,
    // One that nobody has set is no number of seconds.
    ...(settings.batchingWindow !== defaultBrokerWindow && {
      MaximumBatchingWindowInSeconds: settings.batchingWindow,
    }),
    LastModified: new Date(mapping.lastModified),
    State: state,
    StateTransitionReason: mapping.stateTransitionReason,
    FunctionResponseTypes: settings.reportsItemFailures ? ['ReportBatchItemFailures'] : [],
    ...(settings.filters.length > 0 && {
      FilterCriteria: { Filters: settings.filters.map((Pattern) => ({ Pattern })) },
    }),
    ...(settings.maximumConcurrency !== undefined && {
      ScalingConfig: { MaximumConcurrency: settings.maximumConcurrency },
    }),
    ...(settings.stream && {
      ...describeStreamSettings(settings.stream),
      LastProcessingResult: mapping.lastProcessingResult,
    }),
    ...(settings.broker && {
      ...describeBrokerSettings(settings.broker),
      LastProcessingResult: mapping.lastProcessingResult,
    }),
  };
}

function describeBrokerSettings({ access, queues }: BrokerSettings) {
  return {
    Queues: [...queues],
    SourceAccessConfigurations: access.map(({ type, uri }) => ({
      Type: type === 'VIRTUAL_HOST' ? ('VIRTUAL_HOST' as const) : ('BASIC_AUTH' as const),
      URI: uri,
    })),
  };
}

function describeStreamSettings({ start, ...settings }: StreamSettings) {
  return {
    StartingPosition: start.type,
    ...(start.timestamp !== undefined && { StartingPositionTimestamp: new Date(start.timestamp) }),
    ParallelizationFactor: settings.parallelization,
    BisectBatchOnFunctionError: settings.bisects,
    MaximumRetryAttempts: settings.maximumRetries,
    MaximumRecordAgeInSeconds: settings.maximumAge,
    TumblingWindowInSeconds: 0,
    DestinationConfig: {
      OnFailure:
        settings.failureDestination === undefined
          ? {}
          : { Destination: settings.failureDestination },
    },
  };
}

/** How asynchronous invocations are repeated, as GetFunctionEventInvokeConfig describes it. */
export function describeEventInvoke(
  fn: LambdaFunction,
  qualifier: string,
  settings: EventInvokeSettings,
): OutputOf<LambdaApi, 'GetFunctionEventInvokeConfig'> {
  return {
    FunctionArn: `${fn.arn}:${qualifier}`,
    LastModified: new Date(settings.lastModified),
    MaximumRetryAttempts: settings.maximumRetryAttempts,
    MaximumEventAgeInSeconds: settings.maximumEventAge,
    DestinationConfig: { OnSuccess: {}, OnFailure: {} },
  };
}
