import type { ResourceState } from '../../../src/cloudformation/provider';
import { account, region } from '../../support/service-harness';
import { type Lab, laboratory } from './laboratory';

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
