import type { CreateBrokerRequest } from '@aws-sdk/client-mq';
import { mqBench, password, simpleBroker, transition } from './bench';

let bench: ReturnType<typeof mqBench>;

beforeEach(() => {
  bench = mqBench();
});
afterEach(() => bench.close());

test('a broker is created in five emulated seconds, described, and deleted in as many', async () => {
  const { clock, mq } = bench;
  const { BrokerArn, BrokerId = '' } = await mq.createBroker({
    ...simpleBroker,
    Tags: { team: 'shop' },
  });
  expect(BrokerId).toMatch(/^b-[0-9a-f-]{36}$/);
  expect(BrokerArn).toBe(`arn:aws:mq:eu-west-1:111122223333:broker:orders:${BrokerId}`);
  expect((await mq.describeBroker({ BrokerId })).BrokerState).toBe('CREATION_IN_PROGRESS');
  await clock.advance(transition);
  expect(await mq.describeBroker({ BrokerId })).toMatchObject({
    AuthenticationStrategy: 'SIMPLE',
    AutoMinorVersionUpgrade: true,
    BrokerInstances: [{ Endpoints: ['ssl://127.0.0.1:20000'], IpAddress: '127.0.0.1' }],
    BrokerState: 'RUNNING',
    Configurations: { Current: { Revision: 1 } },
    DeploymentMode: 'SINGLE_INSTANCE',
    EngineType: 'ActiveMQ',
    EngineVersion: '5.18',
    EncryptionOptions: { UseAwsOwnedKey: true },
    Logs: { General: false, GeneralLogGroup: `/aws/amazonmq/broker/${BrokerId}/general` },
    StorageType: 'EFS',
    Tags: { team: 'shop' },
    Users: [{ Username: 'shop' }],
  });
  expect((await mq.listBrokers({})).BrokerSummaries).toMatchObject([{ BrokerName: 'orders' }]);
  await mq.deleteBroker({ BrokerId });
  expect((await mq.describeBroker({ BrokerId })).BrokerState).toBe('DELETION_IN_PROGRESS');
  await clock.advance(transition);
  await expect(mq.describeBroker({ BrokerId })).rejects.toMatchObject({
    name: 'NotFoundException',
    $metadata: { httpStatusCode: 404 },
    message: expect.stringContaining(BrokerId),
  });
});

const refused: [string, Partial<CreateBrokerRequest>, string][] = [
  ['a name with a dot', { BrokerName: 'a.b' }, 'brokerName'],
  ['an engine version that has ended', { EngineVersion: '5.16.7' }, 'engineVersion'],
  ['machines of another engine', { HostInstanceType: 'mq.m7g.large' }, 'hostInstanceType'],
  [
    'EBS on a small machine',
    { HostInstanceType: 'mq.t3.micro', StorageType: 'EBS' },
    'storageType',
  ],
  [
    'a pair on EBS',
    { DeploymentMode: 'ACTIVE_STANDBY_MULTI_AZ', StorageType: 'EBS' },
    'deploymentMode',
  ],
  ['a cluster of ActiveMQ', { DeploymentMode: 'CLUSTER_MULTI_AZ' }, 'deploymentMode'],
  [
    'a pair in one subnet',
    { DeploymentMode: 'ACTIVE_STANDBY_MULTI_AZ', SubnetIds: ['subnet-1'] },
    'subnetIds',
  ],
  [
    'upgrades that are not automatic',
    { AutoMinorVersionUpgrade: false },
    'autoMinorVersionUpgrade',
  ],
  ['no user', { Users: [] }, 'users'],
  ['a short password', { Users: [{ Username: 'shop', Password: 'short' }] }, 'password'],
  [
    'a password with a comma',
    { Users: [{ Username: 'shop', Password: `${password},` }] },
    'password',
  ],
  [
    'a group with a space',
    { Users: [{ Username: 'shop', Password: password, Groups: ['a b'] }] },
    'groups',
  ],
  ['RabbitMQ 4.2 on m5', { EngineType: 'RABBITMQ', EngineVersion: '4.2' }, 'hostInstanceType'],
  [
    'two users of RabbitMQ',
    {
      EngineType: 'RABBITMQ',
      EngineVersion: '3.13',
      Users: [
        { Username: 'shop', Password: password },
        { Username: 'other', Password: password },
      ],
    },
    'users',
  ],
  [
    'an audit log of RabbitMQ',
    { EngineType: 'RABBITMQ', EngineVersion: '3.13', Logs: { Audit: true } },
    'logs.audit',
  ],
  [
    'a pair of RabbitMQ',
    {
      EngineType: 'RABBITMQ',
      EngineVersion: '3.13',
      DeploymentMode: 'ACTIVE_STANDBY_MULTI_AZ',
    },
    'deploymentMode',
  ],
];

test.each(refused)('refuses %s', async (_, change, ErrorAttribute) => {
  await expect(bench.mq.createBroker({ ...simpleBroker, ...change })).rejects.toMatchObject({
    name: 'BadRequestException',
    ErrorAttribute,
    $metadata: { httpStatusCode: 400 },
  });
  expect(bench.started).toEqual([]);
});

test.each([
  ['LDAP', { AuthenticationStrategy: 'LDAP' } as const],
  ['a replica', { DataReplicationMode: 'CRDR' } as const],
])('does not know %s, and says so', async (_, change) => {
  await expect(bench.mq.createBroker({ ...simpleBroker, ...change })).rejects.toMatchObject({
    name: 'NotImplemented',
  });
});

test('Promote is refused by name', async () => {
  await expect(bench.mq.promote({ BrokerId: 'b-1', Mode: 'FAILOVER' })).rejects.toThrow(/Promote/);
});

test('there is one broker of a name, and one for a request that is made twice', async () => {
  const { mq } = bench;
  const first = await mq.createBroker({ ...simpleBroker, CreatorRequestId: 'once' });
  const again = await mq.createBroker({ ...simpleBroker, CreatorRequestId: 'once' });
  expect(again.BrokerId).toBe(first.BrokerId);
  await expect(
    mq.createBroker({ ...simpleBroker, CreatorRequestId: 'twice' }),
  ).rejects.toMatchObject({ name: 'ConflictException', $metadata: { httpStatusCode: 409 } });
});

test('a broker that cannot be started has failed', async () => {
  bench.failWith(new Error('No ActiveMQ found'));
  const { BrokerId = '' } = await bench.mq.createBroker(simpleBroker);
  await bench.clock.settle();
  expect((await bench.mq.describeBroker({ BrokerId })).BrokerState).toBe('CREATION_FAILED');
});

test('what is updated awaits the reboot', async () => {
  const { clock, mq } = bench;
  const { BrokerId = '' } = await mq.createBroker(simpleBroker);
  await clock.advance(transition);
  await mq.updateBroker({
    BrokerId,
    EngineVersion: '5.19',
    HostInstanceType: 'mq.m5.xlarge',
    Logs: { General: true, Audit: false },
  });
  expect(await mq.describeBroker({ BrokerId })).toMatchObject({
    EngineVersion: '5.18',
    HostInstanceType: 'mq.m5.large',
    Logs: { General: false, Pending: { General: true } },
    PendingEngineVersion: '5.19',
    PendingHostInstanceType: 'mq.m5.xlarge',
  });
  await mq.rebootBroker({ BrokerId });
  expect((await mq.describeBroker({ BrokerId })).BrokerState).toBe('REBOOT_IN_PROGRESS');
  await expect(mq.rebootBroker({ BrokerId })).rejects.toMatchObject({
    name: 'BadRequestException',
  });
  await clock.advance(transition);
  const after = await mq.describeBroker({ BrokerId });
  expect(after).toMatchObject({
    BrokerState: 'RUNNING',
    EngineVersion: '5.19',
    HostInstanceType: 'mq.m5.xlarge',
    Logs: { General: true },
  });
  expect(after.PendingEngineVersion).toBeUndefined();
});

test('logs go to the group and the stream of the member, if they are on', async () => {
  const { clock, logged, mq, started } = bench;
  const { BrokerId = '' } = await mq.createBroker({ ...simpleBroker, Logs: { General: true } });
  await clock.advance(transition);
  started[0]?.onLog(0, 'general', 'INFO | started');
  started[0]?.onLog(0, 'audit', 'INFO | not asked for');
  expect(logged).toEqual([
    `/aws/amazonmq/broker/${BrokerId}/general activemq-${BrokerId}-1.log INFO | started`,
  ]);
});

test('tags are added, listed and removed', async () => {
  const { mq } = bench;
  const { BrokerArn: ResourceArn = '' } = await mq.createBroker(simpleBroker);
  await mq.createTags({ ResourceArn, Tags: { team: 'shop', stage: 'test' } });
  await mq.deleteTags({ ResourceArn, TagKeys: ['stage'] });
  expect((await mq.listTags({ ResourceArn })).Tags).toEqual({ team: 'shop' });
  await expect(mq.listTags({ ResourceArn: `${ResourceArn}0` })).rejects.toMatchObject({
    name: 'NotFoundException',
  });
});

test('engines, versions and machines are listed', async () => {
  const { mq } = bench;
  expect((await mq.describeBrokerEngineTypes({})).BrokerEngineTypes).toEqual([
    { EngineType: 'ActiveMQ', EngineVersions: [{ Name: '5.19' }, { Name: '5.18' }] },
    { EngineType: 'RabbitMQ', EngineVersions: [{ Name: '4.2' }, { Name: '3.13' }] },
  ]);
  const { BrokerInstanceOptions = [] } = await mq.describeBrokerInstanceOptions({
    EngineType: 'ActiveMQ',
    HostInstanceType: 'mq.m5.large',
    StorageType: 'efs',
  });
  expect(BrokerInstanceOptions).toMatchObject([
    { SupportedDeploymentModes: ['ACTIVE_STANDBY_MULTI_AZ', 'SINGLE_INSTANCE'] },
  ]);
});
