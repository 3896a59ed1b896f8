import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A program that deploys a pair, prints the process ids of its members, and lives on. */
const program = `
const { App, Stack } = require('aws-cdk-lib');
const { CfnBroker } = require('aws-cdk-lib/aws-amazonmq');
const { Emulator } = require('${join(__dirname, '../../../dist')}');
(async () => {
  const aws = await Emulator.start({ clock: 'manual' });
  const stack = new Stack(new App(), 'Shop');
  new CfnBroker(stack, 'Broker', {
    brokerName: 'orders',
    deploymentMode: 'ACTIVE_STANDBY_MULTI_AZ',
    engineType: 'ACTIVEMQ',
    hostInstanceType: 'mq.m5.large',
    publiclyAccessible: false,
    users: [{ username: 'shop', password: 'a long password' }],
  });
  await aws.deploy(stack);
  console.log(JSON.stringify(aws.faults.broker().processIds));
  process.stdin.resume();
})();
`;

test('brokers end with the emulator, even if that is killed with SIGKILL', async () => {
  const emulator = spawn(process.execPath, ['-e', program], {
    stdio: ['pipe', 'pipe', 'inherit'],
    cwd: join(__dirname, '../../../..'),
  });
  const [line] = await once(createInterface({ input: emulator.stdout }), 'line');
  const pids: number[] = JSON.parse(line);
  expect(pids).toHaveLength(2);
  for (const pid of pids) expect(isAlive(pid)).toBe(true);
  emulator.kill('SIGKILL');
  await once(emulator, 'exit');
  // They are killed by a bystander, which sees the pipe to the emulator close.
  while (pids.some(isAlive)) await new Promise((resolve) => setImmediate(resolve));
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
