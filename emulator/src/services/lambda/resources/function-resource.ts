import {
  type ExistingResourceRequest,
  type FindRequest,
  PropertyReader,
  type ReadRequest,
  type ResourceProperties,
  type ResourceProvider,
  type ResourceRequest,
  type UpdateRequest,
} from '../../../cloudformation/provider';
import type { Authorize } from '../../../iam/caller';
import { unsupportedProperties } from '../../accepted-parameters';
import { changedProperties, sameState, updateTemplateTags } from '../../resource-updates';
import type { Regional } from '../../service';
import { functionArn } from '../function-arn';
import type { CodeSource } from '../function-code';
import type { SettingsInput } from '../function-settings';
import type { LambdaRegion } from '../lambda-region';
import { unsupportedRuntime } from '../runtimes';
import { liveFunction } from './live-properties';

const type = 'AWS::Lambda::Function';

const supported = [
  'Architectures',
  'Code',
  'Description',
  'Environment',
  'EphemeralStorage',
  'FileSystemConfigs',
  'FunctionName',
  'Handler',
  'KmsKeyArn',
  'LoggingConfig',
  'MemorySize',
  'PackageType',
  'ReservedConcurrentExecutions',
  'Role',
  'Runtime',
  'SnapStart',
  'Tags',
  'Timeout',
  'TracingConfig',
  'VpcConfig',
];

/** `AWS::Lambda::Function`: Ref is the name. */
export function functionResource(
  regions: Regional<LambdaRegion>,
  authorize: Authorize,
): ResourceProvider {
  return {
    ...functionLifecycle(regions, authorize, true),
    level: 'emulated',
    recordedProperties: [
      'Architectures',
      'EphemeralStorage',
      'KmsKeyArn',
      'TracingConfig',
      'VpcConfig',
    ],
    unsupported,
    recordedInstead: { ...functionLifecycle(regions, authorize, false), level: 'recorded' },
  };
}

/** @param runs - false for functions that are only recorded */
function functionLifecycle(regions: Regional<LambdaRegion>, authorize: Authorize, runs: boolean) {
  const ask = (request: ResourceRequest, action: string, name: string) =>
    authorize({
      caller: request.caller,
      action: `lambda:${action}`,
      resource: functionArn(request.account, request.region, name),
    });
  const settings = (properties: PropertyReader): SettingsInput => ({
    ...settingsOf(properties),
    runs,
  });
  return {
    type,
    async create(request: ResourceRequest) {
      const region = regions.in(request.account, request.region);
      const { functions, concurrency } = region;
      const properties = new PropertyReader(request.properties);
      const name = properties.string('FunctionName') ?? request.generateName(64);
      ask(request, 'CreateFunction', name);
      region.checkRole(properties.string('Role'), name, request);
      const given = settings(properties);
      region.fileSystems.check(given, undefined, request);
      const fn = await functions.create(name, given, codeOf(properties), {
        ...request.stackTags,
        ...properties.tags(),
      });
      const reserved = properties.number('ReservedConcurrentExecutions');
      if (reserved !== undefined) concurrency.reserve(name, reserved);
      return { physicalId: name, attributes: { Arn: fn.arn } };
    },
    async find({ account, identifier, region }: FindRequest) {
      const fn = regions.in(account, region).functions.find(identifier.FunctionName ?? '');
      return fn && { physicalId: fn.name, attributes: { Arn: fn.arn } };
    },
    async update(request: UpdateRequest) {
      const { previous, physicalId } = request;
      const region = regions.in(request.account, request.region);
      const { functions, concurrency } = region;
      const { fn } = functions.get(physicalId);
      const properties = new PropertyReader(request.properties);
      const changed = changedProperties(previous.properties, request.properties);
      const outside = ['ReservedConcurrentExecutions', 'Tags'];
      if ([...changed].some((name) => !outside.includes(name))) {
        const onlyCode = changed.size === 1 && changed.has('Code');
        ask(request, onlyCode ? 'UpdateFunctionCode' : 'UpdateFunctionConfiguration', fn.name);
        if (changed.has('Role')) region.checkRole(properties.string('Role'), fn.name, request);
        const code = changed.has('Code') ? codeOf(properties) : undefined;
        const given = settings(properties);
        region.fileSystems.check(given, undefined, request);
        await functions.replace(fn, given, code);
      }
      if (changed.has('ReservedConcurrentExecutions')) {
        const reserved = properties.number('ReservedConcurrentExecutions');
        if (reserved === undefined) concurrency.unreserve(fn.name);
        else concurrency.reserve(fn.name, reserved);
      }
      updateTemplateTags(fn.tags, request);
      return sameState(request);
    },
    async delete(request: ExistingResourceRequest) {
      const { functions } = regions.in(request.account, request.region);
      const fn = functions.find(request.physicalId);
      if (!fn) return;
      ask(request, 'DeleteFunction', fn.name);
      await functions.delete(fn);
    },
    async read({ account, physicalId, region }: ReadRequest) {
      const { concurrency, functions } = regions.in(account, region);
      const fn = functions.find(physicalId);
      return fn && liveFunction(fn, concurrency.reservation(fn.name));
    },
  };
}

function unsupported(properties: ResourceProperties): string[] {
  const reader = new PropertyReader(properties);
  const code = reader.object('Code');
  const runtime = unsupportedRuntime(reader.string('Runtime'));
  const snapStart = reader.object('SnapStart')?.string('ApplyOn');
  const dualStack = reader.object('VpcConfig')?.string('Ipv6AllowedForDualStack');
  return [
    ...unsupportedProperties(type, properties, supported),
    ...(runtime === undefined ? [] : [`${type} does not support ${runtime}`]),
    ...(reader.string('PackageType') === 'Image'
      ? [`${type} does not support PackageType Image`]
      : []),
    ...['ImageUri', 'S3ObjectVersion', 'SourceKMSKeyArn', 'S3ObjectStorageMode']
      .filter((name) => code?.json(name) !== undefined)
      .map((name) => `${type} does not support Code.${name}`),
    ...(snapStart !== undefined && snapStart !== 'None'
      ? [`${type} does not support SnapStart.ApplyOn ${snapStart}`]
      : []),
    ...(dualStack === 'true'
      ? [`${type} does not support VpcConfig.Ipv6AllowedForDualStack ${dualStack}`]
      : []),
  ];
}

function settingsOf(properties: PropertyReader): SettingsInput {
  const logging = properties.object('LoggingConfig');
  const vpc = properties.object('VpcConfig');
  return {
    runtime: properties.string('Runtime'),
    handler: properties.string('Handler'),
    role: properties.string('Role'),
    description: properties.string('Description'),
    timeout: properties.number('Timeout'),
    memorySize: properties.number('MemorySize'),
    environment: properties.object('Environment')?.stringMap('Variables'),
    logFormat: logging?.string('LogFormat'),
    applicationLogLevel: logging?.string('ApplicationLogLevel'),
    systemLogLevel: logging?.string('SystemLogLevel'),
    logGroup: logging?.string('LogGroup'),
    architectures: properties.strings('Architectures'),
    ephemeralStorage: properties.object('EphemeralStorage')?.number('Size'),
    tracingMode: properties.object('TracingConfig')?.string('Mode'),
    kmsKeyArn: properties.string('KmsKeyArn'),
    fileSystems: properties.objects('FileSystemConfigs')?.map((config) => ({
      arn: config.requiredString('Arn'),
      localMountPath: config.requiredString('LocalMountPath'),
    })),
    vpc: vpc && {
      subnetIds: vpc.strings('SubnetIds') ?? [],
      securityGroupIds: vpc.strings('SecurityGroupIds') ?? [],
    },
  };
}

function codeOf(properties: PropertyReader): CodeSource {
  const code = properties.object('Code');
  const text = code?.string('ZipFile');
  if (text !== undefined) return { kind: 'inline', text };
  if (!code) throw new TypeError('Property Code is required');
  return { kind: 's3', bucket: code.requiredString('S3Bucket'), key: code.requiredString('S3Key') };
}
