import { RDS } from '@aws-sdk/client-rds';
import { Client } from 'pg';
import type { ResourceState } from '../../../src/cloudformation/provider';
import { PostgresEngine, type PostgresMode } from '../../../src/engines/postgres';
import { createRds } from '../../../src/services/rds';
import { createSecretsManager } from '../../../src/services/secrets-manager';
import { throwawayAuthority } from '../../engines/postgres/throwaway-authority';
import { account, clientOf, environment, region, resources } from '../../support/service-harness';

type Lab = Awaited<ReturnType<typeof laboratory>>;

async function laboratory(mode: PostgresMode = 'own') {
  const authority = await throwawayAuthority();
  const { env, clock, asked } = environment();
  const postgres = new PostgresEngine({ ...authority, mode });
  const secrets = createSecretsManager(env, {
    keys: { usableKeyArn: (keyId) => keyId },
    describeDatabase: (target) => rds.describeDatabase(target),
  });
  const rds = createRds(env, { postgres, secrets });
  return {
    certificate: authority.certificate,
    clock,
    asked,
    rds,
    secrets,
    postgres,
    stack: resources(rds),
    secretsStack: resources(secrets),
    api: new RDS(clientOf(env, [rds])),
    async connect(port: unknown, user: string, password: string, database = 'postgres') {
      const client = new Client({
        host: '127.0.0.1',
        port: Number(port),
        user,
        password,
        database,
        ssl: { ca: authority.certificate },
      });
      client.on('error', () => undefined);
      await client.connect();
      return client;
    },
  };
}

const caller = { kind: 'developer', account, arn: `arn:aws:iam::${account}:root` } as const;
const week = 7 * 86_400_000;

let lab: Lab;
beforeAll(async () => {
  lab = await laboratory();
});
afterAll(() => lab.rds.stop());

describe('AWS::RDS::DBInstance', () => {
  const type = 'AWS::RDS::DBInstance';
  const properties = {
    DBInstanceIdentifier: 'Orders',
    DBInstanceClass: 'db.t4g.micro',
    Engine: 'postgres',
    EngineVersion: '17.2',
    MasterUsername: 'app',
    MasterUserPassword: 'password-1',
    DBName: 'orders',
    AllocatedStorage: '20',
    MultiAZ: 'true',
  };
  let created: ResourceState;

  const connect = () =>
    lab.connect(created.attributes['Endpoint.Port'], 'app', 'password-1', 'orders');

  test('is a PostgreSQL server at its endpoint, and takes no emulated time to create', async () => {
    const before = lab.clock.now();
    created = await lab.stack.create(type, properties);
    expect(lab.clock.now()).toBe(before);
    expect(created).toMatchObject({
      physicalId: 'orders',
      attributes: {
        'Endpoint.Address': '127.0.0.1',
        DBInstanceArn: `arn:aws:rds:${region}:${account}:db:orders`,
        DbiResourceId: expect.stringMatching(/^db-[A-Z]{26}$/),
      },
    });
    const client = await connect();
    const { rows } = await client.query('SHOW max_connections');
    expect(rows).toEqual([{ max_connections: '112' }]);
    await client.query('CREATE TABLE lines (id int)');
    await client.query('INSERT INTO lines SELECT generate_series(1, 10)');
    await client.end();
  });

  test('is described with what it was created with', async () => {
    const { DBInstances } = await lab.api.describeDBInstances({ DBInstanceIdentifier: 'orders' });
    expect(DBInstances).toMatchObject([
      {
        DBInstanceStatus: 'available',
        Engine: 'postgres',
        EngineVersion: '17.2',
        DBInstanceClass: 'db.t4g.micro',
        DBName: 'orders',
        MasterUsername: 'app',
        AllocatedStorage: 20,
        MultiAZ: true,
        Endpoint: {
          Address: '127.0.0.1',
          Port: Number(created.attributes['Endpoint.Port']),
        },
        TagList: [{ Key: 'project', Value: 'test' }],
      },
    ]);
  });

  test('refuses connections while it is stopped, keeps its rows, and starts by itself after a week', async () => {
    const { DBInstance } = await lab.api.stopDBInstance({ DBInstanceIdentifier: 'orders' });
    expect(DBInstance?.DBInstanceStatus).toBe('stopping');
    await lab.clock.settle();
    const status = async () =>
      (await lab.api.describeDBInstances({})).DBInstances?.[0]?.DBInstanceStatus;
    expect(await status()).toBe('stopped');
    await expect(connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await expect(lab.api.stopDBInstance({ DBInstanceIdentifier: 'orders' })).rejects.toMatchObject({
      name: 'InvalidDBInstanceStateFault',
      message: 'Instance orders is not in available state.',
    });
    await lab.clock.advance(week - 1);
    expect(await status()).toBe('stopped');
    await lab.clock.advance(1);
    expect(await status()).toBe('available');
    const client = await connect();
    expect((await client.query('SELECT count(*)::int AS count FROM lines')).rows).toEqual([
      { count: 10 },
    ]);
    await client.end();
  });

  test('restarts on request and by StartDBInstance', async () => {
    await lab.api.rebootDBInstance({ DBInstanceIdentifier: 'orders' });
    await lab.clock.settle();
    await lab.api.stopDBInstance({ DBInstanceIdentifier: 'orders' });
    await lab.clock.settle();
    await lab.api.startDBInstance({ DBInstanceIdentifier: 'orders' });
    await lab.clock.settle();
    await (await connect()).end();
    await expect(lab.api.startDBInstance({ DBInstanceIdentifier: 'orders' })).rejects.toMatchObject(
      { name: 'InvalidDBInstanceStateFault' },
    );
  });

  test.each(['stop', 'kill'] as const)(
    'is gone by the fault %s, with its status unchanged, and back with its rows after start',
    async (fault) => {
      const database = lab.rds.faults.database(String(created.attributes.DBInstanceArn));
      const before = lab.clock.now();
      await database[fault]();
      await expect(connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
      const { DBInstances } = await lab.api.describeDBInstances({});
      expect(DBInstances?.[0]?.DBInstanceStatus).toBe('available');
      await database.start();
      const client = await connect();
      expect((await client.query('SELECT id FROM lines')).rowCount).toBe(10);
      await client.end();
      expect(lab.clock.now()).toBe(before);
    },
  );

  test('fails for a name that is taken', async () => {
    await expect(lab.stack.create(type, properties)).rejects.toMatchObject({
      code: 'DBInstanceAlreadyExistsFault',
    });
  });

  test('is gone with its data when it is deleted', async () => {
    await lab.stack.delete(type, 'orders', properties);
    await lab.stack.delete(type, 'orders', properties);
    await expect(connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await expect(
      lab.api.describeDBInstances({ DBInstanceIdentifier: 'orders' }),
    ).rejects.toMatchObject({
      name: 'DBInstanceNotFoundFault',
      message: 'DBInstance orders not found.',
    });
    expect(lab.rds.leaks()).toEqual([]);
    expect(lab.postgres.count).toBe(0);
  });

  test('cannot be deleted while it is protected', async () => {
    await lab.stack.create(type, { ...properties, DeletionProtection: 'true' });
    await expect(lab.stack.delete(type, 'orders', properties)).rejects.toMatchObject({
      code: 'InvalidParameterCombination',
      message:
        'Cannot delete protected DB Instance, please disable deletion protection and try again.',
    });
  });

  test.each([
    ['a short password', { MasterUserPassword: 'short' }, 'shorter than 8 characters'],
    ['a password with a slash', { MasterUserPassword: 'pass/word' }, 'Only printable ASCII'],
    ['a reserved user', { MasterUsername: 'admin' }, 'reserved word'],
    ['an unknown class', { DBInstanceClass: 'db.q9.large' }, 'Invalid DB Instance class'],
    ['a bad identifier', { DBInstanceIdentifier: 'a--b' }, 'not a valid identifier'],
    ['an unknown parameter group', { DBParameterGroupName: 'none' }, 'DBParameterGroup not found'],
    ['an unknown subnet group', { DBSubnetGroupName: 'none' }, "'none' does not exist"],
    ['an unknown cluster', { DBClusterIdentifier: 'none' }, 'DBCluster none not found'],
    ['a bad database name', { DBName: 'order-lines' }, 'DBName'],
    ['two passwords', { ManageMasterUserPassword: true }, 'but not both'],
  ])('fails for %s', async (_, changes, message) => {
    const changed = { ...properties, DBInstanceIdentifier: 'other', ...changes };
    await expect(lab.stack.create(type, changed)).rejects.toThrow(message);
  });

  test.each([
    [{ Engine: 'mysql' }, 'engine mysql is not supported'],
    [{ SourceDBInstanceIdentifier: 'x' }, 'SourceDBInstanceIdentifier'],
    [{ DBSnapshotIdentifier: 'x' }, 'DBSnapshotIdentifier'],
  ])('names what is not supported in %j', (changes, reason) => {
    expect(lab.stack.unsupported(type, changes).join()).toContain(reason);
  });
});

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

test('a database that shares its server says so when it is to be stopped', async () => {
  const shared = await laboratory('shared');
  await shared.stack.create('AWS::RDS::DBInstance', {
    DBInstanceIdentifier: 'guest',
    DBInstanceClass: 'db.t4g.micro',
    Engine: 'postgres',
    MasterUsername: 'guest',
    MasterUserPassword: 'password-1',
    DBName: 'guest',
  });
  await expect(shared.api.stopDBInstance({ DBInstanceIdentifier: 'guest' })).rejects.toThrow(
    "{ databases: 'own' }",
  );
  await expect(shared.rds.faults.database('guest').kill()).rejects.toThrow("{ databases: 'own' }");
  const { DBInstances } = await shared.api.describeDBInstances({});
  expect(DBInstances?.[0]?.DBInstanceStatus).toBe('available');
  await shared.rds.stop();
});
