import type { Clock } from '../../../clock/clock';
import {
  PropertyReader,
  type ResourceProvider,
  type ResourceRequest,
} from '../../../cloudformation/provider';
import { unsupportedProperties } from '../../accepted-parameters';
import { sameState } from '../../resource-updates';
import type { Regional } from '../../service';
import { parseFunctionName } from '../function-arn';
import type { LambdaRegion } from '../lambda-region';
import { functionNamed, liveAlias } from './live-properties';

/** `AWS::Lambda::Version`: Ref is the ARN of the version. */
export function versionResource(regions: Regional<LambdaRegion>): ResourceProvider {
  const type = 'AWS::Lambda::Version';
  return {
    type,
    level: 'emulated',
    unsupported: (properties) =>
      unsupportedProperties(type, properties, ['FunctionName', 'Description']),
    async create(request) {
      const { functions } = regions.in(request.account, request.region);
      const properties = new PropertyReader(request.properties);
      const { fn } = functions.get(properties.requiredString('FunctionName'));
      const { version } = functions.publish(fn, properties.string('Description'));
      const arn = `${fn.arn}:${version}`;
      return {
        physicalId: arn,
        attributes: { Version: version, FunctionArn: arn },
      };
    },
    async delete(request) {
      const { functions } = regions.in(request.account, request.region);
      const { name, qualifier } = parseFunctionName(request.physicalId);
      const fn = functions.find(name);
      if (fn && qualifier !== undefined && fn.versions.has(qualifier))
        await functions.deleteVersion(fn, qualifier);
    },
    async read(request) {
      const { functions } = regions.in(request.account, request.region);
      const { name, qualifier } = parseFunctionName(request.physicalId);
      const fn = functions.find(name);
      const version = fn?.versions.get(qualifier ?? '');
      if (!fn || !version) return undefined;
      return {
        Description: version.settings.description,
        FunctionName: functionNamed(fn, request),
      };
    },
  };
}

/** `AWS::Lambda::Alias`: Ref is the ARN of the alias. */
export function aliasResource(regions: Regional<LambdaRegion>): ResourceProvider {
  const type = 'AWS::Lambda::Alias';
  const put = (request: ResourceRequest) => {
    const { functions } = regions.in(request.account, request.region);
    const properties = new PropertyReader(request.properties);
    const { fn } = functions.get(properties.requiredString('FunctionName'));
    const name = properties.requiredString('Name');
    const [weight] = properties.object('RoutingConfig')?.objects('AdditionalVersionWeights') ?? [];
    fn.aliases.set(name, {
      name,
      functionVersion: properties.requiredString('FunctionVersion'),
      description: properties.string('Description') ?? '',
      additional: weight && {
        version: weight.requiredString('FunctionVersion'),
        weight: weight.number('FunctionWeight') ?? 0,
      },
      revisionId: functions.revision(fn.name),
    });
    return { fn, name };
  };
  return {
    type,
    level: 'emulated',
    unsupported: (properties) =>
      unsupportedProperties(type, properties, [
        'FunctionName',
        'FunctionVersion',
        'Name',
        'Description',
        'RoutingConfig',
      ]),
    async create(request) {
      const { fn, name } = put(request);
      const arn = `${fn.arn}:${name}`;
      return { physicalId: arn, attributes: { AliasArn: arn } };
    },
    async update(request) {
      put(request);
      return sameState(request);
    },
    async delete(request) {
      const { functions } = regions.in(request.account, request.region);
      const { name, qualifier } = parseFunctionName(request.physicalId);
      if (qualifier !== undefined) functions.find(name)?.aliases.delete(qualifier);
    },
    async read(request) {
      const { functions } = regions.in(request.account, request.region);
      const { name, qualifier } = parseFunctionName(request.physicalId);
      const fn = functions.find(name);
      const alias = fn?.aliases.get(qualifier ?? '');
      return fn && alias && liveAlias(fn, alias, request);
    },
  };
}

/** `AWS::Lambda::EventInvokeConfig`: how asynchronous invocations are repeated. */
export function eventInvokeResource(
  regions: Regional<LambdaRegion>,
  clock: Clock,
): ResourceProvider {
  const type = 'AWS::Lambda::EventInvokeConfig';
  const put = (request: ResourceRequest) => {
    const { functions } = regions.in(request.account, request.region);
    const properties = new PropertyReader(request.properties);
    const { fn } = functions.get(properties.requiredString('FunctionName'));
    const qualifier = properties.requiredString('Qualifier');
    fn.eventInvoke.set(qualifier, {
      maximumRetryAttempts: properties.number('MaximumRetryAttempts'),
      maximumEventAge: properties.number('MaximumEventAgeInSeconds'),
      lastModified: clock.now(),
    });
    return `${fn.name}|${qualifier}`;
  };
  return {
    type,
    level: 'emulated',
    unsupported: (properties) =>
      unsupportedProperties(type, properties, [
        'FunctionName',
        'Qualifier',
        'MaximumRetryAttempts',
        'MaximumEventAgeInSeconds',
      ]),
    async create(request) {
      return { physicalId: put(request), attributes: {} };
    },
    async update(request) {
      put(request);
      return sameState(request);
    },
    async delete(request) {
      const { functions } = regions.in(request.account, request.region);
      const [name = '', qualifier = ''] = request.physicalId.split('|');
      functions.find(name)?.eventInvoke.delete(qualifier);
    },
    async read(request) {
      const { functions } = regions.in(request.account, request.region);
      const [name = '', qualifier = ''] = request.physicalId.split('|');
      const fn = functions.find(name);
      const settings = fn?.eventInvoke.get(qualifier);
      if (!fn || !settings) return undefined;
      return {
        FunctionName: functionNamed(fn, request),
        MaximumEventAgeInSeconds: settings.maximumEventAge,
        MaximumRetryAttempts: settings.maximumRetryAttempts,
        Qualifier: qualifier,
      };
    },
  };
}
