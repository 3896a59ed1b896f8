import type { ResourceProvider, ResourceRequest } from '../../../src/cloudformation/provider';
import { resourceRequest } from '../../support/resource-request';
import { mqBench, password } from './bench';

let bench: ReturnType<typeof mqBench>;

beforeEach(() => {
  bench = mqBench();
});
afterEach(() => bench.close());

const properties = {
  BrokerName: 'orders',
  DeploymentMode: 'SINGLE_INSTANCE',
  EngineType: 'ActiveMQ',
  EngineVersion: '5.18',
  HostInstanceType: 'mq.m5.large',
  PubliclyAccessible: 'false',
  Users: [{ Username: 'shop', Password: password, Groups: ['apps'] }],
};
const place = { account: '111122223333', region: 'eu-west-1' };

function provider(type: string): ResourceProvider {
  const found = bench.service.resourceProviders.find((candidate) => candidate.type === type);
  if (!found) throw new Error(`no provider of ${type}`);
  return found;
}

const request = (given: ResourceRequest['properties']) =>
  resourceRequest({ ...place, properties: given });

const broker = () => provider('AWS::AmazonMQ::Broker');

test('a broker of a template is there at once, with its endpoints by protocol', async () => {
  const { attributes, physicalId } = await broker().create(request(properties));
  expect(physicalId).toMatch(/^b-/);
  expect(attributes).toMatchObject({
    Arn: `arn:aws:mq:eu-west-1:111122223333:broker:orders:${physicalId}`,
    ConfigurationRevision: '1',
    EngineVersionCurrent: '5.18',
    IpAddresses: ['127.0.0.1'],
    OpenWireEndpoints: ['ssl://127.0.0.1:20000'],
    StompEndpoints: [],
  });
  const { BrokerState } = await bench.mq.describeBroker({ BrokerId: physicalId });
  expect(BrokerState).toBe('RUNNING');
  expect(await broker().find?.({ ...request({}), identifier: { Id: physicalId } })).toMatchObject({
    physicalId,
  });
});

test('why a broker could not be started is why its resource fails', async () => {
  bench.failWith(new Error('No ActiveMQ found to run brokers with.'));
  await expect(broker().create(request(properties))).rejects.toThrow('No ActiveMQ found');
});

test('an update that takes a reboot reboots, any other does not', async () => {
  const previous = await broker().create(request(properties));
  const update = async (change: ResourceRequest['properties']) =>
    broker().update?.({
      ...request({ ...properties, ...change }),
      physicalId: previous.physicalId,
      previous: { properties, stackTags: {}, attributes: previous.attributes },
    });
  await update({ Tags: [{ Key: 'team', Value: 'shop' }] });
  expect(bench.reboots).toHaveLength(0);
  await update({ Users: [{ Username: 'other', Password: password }] });
  expect(bench.reboots).toEqual([
    expect.objectContaining({ users: [{ username: 'other', password, groups: [] }] }),
  ]);
});

test('drift shows what somebody has changed, and nothing else', async () => {
  const { physicalId } = await broker().create(request(properties));
  const read = () => broker().read?.({ ...request(properties), physicalId, siblings: [] });
  expect(await read()).toMatchObject({
    BrokerName: 'orders',
    EngineType: 'ActiveMQ',
    EngineVersion: '5.18',
    HostInstanceType: 'mq.m5.large',
  });
  await bench.mq.updateBroker({ BrokerId: physicalId, HostInstanceType: 'mq.m5.xlarge' });
  await bench.mq.rebootBroker({ BrokerId: physicalId });
  await bench.clock.settle();
  expect(await read()).toMatchObject({ HostInstanceType: 'mq.m5.xlarge' });
  await broker().delete({ ...request(properties), physicalId });
  expect(await read()).toBeUndefined();
});

test('an association gives a broker a configuration, and takes it back', async () => {
  const { physicalId } = await broker().create(request(properties));
  const configuration = await provider('AWS::AmazonMQ::Configuration').create(
    request({
      Data: Buffer.from('<broker persistent="false"/>').toString('base64'),
      EngineType: 'ACTIVEMQ',
      EngineVersion: '5.18',
      Name: 'orders',
    }),
  );
  expect(configuration.attributes.Revision).toBe('2');
  const association = provider('AWS::AmazonMQ::ConfigurationAssociation');
  const given = request({
    Broker: physicalId,
    Configuration: { Id: configuration.physicalId, Revision: '2' },
  });
  const { physicalId: associationId } = await association.create(given);
  expect(bench.reboots[0]?.configuration).toContain('persistent="false"');
  expect(await association.read?.({ ...given, physicalId: associationId, siblings: [] })).toEqual({
    Broker: physicalId,
    Configuration: { Id: configuration.physicalId, Revision: 2 },
  });
  await association.delete({ ...given, physicalId: associationId });
  await provider('AWS::AmazonMQ::Configuration').delete({
    ...given,
    physicalId: configuration.physicalId,
  });
  expect(bench.service.leaks()).toEqual([expect.stringContaining('broker:orders')]);
});

test.each([
  ['AuthenticationStrategy LDAP', { AuthenticationStrategy: 'LDAP' }],
  ['DataReplicationMode CRDR', { DataReplicationMode: 'CRDR' }],
  ['StorageSize', { StorageSize: 100 }],
  [
    'ReplicationUser',
    { Users: [{ Username: 'replica', Password: password, ReplicationUser: true }] },
  ],
])('refuses %s by name before anything is created', (name, change) => {
  expect(broker().unsupported?.({ ...properties, ...change })).toEqual([
    expect.stringContaining(name),
  ]);
});
