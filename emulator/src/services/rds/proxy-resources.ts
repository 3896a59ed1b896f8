import {
  PropertyReader,
  type ResourceProvider,
  type ResourceRequest,
} from '../../cloudformation/provider';
import { sameState } from '../resource-updates';
import type { Regional } from '../service';
import { permit, type RdsResourcesEnvironment, refusedProperties } from './database-resources';
import type { Proxies } from './proxies';

/**
 * `AWS::RDS::DBProxy` and its target group.
 *
 * They are recorded: the endpoint leads to the database on port 5432, but nothing is pooled, so that the database
 * sees every connection. Credentials are the database's own.
 */
export function proxyProviders(
  env: RdsResourcesEnvironment,
  proxies: Regional<Proxies>,
): ResourceProvider[] {
  const proxiesOf = ({ account, region }: ResourceRequest) => proxies.in(account, region);
  const register = (request: ResourceRequest) => {
    permit(env, request, 'RegisterDBProxyTargets', '*');
    const properties = new PropertyReader(request.properties);
    return proxiesOf(request).register({
      proxyName: properties.requiredString('DBProxyName'),
      clusters: properties.strings('DBClusterIdentifiers') ?? [],
      instances: properties.strings('DBInstanceIdentifiers') ?? [],
    });
  };
  return [
    {
      type: 'AWS::RDS::DBProxy',
      level: 'recorded',
      unsupported: (properties) => [
        ...refusedProperties('AWS::RDS::DBProxy', properties),
        ...refusedValue(properties.EngineFamily, 'EngineFamily', 'POSTGRESQL'),
      ],
      async create(request) {
        permit(env, request, 'CreateDBProxy', '*');
        const name = new PropertyReader(request.properties).requiredString('DBProxyName');
        const { arn, name: physicalId, relay } = await proxiesOf(request).create(name);
        return {
          physicalId,
          attributes: { DBProxyArn: arn, Endpoint: relay.address, VpcId: recordedVpc },
        };
      },
      async delete(request) {
        permit(env, request, 'DeleteDBProxy', '*');
        await proxiesOf(request).delete(request.physicalId);
      },
    },
    {
      type: 'AWS::RDS::DBProxyTargetGroup',
      level: 'recorded',
      unsupported: (properties) => [
        ...refusedProperties('AWS::RDS::DBProxyTargetGroup', properties),
        ...refusedValue(properties.TargetGroupName, 'TargetGroupName', 'default'),
      ],
      async create(request) {
        const { targetGroupArn } = register(request);
        return { physicalId: targetGroupArn, attributes: { TargetGroupArn: targetGroupArn } };
      },
      async update(request) {
        register(request);
        return sameState(request);
      },
      async delete(request) {
        permit(env, request, 'DeregisterDBProxyTargets', '*');
        proxiesOf(request).deregister(
          new PropertyReader(request.properties).requiredString('DBProxyName'),
        );
      },
    },
  ];
}

/** Networks are recorded, so a proxy is in none that it could name. */
const recordedVpc = 'vpc-00000000000000000';

function refusedValue(value: unknown, name: string, supported: string): string[] {
  return typeof value === 'string' && value !== supported
    ? [`${name} ${value} is not supported; supported: ${supported}`]
    : [];
}
