// Messages through a pair of ActiveMQ brokers as the emulator runs them, beside the same ActiveMQ without an emulator; and how
// long the standby takes to serve when the active broker is killed, beside what the lock's settings alone make it wait.
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { loadavg } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { App, CfnOutput, Fn, Stack } from 'aws-cdk-lib';
import { CfnBroker } from 'aws-cdk-lib/aws-amazonmq';
import { Emulator } from 'cdk-decouple-emulator';
import { startBareActiveMq } from './lib/bare-activemq.mjs';
import { pause } from './lib/kinesis-load.mjs';
import { cpuSecondsOf } from './lib/server-process.mjs';
import { median } from './lib/sqs-load.mjs';
import { stompConnection } from './lib/stomp-connection.mjs';

const require = createRequire(import.meta.url);
const { findActiveMq } = require('../emulator/dist/engines/activemq/index.js');
const { failoverTimings } = require('../emulator/dist/engines/activemq/settings.js');
const run = promisify(execFile);

const rounds = 11;
const messages = 8_000;
const failovers = 20;
/** Stored since the last failover when the active broker is killed, so that the standby has a journal to read. */
const stored = 1_000;
const withoutOpenWire = { stomp: 'STOMP', amqp: 'AMQP 1.0', mqtt: 'MQTT' };
const protocols = { ...withoutOpenWire, openwire: 'OpenWire' };
const user = { username: 'shop', password: 'a long password' };

/** @returns messages a second by protocol and milliseconds of failover; undefined where there is no ActiveMQ */
export async function brokers() {
  let installation;
  try {
    installation = await findActiveMq();
  } catch (error) {
    process.stdout.write(`brokers are not measured: ${error.message}\n`);
    return undefined;
  }
  const aws = await Emulator.start();
  const bare = await startBareActiveMq(installation, user);
  try {
    const deployment = await aws.deploy(pair());
    const broker = aws.faults.broker();
    const [first, second] = endpointsOf(deployment);
    const caFile = await aws.certificateAuthorityFile();
    const ours = { endpoints: first, caFile, pid: broker.processIds[0] };
    return {
      messages,
      protocols: await throughput(installation, bare, ours),
      failover: await failover(broker, [first.stomp, second.stomp], caFile),
    };
  } finally {
    await bare.stop();
    await aws.stop();
  }
}

function pair() {
  const stack = new Stack(new App(), 'Brokers');
  const broker = new CfnBroker(stack, 'Broker', {
    brokerName: 'bench',
    deploymentMode: 'ACTIVE_STANDBY_MULTI_AZ',
    engineType: 'ACTIVEMQ',
    hostInstanceType: 'mq.m5.large',
    publiclyAccessible: false,
    users: [{ ...user, groups: ['apps'] }],
  });
  const endpoints = {
    Stomp: broker.attrStompEndpoints,
    Amqp: broker.attrAmqpEndpoints,
    Mqtt: broker.attrMqttEndpoints,
    OpenWire: broker.attrOpenWireEndpoints,
  };
  for (const [name, value] of Object.entries(endpoints))
    new CfnOutput(stack, name, { value: Fn.join(',', value) });
  return stack;
}

/** Those of both members, by protocol. */
function endpointsOf(deployment) {
  return [0, 1].map((member) => {
    const of = (name) => deployment.output(name).split(',')[member];
    return { stomp: of('Stomp'), amqp: of('Amqp'), mqtt: of('Mqtt'), openwire: of('OpenWire') };
  });
}

/** In turns, the one that goes first changing from round to round; the first round warms up. */
async function throughput(installation, bare, ours) {
  const results = [];
  const measured = (await compiles(installation)) ? protocols : withoutOpenWire;
  for (const [protocol, name] of Object.entries(measured)) {
    const runs = { bare: [], ours: [] };
    for (let round = 0; round <= rounds; round++) {
      const contestants = [
        ['bare', bare],
        ['ours', ours],
      ];
      if (round % 2 === 1) contestants.reverse();
      for (const [contestant, server] of contestants) {
        const before = cpuSecondsOf(server.pid);
        const milliseconds = await load(installation, server, protocol, `${protocol}-${round}`);
        const cpuSeconds = cpuSecondsOf(server.pid) - before;
        if (round > 0) runs[contestant].push({ milliseconds, cpuSeconds });
      }
    }
    const perSecond = ({ milliseconds }) => (1000 * messages) / milliseconds;
    results.push({
      protocol: name,
      barePerSecond: Math.round(median(runs.bare.map(perSecond))),
      perSecond: Math.round(median(runs.ours.map(perSecond))),
      ratio: median(runs.ours.map((one, round) => perSecond(one) / perSecond(runs.bare[round]))),
      cpuRatio: median(
        runs.ours.map(({ cpuSeconds }, round) => cpuSeconds / runs.bare[round].cpuSeconds),
      ),
      loadAverage: loadavg()[0],
    });
  }
  return results;
}

/** Whether the Java there runs JmsLoad.java from its source. */
async function compiles({ java }) {
  const { stdout } = await run(java.program, ['--list-modules']);
  if (stdout.includes('jdk.compiler')) return true;
  process.stdout.write(`OpenWire is not measured: ${java.program} has no compiler\n`);
  return false;
}

/** Sends and receives every message from a process of its own. @returns milliseconds */
async function load({ home, java }, { caFile, endpoints }, protocol, queue) {
  const { username, password } = user;
  const endpoint = endpoints[protocol];
  const { stdout } =
    protocol === 'openwire'
      ? await run(java.program, [
          '-cp',
          [join(home, 'lib', '*'), join(home, 'lib', 'optional', '*')].join(delimiter),
          'bench/lib/JmsLoad.java',
          ...[endpoint, username, password, caFile, queue, String(messages)],
        ])
      : await run(process.execPath, [
          'bench/lib/broker-load.mjs',
          JSON.stringify({ protocol, endpoint, caFile, username, password, queue, messages }),
        ]);
  return Number(stdout);
}

/** Kills the active member again and again, at different moments between two tries of the standby to take the lock. */
async function failover(broker, endpoints, caFile) {
  const { acquireSleepInterval, keepAlivePeriod } = failoverTimings.fast;
  const served = [];
  const confirmed = [];
  const loads = [];
  for (let index = 0; index < failovers; index++) {
    const login = { ...user, caFile, queue: 'failover' };
    await store({ ...login, endpoint: endpoints[broker.active - 1] });
    await pause((acquireSleepInterval * index) / failovers);
    const standby = { ...login, endpoint: endpoints[2 - broker.active] };
    const start = performance.now();
    await broker.kill();
    const client = firstConfirmation(standby).then(() => performance.now() - start);
    await broker.whenActive();
    served.push(performance.now() - start);
    confirmed.push(await client);
    loads.push(loadavg()[0]);
    await broker.start();
  }
  const floorMs = acquireSleepInterval + keepAlivePeriod;
  return {
    floorMs,
    medianMs: median(served),
    longestMs: Math.max(...served),
    ratio: median(served) / floorMs,
    clientMedianMs: median(confirmed),
    stored,
    loadAverage: median(loads),
  };
}

async function store(login) {
  const connection = await stompConnection(login);
  const confirmations = Array.from(
    { length: stored },
    () => new Promise((resolve) => connection.send('x'.repeat(200), resolve)),
  );
  await Promise.all(confirmations);
  connection.close();
}

/** Tries until a broker has confirmed a message. */
async function firstConfirmation(login) {
  const connection = await connected(login);
  await new Promise((resolve) => connection.send('served', resolve));
  connection.close();
}

async function connected(login) {
  for (;;) {
    try {
      return await stompConnection(login);
    } catch {
      await pause(10);
    }
  }
}
