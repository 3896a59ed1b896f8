import { mqBench, password, simpleBroker, transition } from './bench';

let bench: ReturnType<typeof mqBench>;
let BrokerId: string;

beforeEach(async () => {
  bench = mqBench();
  ({ BrokerId = '' } = await bench.mq.createBroker(simpleBroker));
  await bench.clock.advance(transition);
});
afterEach(() => bench.close());

test('users that are added, changed and deleted await the reboot', async () => {
  const { clock, mq, reboots, started } = bench;
  expect(started[0]?.users).toEqual([{ username: 'shop', password, groups: ['apps'] }]);
  await mq.createUser({ BrokerId, Username: 'admin', Password: password, ConsoleAccess: true });
  await mq.updateUser({ BrokerId, Username: 'shop', Groups: ['readers'] });
  expect((await mq.listUsers({ BrokerId })).Users).toEqual([
    { Username: 'admin', PendingChange: 'CREATE' },
    { Username: 'shop', PendingChange: 'UPDATE' },
  ]);
  expect(await mq.describeUser({ BrokerId, Username: 'shop' })).toMatchObject({
    Groups: ['apps'],
    Pending: { Groups: ['readers'], PendingChange: 'UPDATE' },
  });
  await mq.rebootBroker({ BrokerId });
  await clock.advance(transition);
  expect(reboots[0]?.users).toEqual([
    { username: 'shop', password, groups: ['readers'] },
    { username: 'admin', password, groups: ['activemq-webconsole'] },
  ]);
  await mq.deleteUser({ BrokerId, Username: 'shop' });
  await mq.rebootBroker({ BrokerId });
  await clock.advance(transition);
  expect((await mq.listUsers({ BrokerId })).Users).toEqual([{ Username: 'admin' }]);
});

test('a user that is there cannot be created, and one that is not cannot be changed', async () => {
  const { mq } = bench;
  const user = { BrokerId, Username: 'shop', Password: password };
  await expect(mq.createUser(user)).rejects.toMatchObject({ name: 'ConflictException' });
  await expect(mq.updateUser({ ...user, Username: 'other' })).rejects.toMatchObject({
    name: 'NotFoundException',
  });
  await expect(mq.updateUser({ ...user, Password: 'aaaaaaaaaaaa' })).rejects.toMatchObject({
    name: 'BadRequestException',
  });
});

test('users of RabbitMQ are not managed here', async () => {
  const { mq } = bench;
  const { BrokerId: rabbit } = await mq.createBroker({
    ...simpleBroker,
    BrokerName: 'rabbit',
    EngineType: 'RABBITMQ',
    EngineVersion: '3.13',
  });
  await expect(mq.listUsers({ BrokerId: rabbit })).rejects.toThrow(/management API/);
});
