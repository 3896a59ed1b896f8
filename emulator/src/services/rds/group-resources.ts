import {
  PropertyReader,
  type ResourceProvider,
  type ResourceRequest,
} from '../../cloudformation/provider';
import { sameState, templateTags } from '../resource-updates';
import { permit, type RdsResourcesEnvironment, refusedProperties } from './database-resources';
import { invalidValue } from './errors';
import { assertParameters, type Groups, type ParameterGroup } from './groups';
import { liveParameterGroup } from './live-properties';
import { applyParameterGroup } from './modifications';
import type { RdsRegion } from './rds-region';

/** `AWS::RDS::DBSubnetGroup` and the two kinds of parameter groups. */
export function groupProviders(env: RdsResourcesEnvironment): ResourceProvider[] {
  return [
    subnetGroupProvider(env),
    parameterGroupProvider(
      env,
      'AWS::RDS::DBParameterGroup',
      'DBParameterGroup',
      (region) => region.parameterGroups,
    ),
    parameterGroupProvider(
      env,
      'AWS::RDS::DBClusterParameterGroup',
      'DBClusterParameterGroup',
      (region) => region.clusterParameterGroups,
    ),
  ];
}

function subnetGroupProvider(env: RdsResourcesEnvironment): ResourceProvider {
  const type = 'AWS::RDS::DBSubnetGroup';
  const groupsOf = ({ account, region }: ResourceRequest) =>
    env.regions.in(account, region).subnetGroups;
  return {
    type,
    level: 'recorded',
    unsupported: (properties) => refusedProperties(type, properties),
    async create(request) {
      const properties = new PropertyReader(request.properties);
      const groups = groupsOf(request);
      const name = groupName(properties.string('DBSubnetGroupName'), request);
      const arn = groups.arnOf(name);
      permit(env, request, 'CreateDBSubnetGroup', arn);
      groups.add({
        name,
        arn,
        description: properties.requiredString('DBSubnetGroupDescription'),
        subnetIds: properties.strings('SubnetIds') ?? [],
        tags: templateTags(request),
      });
      return { physicalId: name, attributes: { DBSubnetGroupArn: arn } };
    },
    async update(request) {
      const properties = new PropertyReader(request.properties);
      const groups = groupsOf(request);
      permit(env, request, 'ModifyDBSubnetGroup', groups.arnOf(request.physicalId));
      groups.replace(request.physicalId, (group) => ({
        ...group,
        description: properties.requiredString('DBSubnetGroupDescription'),
        subnetIds: properties.strings('SubnetIds') ?? [],
        tags: templateTags(request),
      }));
      return sameState(request);
    },
    async delete(request) {
      const groups = groupsOf(request);
      permit(env, request, 'DeleteDBSubnetGroup', groups.arnOf(request.physicalId));
      groups.delete(request.physicalId);
    },
  };
}

function parameterGroupProvider(
  env: RdsResourcesEnvironment,
  type: 'AWS::RDS::DBParameterGroup' | 'AWS::RDS::DBClusterParameterGroup',
  noun: 'DBParameterGroup' | 'DBClusterParameterGroup',
  groupsIn: (region: RdsRegion) => Groups<ParameterGroup>,
): ResourceProvider {
  const groupsOf = ({ account, region }: ResourceRequest) =>
    groupsIn(env.regions.in(account, region));
  return {
    type,
    level: 'emulated',
    unsupported: (properties) => refusedProperties(type, properties),
    async create(request) {
      const properties = new PropertyReader(request.properties);
      const groups = groupsOf(request);
      const name = groupName(properties.string(`${noun}Name`), request);
      const arn = groups.arnOf(name);
      permit(env, request, `Create${noun}`, arn);
      const family = properties.requiredString('Family');
      const parameters = properties.stringMap('Parameters') ?? {};
      assertParameters(family, parameters);
      groups.add({
        name,
        arn,
        description: properties.requiredString('Description'),
        family,
        parameters,
        tags: templateTags(request),
      });
      const attributes = { DBParameterGroupName: name, DBParameterGroupArn: arn };
      return { physicalId: name, attributes: noun === 'DBParameterGroup' ? attributes : {} };
    },
    async update(request) {
      const properties = new PropertyReader(request.properties);
      const region = env.regions.in(request.account, request.region);
      const groups = groupsOf(request);
      permit(env, request, `Modify${noun}`, groups.arnOf(request.physicalId));
      const parameters = properties.stringMap('Parameters') ?? {};
      assertParameters(properties.requiredString('Family'), parameters);
      const tags = templateTags(request);
      const changed = groups.replace(request.physicalId, (group) => ({
        ...group,
        parameters,
        tags,
      }));
      await applyParameterGroup(
        region,
        changed,
        noun === 'DBParameterGroup' ? 'instances' : 'clusters',
      );
      return sameState(request);
    },
    async delete(request) {
      const groups = groupsOf(request);
      permit(env, request, `Delete${noun}`, groups.arnOf(request.physicalId));
      groups.delete(request.physicalId);
    },
    async read(request) {
      const groups = groupsOf(request);
      permit(env, request, `Describe${noun}s`, groups.arnOf(request.physicalId));
      const group = groups.all().find(({ name }) => name === request.physicalId);
      return group && liveParameterGroup(group, `${noun}Name`, request);
    },
  };
}

/** RDS keeps names in lower case. */
function groupName(given: string | undefined, request: ResourceRequest): string {
  const name = (given ?? request.generateName(255)).toLowerCase();
  if (name === 'default' || !/^[a-z0-9][a-z0-9._ -]{0,254}$/.test(name))
    throw invalidValue(`The group name ${name} is not valid.`);
  return name;
}
