import {
  CloudFormationClient,
  DescribeStackResourceDriftsCommand,
  DetectStackDriftCommand,
} from '@aws-sdk/client-cloudformation';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { Emulator } from '../../../src';
import { CloudFormation } from '../../../src/cloudformation/cloudformation';
import { DriftDetections } from '../../../src/cloudformation/drift-detections';
import type { ResourceProperties } from '../../../src/cloudformation/provider';
import { PostgresEngine } from '../../../src/engines/postgres';
import { createRds } from '../../../src/services/rds';
import { createSecretsManager } from '../../../src/services/secrets-manager';
import { throwawayAuthority } from '../../engines/postgres/throwaway-authority';
import { providerOf } from '../../support/resource-request';
import { account, environment, region } from '../../support/service-harness';

const caller = { kind: 'developer', account, arn: `arn:aws:iam::${account}:root` } as const;
const origin = 'http://127.0.0.1:4566';

const resources: Readonly<Record<string, { Type: string; Properties: ResourceProperties }>> = {
  Parameters: {
    Type: 'AWS::RDS::DBParameterGroup',
    Properties: {
      DBParameterGroupName: 'Orders',
      Description: 'of instances',
      Family: 'postgres17',
      Parameters: { max_connections: '20' },
    },
  },
  ClusterParameters: {
    Type: 'AWS::RDS::DBClusterParameterGroup',
    Properties: {
      Description: 'of clusters',
      Family: 'aurora-postgresql17',
      Parameters: { max_connections: 30 },
    },
  },
  Instance: {
    Type: 'AWS::RDS::DBInstance',
    Properties: {
      AllocatedStorage: '20',
      DBInstanceClass: 'db.t4g.micro',
      DBInstanceIdentifier: 'Orders',
      Engine: 'postgres',
      EngineVersion: '17',
      MasterUserPassword: 'password-1',
      MasterUsername: 'app',
    },
  },
  Cluster: {
    Type: 'AWS::RDS::DBCluster',
    Properties: {
      BackupRetentionPeriod: 7,
      DatabaseName: 'orders',
      DeletionProtection: false,
      Engine: 'aurora-postgresql',
      ManageMasterUserPassword: true,
      MasterUsername: 'app',
      ServerlessV2ScalingConfiguration: { MinCapacity: 0.5, MaxCapacity: 2 },
    },
  },
};

/** A stack of databases, and a way to change them as RDS's API would if the emulator had it. */
async function deployed() {
  const { env, clock } = environment();
  const secrets = createSecretsManager(env, {
    keys: { usableKeyArn: (keyId) => keyId },
    describeDatabase: () => undefined,
  });
  const postgres = new PostgresEngine(await throwawayAuthority());
  const rds = createRds(env, { postgres, secrets });
  const cloudFormation = new CloudFormation({
    clock,
    random: env.random,
    providers: rds.resourceProviders,
  });
  const stack = await cloudFormation.createStack({
    name: 'Databases',
    template: JSON.stringify({ Resources: resources }),
    account,
    region,
    caller,
    origin,
  });
  const detections = new DriftDetections(cloudFormation.providers, clock, env.random);
  const requestOf = (logicalId: string) => {
    const { request, state, type } = stack.resource(logicalId) ?? {};
    if (!request || !state || type === undefined) throw new Error(`no ${logicalId}`);
    return { provider: providerOf(rds.resourceProviders, type), request, state };
  };
  return {
    async change(logicalId: string, properties: ResourceProperties) {
      const { provider, request, state } = requestOf(logicalId);
      const previous = { ...request, attributes: state.attributes };
      const changed = { ...request.properties, ...properties };
      await provider.update?.({ ...request, properties: changed, previous });
    },
    async remove(logicalId: string) {
      const { provider, request } = requestOf(logicalId);
      await provider.delete(request);
    },
    async drift(logicalId: string) {
      const found = await detections.checkResource(stack, logicalId, { caller, origin });
      const paths = found.differences.map(({ actual, expected, path }) => [path, expected, actual]);
      return [found.status, ...paths];
    },
    async stop() {
      await rds.stop();
      await secrets.stop();
    },
  };
}

test('finds what has become of databases and parameter groups', async () => {
  const databases = await deployed();
  try {
    for (const id of Object.keys(resources)) expect(await databases.drift(id)).toEqual(['IN_SYNC']);
    await databases.change('Parameters', { Parameters: { max_connections: '40' } });
    await databases.change('ClusterParameters', { Tags: [{ Key: 'by', Value: 'hand' }] });
    await databases.change('Instance', { AllocatedStorage: '30', DeletionProtection: true });
    await databases.change('Cluster', {
      DeletionProtection: true,
      ServerlessV2ScalingConfiguration: { MinCapacity: 0.5, MaxCapacity: 8 },
    });
    expect(await databases.drift('Parameters')).toEqual([
      'MODIFIED',
      ['/Parameters/max_connections', '20', '40'],
    ]);
    // The template says nothing of tags, nor of the instance's protection.
    expect(await databases.drift('ClusterParameters')).toEqual(['IN_SYNC']);
    expect(await databases.drift('Instance')).toEqual([
      'MODIFIED',
      ['/AllocatedStorage', '20', '30'],
    ]);
    expect(await databases.drift('Cluster')).toEqual([
      'MODIFIED',
      ['/DeletionProtection', false, true],
      ['/ServerlessV2ScalingConfiguration/MaxCapacity', 2, 8],
    ]);
    await databases.change('Instance', { DeletionProtection: false });
    for (const id of ['Instance', 'Parameters', 'ClusterParameters']) {
      await databases.remove(id);
      expect(await databases.drift(id)).toEqual(['DELETED']);
    }
  } finally {
    await databases.stop();
  }
});

test('a secret that no longer leads to its database has lost its attachment', async () => {
  const aws = await Emulator.start({ clock: 'manual' });
  try {
    const stack = new Stack(new App(), 'Attached');
    const { Instance: instance } = resources;
    new CfnResource(stack, 'Instance', {
      type: 'AWS::RDS::DBInstance',
      properties: instance?.Properties,
    });
    new CfnResource(stack, 'Secret', {
      type: 'AWS::SecretsManager::Secret',
      properties: { SecretString: '{"username":"app","password":"password-1"}' },
    });
    new CfnResource(stack, 'Attachment', {
      type: 'AWS::SecretsManager::SecretTargetAttachment',
      properties: {
        SecretId: { Ref: 'Secret' },
        TargetId: { Ref: 'Instance' },
        TargetType: 'AWS::RDS::DBInstance',
      },
    });
    const deployment = await aws.deploy(stack);
    const statusAfter = async (content: object) => {
      await aws.client(SecretsManagerClient).send(
        new PutSecretValueCommand({
          SecretId: deployment.physicalId('Secret'),
          SecretString: JSON.stringify(content),
        }),
      );
      const found = await drifts(aws, 'Attached');
      return found.map((one) => [one.LogicalResourceId, one.StackResourceDriftStatus]);
    };
    expect(await statusAfter({ dbInstanceIdentifier: 'orders' })).toEqual([
      ['Attachment', 'IN_SYNC'],
      ['Instance', 'IN_SYNC'],
      ['Secret', 'IN_SYNC'],
    ]);
    expect(await statusAfter({ dbInstanceIdentifier: 'other' })).toContainEqual([
      'Attachment',
      'MODIFIED',
    ]);
    expect(await statusAfter({ username: 'app' })).toContainEqual(['Attachment', 'DELETED']);
  } finally {
    await aws.stop();
  }
});

async function drifts(aws: Emulator, StackName: string) {
  const client = aws.client(CloudFormationClient);
  await client.send(new DetectStackDriftCommand({ StackName }));
  const answer = await client.send(new DescribeStackResourceDriftsCommand({ StackName }));
  return answer.StackResourceDrifts ?? [];
}
