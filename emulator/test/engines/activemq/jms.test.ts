import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { Emulator } from '../../../src';
import { findActiveMq } from '../../../src/engines/activemq';
import { credentialsOf, endpointsOf, pairStack } from './brokers';

let aws: Emulator;

beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
});
afterEach(() => aws.stop());

test('6,000 messages of a JMS client over OpenWire survive the loss of the active broker', async () => {
  const { home, java } = await findActiveMq();
  const deployment = await aws.deploy(pairStack());
  const { password, username } = await credentialsOf(aws);
  const uri = `failover:(${endpointsOf(deployment, 'OpenWire').join(',')})?initialReconnectDelay=50&maxReconnectDelay=200&randomize=false`;
  const client = spawn(
    java.program,
    [
      '-cp',
      [join(home, 'lib', '*'), join(home, 'lib', 'optional', '*')].join(delimiter),
      join(__dirname, 'JmsExchange.java'),
      uri,
      username,
      password,
      await aws.certificateAuthorityFile(),
      '6000',
    ],
    { stdio: ['pipe', 'pipe', 'ignore'] },
  );
  let last = '';
  let failover = 0;
  for await (const line of createInterface({ input: client.stdout })) {
    last = line;
    if (line !== 'half') continue;
    const broker = aws.faults.broker();
    const start = performance.now();
    await broker.kill();
    expect(await broker.whenActive()).toBe(2);
    failover = performance.now() - start;
    client.stdin.write('acknowledge\n');
  }
  const [, received, again] = /^received (\d+) again (\d+)$/.exec(last) ?? [];
  process.stdout.write(
    `OpenWire: ${again} delivered again, failover in ${Math.round(failover)} ms\n`,
  );
  expect(received).toBe('6000');
  // What had been delivered and not acknowledged: the thousand that the client fetches ahead, before and after.
  expect(Number(again)).toBeLessThanOrEqual(2000);
});
