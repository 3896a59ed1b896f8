import { mqBench, simpleBroker, transition } from './bench';

let bench: ReturnType<typeof mqBench>;

beforeEach(() => {
  bench = mqBench();
});
afterEach(() => bench.close());

const base64 = (text: string) => Buffer.from(text).toString('base64');
const configuration = { Name: 'orders', EngineType: 'ACTIVEMQ', EngineVersion: '5.18' } as const;

test('a configuration begins with a default revision and has one more with each update', async () => {
  const { mq } = bench;
  const { Id = '', LatestRevision } = await mq.createConfiguration(configuration);
  expect(LatestRevision).toMatchObject({
    Revision: 1,
    Description: 'Auto-generated default for ActiveMQ 5.18',
  });
  const Data = base64(
    '<broker schedulerSupport="false"><destinations><queue physicalName="jobs"/></destinations></broker>',
  );
  const { LatestRevision: second, Warnings } = await mq.updateConfiguration({
    ConfigurationId: Id,
    Data,
    Description: 'a queue',
  });
  expect(second).toMatchObject({ Revision: 2, Description: 'a queue' });
  expect(Warnings).toEqual([]);
  const { Data: kept = '' } = await mq.describeConfigurationRevision({
    ConfigurationId: Id,
    ConfigurationRevision: '2',
  });
  expect(Buffer.from(kept, 'base64').toString()).toContain('<queue physicalName="jobs"/>');
  expect((await mq.listConfigurationRevisions({ ConfigurationId: Id })).Revisions).toHaveLength(2);
  expect((await mq.listConfigurations({})).Configurations).toMatchObject([{ Name: 'orders' }]);
  await mq.deleteConfiguration({ ConfigurationId: Id });
  await expect(mq.describeConfiguration({ ConfigurationId: Id })).rejects.toMatchObject({
    name: 'NotFoundException',
  });
});

test('takes out what Amazon MQ does not permit, with a warning for each', async () => {
  const { mq } = bench;
  const { Id = '' } = await mq.createConfiguration(configuration);
  const { Warnings } = await mq.updateConfiguration({
    ConfigurationId: Id,
    Data: base64(`<broker xmlns="http://activemq.apache.org/schema/core" brokerName="mine">
      <plugins>
        <simpleAuthenticationPlugin anonymousAccessAllowed="true"/>
        <statisticsBrokerPlugin/>
      </plugins>
      <persistenceAdapter><kahaDB directory="/etc" concurrentStoreAndDispatchQueues="false"/></persistenceAdapter>
      <jmsBridgeConnectors/>
    </broker>`),
  });
  expect(Warnings).toEqual([
    { AttributeName: 'brokerName', ElementName: 'broker', Reason: 'DISALLOWED_ATTRIBUTE_REMOVED' },
    { ElementName: 'simpleAuthenticationPlugin', Reason: 'DISALLOWED_ELEMENT_REMOVED' },
    { AttributeName: 'directory', ElementName: 'kahaDB', Reason: 'DISALLOWED_ATTRIBUTE_REMOVED' },
    { ElementName: 'jmsBridgeConnectors', Reason: 'DISALLOWED_ELEMENT_REMOVED' },
  ]);
  const { Data = '' } = await mq.describeConfigurationRevision({
    ConfigurationId: Id,
    ConfigurationRevision: '2',
  });
  expect(
    Buffer.from(Data, 'base64').toString(),
  ).toBe(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<broker xmlns="http://activemq.apache.org/schema/core">
  <plugins>
    <statisticsBrokerPlugin/>
  </plugins>
  <persistenceAdapter>
    <kahaDB concurrentStoreAndDispatchQueues="false"/>
  </persistenceAdapter>
</broker>
`);
});

test.each([
  ['no XML', 'broker', 'BadRequestException'],
  ['another element', '<beans/>', 'BadRequestException'],
  ['a network of brokers', '<broker><networkConnectors/></broker>', 'NotImplemented'],
])('refuses %s', async (_, text, name) => {
  const { mq } = bench;
  const { Id } = await mq.createConfiguration(configuration);
  await expect(
    mq.updateConfiguration({ ConfigurationId: Id, Data: base64(text) }),
  ).rejects.toMatchObject({ name });
});

test('a broker has another configuration from its reboot on, and keeps the history', async () => {
  const { clock, mq, reboots } = bench;
  const { BrokerId = '' } = await mq.createBroker(simpleBroker);
  await clock.advance(transition);
  const { Id = '' } = await mq.createConfiguration(configuration);
  await mq.updateConfiguration({
    ConfigurationId: Id,
    Data: base64('<broker persistent="false"/>'),
  });
  await mq.updateBroker({ BrokerId, Configuration: { Id } });
  expect((await mq.describeBroker({ BrokerId })).Configurations).toMatchObject({
    Pending: { Id, Revision: 2 },
  });
  await expect(mq.deleteConfiguration({ ConfigurationId: Id })).rejects.toMatchObject({
    name: 'BadRequestException',
  });
  await mq.rebootBroker({ BrokerId });
  await clock.advance(transition);
  expect((await mq.describeBroker({ BrokerId })).Configurations).toMatchObject({
    Current: { Id, Revision: 2 },
    History: [{ Revision: 1 }],
  });
  expect(reboots[0]?.configuration).toContain('persistent="false"');
});

test('settings of RabbitMQ are those that are known', async () => {
  const { mq } = bench;
  const { Id } = await mq.createConfiguration({
    Name: 'rabbit',
    EngineType: 'RABBITMQ',
    EngineVersion: '3.13',
  });
  const update = (text: string) =>
    mq.updateConfiguration({ ConfigurationId: Id, Data: base64(text) });
  await update('# half an hour\nconsumer_timeout = 1800000\n');
  await expect(update('consumer_timeout = soon')).rejects.toMatchObject({
    name: 'BadRequestException',
  });
  await expect(update('log.console = true')).rejects.toThrow(/log\.console/);
});
