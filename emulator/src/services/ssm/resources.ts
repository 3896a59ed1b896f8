import { PropertyReader, type ResourceProvider } from '../../cloudformation/provider';
import { unsupportedProperties } from '../accepted-parameters';
import { sameState, updateTags } from '../resource-updates';
import type { Regional, ServiceEnvironment } from '../service';
import type { ParameterStore } from './parameter-store';

/** The CloudFormation types of Parameter Store. */
export function ssmResources(
  env: ServiceEnvironment,
  stores: Regional<ParameterStore>,
): ResourceProvider[] {
  return [parameterProvider(env, stores)];
}

function parameterProvider(
  env: ServiceEnvironment,
  stores: Regional<ParameterStore>,
): ResourceProvider {
  const type = 'AWS::SSM::Parameter';
  return {
    type,
    level: 'emulated',
    unsupported: (properties) => [
      ...unsupportedProperties(type, properties, [
        'AllowedPattern',
        'DataType',
        'Description',
        'Name',
        'Tags',
        'Tier',
        'Type',
        'Value',
      ]),
      ...refusedValue(type, 'DataType', properties.DataType, ['text']),
      // CloudFormation itself cannot make a SecureString.
      ...refusedValue(type, 'Type', properties.Type, ['String', 'StringList']),
    ],
    async create(request) {
      const { caller } = request;
      const properties = new PropertyReader(request.properties);
      const store = stores.in(request.account, request.region);
      const name = properties.string('Name') ?? request.generateName(1011);
      env.authorize({ caller, action: 'ssm:PutParameter', resource: store.arn(name) });
      const settings = settingsOf(properties);
      store.put(name, settings, caller);
      // The only type whose `Tags` are a map.
      const tags = { ...request.stackTags, ...properties.stringMap('Tags') };
      const parameter = store.get(name);
      for (const [key, tag] of Object.entries(tags)) parameter.tags.set(key, tag);
      return {
        physicalId: name,
        attributes: { Arn: parameter.arn, Type: settings.type, Value: settings.value },
      };
    },
    async find({ account, identifier, region }) {
      const parameter = stores.in(account, region).find(identifier.Name ?? '');
      if (!parameter) return undefined;
      const { type, value } = parameter.latest;
      return {
        physicalId: parameter.name,
        attributes: { Arn: parameter.arn, Type: type, Value: value },
      };
    },
    async update(request) {
      const { caller, physicalId } = request;
      const properties = new PropertyReader(request.properties);
      const store = stores.in(request.account, request.region);
      env.authorize({ caller, action: 'ssm:PutParameter', resource: store.arn(physicalId) });
      const settings = settingsOf(properties);
      store.put(physicalId, { ...settings, overwrite: true }, caller);
      const before = new PropertyReader(request.previous.properties).stringMap('Tags');
      updateTags(
        store.get(physicalId).tags,
        { ...request.previous.stackTags, ...before },
        { ...request.stackTags, ...properties.stringMap('Tags') },
      );
      const { attributes } = sameState(request);
      return {
        physicalId,
        attributes: { ...attributes, Type: settings.type, Value: settings.value },
      };
    },
    async delete(request) {
      const { caller, physicalId } = request;
      const store = stores.in(request.account, request.region);
      env.authorize({ caller, action: 'ssm:DeleteParameter', resource: store.arn(physicalId) });
      store.delete(physicalId);
    },
    // Description, tier and allowed pattern are not compared, as on AWS, whose GetParameters does not tell them.
    async read({ account, caller, physicalId, region }) {
      const store = stores.in(account, region);
      const resource = store.arn(physicalId);
      for (const action of ['ssm:GetParameters', 'ssm:ListTagsForResource'])
        env.authorize({ caller, action, resource });
      const parameter = store.all().find(({ name }) => name === physicalId);
      if (!parameter) return undefined;
      const { dataType, type: kind, value } = parameter.latest;
      return {
        DataType: dataType,
        Name: parameter.name,
        Tags: Object.fromEntries(parameter.tags),
        Type: kind,
        Value: value,
      };
    },
  };
}

function settingsOf(properties: PropertyReader) {
  const tier = properties.string('Tier');
  const type = properties.requiredString('Type') === 'StringList' ? 'StringList' : 'String';
  return {
    value: properties.requiredString('Value'),
    type,
    description: properties.string('Description'),
    allowedPattern: properties.string('AllowedPattern'),
    tier: tier === 'Advanced' || tier === 'Intelligent-Tiering' ? tier : 'Standard',
  } as const;
}

function refusedValue(
  type: string,
  name: string,
  value: unknown,
  supported: readonly string[],
): string[] {
  if (value === undefined || supported.includes(String(value))) return [];
  return [`${type} does not support ${name} ${String(value)}`];
}
