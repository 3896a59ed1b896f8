import { Client } from 'pg';
import type { ResourceState } from '../../../src/cloudformation/provider';
import { account, region } from '../../support/service-harness';
import { type Lab, laboratory } from './laboratory';

const caller = { kind: 'developer', account, arn: `arn:aws:iam::${account}:root` } as const;

let lab: Lab;
beforeAll(async () => {
  lab = await laboratory();
});
afterAll(() => lab.rds.stop());

describe('AWS::RDS::DBCluster', () => {
  const type = 'AWS::RDS::DBCluster';
  const cluster = {
    DBClusterIdentifier: 'sale',
    Engine: 'aurora-postgresql',
    EngineVersion: '17.4',
    MasterUsername: 'clusteradmin',
    ManageMasterUserPassword: true,
    DatabaseName: 'sale',
    DBClusterParameterGroupName: 'Few',
    DBSubnetGroupName: 'subnets',
    ServerlessV2ScalingConfiguration: { MinCapacity: '0.5', MaxCapacity: '4' },
  };
  const instance = {
    DBInstanceIdentifier: 'sale-writer',
    DBInstanceClass: 'db.serverless',
    Engine: 'aurora-postgresql',
    DBClusterIdentifier: 'sale',
  };
  const parameters = {
    DBClusterParameterGroupName: 'Few',
    Family: 'aurora-postgresql17',
    Description: 'few connections',
    Parameters: { max_connections: '20', statement_timeout: '4321' },
  };
  const subnets = {
    DBSubnetGroupName: 'Subnets',
    DBSubnetGroupDescription: 'of the test',
    SubnetIds: ['subnet-1', 'subnet-2'],
  };
  let created: ResourceState;

  test('honours its parameter group and keeps its password in a secret of its own', async () => {
    const group = await lab.stack.create('AWS::RDS::DBClusterParameterGroup', parameters);
    expect(group.physicalId).toBe('few');
    await lab.stack.create('AWS::RDS::DBSubnetGroup', subnets);
    created = await lab.stack.create(type, cluster);
    const writer = await lab.stack.create('AWS::RDS::DBInstance', instance);
    expect(writer.attributes['Endpoint.Port']).toBe(created.attributes['Endpoint.Port']);
    expect(created.attributes['ReadEndpoint.Address']).toBe('127.0.0.1');

    const { username, password } = JSON.parse(
      lab.secrets.resolveDynamicReference({
        secretId: String(created.attributes['MasterUserSecret.SecretArn']),
        account,
        region,
        caller,
      }),
    );
    expect(username).toBe('clusteradmin');
    const port = created.attributes['Endpoint.Port'];
    const connect = () => lab.connect(port, username, password, 'sale');
    const clients = await Promise.all(Array.from({ length: 17 }, connect));
    await expect(connect()).rejects.toMatchObject({ code: '53300' });
    const { rows } = (await clients[0]?.query('SHOW statement_timeout')) ?? {};
    expect(rows).toEqual([{ statement_timeout: '4321ms' }]);
    await Promise.all(clients.map((client) => client.end()));
  });

  test('is described with its members', async () => {
    const { DBClusters } = await lab.api.describeDBClusters({ DBClusterIdentifier: 'sale' });
    expect(DBClusters).toMatchObject([
      {
        Status: 'available',
        Port: Number(created.attributes['Endpoint.Port']),
        DBClusterMembers: [{ DBInstanceIdentifier: 'sale-writer', IsClusterWriter: true }],
        ServerlessV2ScalingConfiguration: { MinCapacity: 0.5, MaxCapacity: 4 },
        MasterUserSecret: { SecretStatus: 'active' },
      },
    ]);
  });

  test('tells its address to an attached secret', async () => {
    const { physicalId: SecretId } = await lab.secretsStack.create('AWS::SecretsManager::Secret', {
      Name: 'attached',
      SecretString: '{"username":"clusteradmin"}',
    });
    const target = { SecretId, TargetType: type, TargetId: 'sale' };
    await lab.secretsStack.create('AWS::SecretsManager::SecretTargetAttachment', target);
    const text = lab.secrets.resolveDynamicReference({
      secretId: SecretId,
      account,
      region,
      caller,
    });
    expect(JSON.parse(text)).toEqual({
      username: 'clusteradmin',
      engine: 'postgres',
      host: '127.0.0.1',
      port: Number(created.attributes['Endpoint.Port']),
      dbname: 'sale',
      dbClusterIdentifier: 'sale',
    });
    await lab.secretsStack.delete('AWS::SecretsManager::Secret', SecretId, {});
  });

  test('stops and starts as a whole, never an instance of it', async () => {
    await expect(
      lab.api.stopDBInstance({ DBInstanceIdentifier: 'sale-writer' }),
    ).rejects.toMatchObject({
      name: 'InvalidParameterCombination',
      message: 'aurora-postgresql DB instances are not eligible for stopping and starting.',
    });
    await lab.api.stopDBCluster({ DBClusterIdentifier: 'sale' });
    await lab.clock.settle();
    const { DBClusters } = await lab.api.describeDBClusters({});
    expect(DBClusters?.[0]?.Status).toBe('stopped');
    await lab.api.startDBCluster({ DBClusterIdentifier: 'sale' });
    await lab.clock.settle();
    await expect(lab.api.startDBCluster({ DBClusterIdentifier: 'sale' })).rejects.toMatchObject({
      name: 'InvalidDBClusterStateFault',
    });
  });

  test('is found by its name for a fault', async () => {
    await lab.rds.faults.database('sale').kill();
    await lab.rds.faults.database('sale').start();
    expect(() => lab.rds.faults.database('nobody')).toThrow('no DB instance or cluster nobody');
  });

  test('cannot be deleted before its instances, nor its groups before it', async () => {
    await expect(lab.stack.delete(type, 'sale', cluster)).rejects.toThrow(
      'Cluster cannot be deleted, it still contains DB instances in non-deleting state.',
    );
    await expect(
      lab.stack.delete('AWS::RDS::DBClusterParameterGroup', 'few', parameters),
    ).rejects.toThrow('still members of this parameter group few');
    await expect(lab.stack.delete('AWS::RDS::DBSubnetGroup', 'subnets', subnets)).rejects.toThrow(
      "Cannot delete the subnet group 'subnets'",
    );
    await lab.stack.delete('AWS::RDS::DBInstance', 'sale-writer', instance);
    await lab.stack.delete(type, 'sale', cluster);
    await lab.stack.delete('AWS::RDS::DBClusterParameterGroup', 'few', parameters);
    await lab.stack.delete('AWS::RDS::DBSubnetGroup', 'subnets', subnets);
    expect(lab.secrets.leaks()).toEqual([]);
  });

  test.each([
    ['postgres', { Engine: 'postgres' }],
    ['serverless', { EngineMode: 'serverless' }],
    ['SnapshotIdentifier', { SnapshotIdentifier: 'x' }],
  ])('names %s as not supported', (name, changes) => {
    expect(lab.stack.unsupported(type, changes).join()).toContain(name);
  });

  test('fails for a parameter that it does not know', async () => {
    await expect(
      lab.stack.create('AWS::RDS::DBClusterParameterGroup', {
        ...parameters,
        Parameters: { made_up: '1' },
      }),
    ).rejects.toThrow('Could not find parameter with name: made_up');
  });

  test('fails for a serverless instance where it has no scaling', async () => {
    const { ServerlessV2ScalingConfiguration: _, ...provisioned } = cluster;
    const own = {
      ...provisioned,
      DBClusterParameterGroupName: 'default.aurora-postgresql17',
      DBSubnetGroupName: null,
    };
    await lab.stack.create(type, own);
    await expect(lab.stack.create('AWS::RDS::DBInstance', instance)).rejects.toThrow(
      'Set the Serverless v2 scaling configuration',
    );
    await lab.stack.delete(type, 'sale', own);
  });
});

test('a proxy leads to its database on port 5432', async () => {
  const cluster = {
    DBClusterIdentifier: 'behind',
    Engine: 'aurora-postgresql',
    MasterUsername: 'app',
    MasterUserPassword: 'password-1',
  };
  await lab.stack.create('AWS::RDS::DBCluster', cluster);
  const proxy = {
    DBProxyName: 'Front',
    EngineFamily: 'POSTGRESQL',
    RoleArn: 'x',
    VpcSubnetIds: [],
  };
  const { physicalId, attributes } = await lab.stack.create('AWS::RDS::DBProxy', proxy);
  const group = {
    DBProxyName: physicalId,
    TargetGroupName: 'default',
    DBClusterIdentifiers: ['behind'],
  };
  const target = await lab.stack.create('AWS::RDS::DBProxyTargetGroup', group);
  const client = new Client({
    host: String(attributes.Endpoint),
    user: 'app',
    password: 'password-1',
    database: 'postgres',
    // Verified for the address of the proxy: pg alone would compare an IP address with 'localhost'.
    ssl: { ca: lab.certificate, host: String(attributes.Endpoint) },
  });
  await client.connect();
  expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  await client.end();
  await lab.stack.delete('AWS::RDS::DBProxyTargetGroup', target.physicalId, group);
  await lab.stack.delete('AWS::RDS::DBProxy', physicalId, proxy);
  await lab.stack.delete('AWS::RDS::DBCluster', 'behind', cluster);
});
