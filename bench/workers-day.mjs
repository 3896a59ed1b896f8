// A day of messages on the manual clock: a group that follows its queue, from one alarm to the next, by seconds of CPU.
//
//   node bench/workers-day.mjs MESSAGES SECONDS_PER_MESSAGE
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const require = createRequire(import.meta.url);
const { App, CfnOutput, Duration, Stack } = require('aws-cdk-lib');
const { Vpc } = require('aws-cdk-lib/aws-ec2');
const { Emulator } = require('cdk-decouple-emulator');
const { QueueWorkers, Scaling, WorkerProgram, WorkQueue } = require('../dist/lib');

const [messages, secondsPerMessage] = process.argv.slice(2).map(Number);
const directory = mkdtempSync(join(tmpdir(), 'workers-day-'));
writeFileSync(join(directory, 'work'), '#!/bin/sh\n');
chmodSync(join(directory, 'work'), 0o755);

/** Workers that follow the queue, and one instance that fills it. */
function appOf() {
  const stack = new Stack(new App(), 'Day');
  const vpc = new Vpc(stack, 'Vpc', { restrictDefaultSecurityGroup: false });
  const { queue } = new WorkQueue(stack, 'Jobs', { visibilityTimeout: Duration.minutes(2) });
  const program = WorkerProgram.directory({ path: directory, command: ['./work'] });
  const back = new QueueWorkers(stack, 'Back', {
    vpc,
    queue,
    program,
    maxCapacity: 1_000,
    scaling: Scaling.backlogPerInstance({
      acceptableLatency: Duration.seconds(150 * secondsPerMessage),
      timePerMessage: Duration.seconds(secondsPerMessage),
    }),
  });
  const front = new QueueWorkers(stack, 'Front', { vpc, queue, program, maxCapacity: 1 });
  queue.grantSendMessages(front);
  for (const [name, value] of Object.entries({
    QueueUrl: queue.queueUrl,
    Back: back.autoScalingGroup.autoScalingGroupName,
    Front: front.autoScalingGroup.autoScalingGroupName,
  }))
    new CfnOutput(stack, `${name}Name`, { value });
  return stack;
}

const aws = await Emulator.start({ clock: 'manual' });
const deployment = await aws.deploy(appOf());
const queueUrl = deployment.output('QueueUrlName');
const workers = aws.autoScaling.consume(
  deployment.output('BackName'),
  { queueUrl },
  (_message, { clock }) => clock.sleep(secondsPerMessage * 1_000),
);
// Least at midnight, most at noon.
let sent = 0;
aws.autoScaling.run(deployment.output('FrontName'), async ({ clock, send }) => {
  for (let minute = 0; minute < 1_440; minute += 1) {
    const share = 1 - 0.9 * Math.cos((minute / 1_440) * 2 * Math.PI);
    const count = Math.round((messages / 1_440) * share);
    for (let second = 0; second < 60; second += 1) {
      const until = Math.floor((count * (second + 1)) / 60);
      for (let i = Math.floor((count * second) / 60); i < until; i += 1) {
        await send(queueUrl, `job ${sent}`);
        sent += 1;
      }
      await clock.sleep(1_000);
    }
  }
});

let most = 0;
const start = process.hrtime.bigint();
const { user, system } = process.cpuUsage();
for (let minute = 0; minute < 1_440; minute += 1) {
  await aws.clock.advance(Duration.minutes(1));
  most = Math.max(most, workers.instanceIds.length);
}
const cpu = process.cpuUsage();
const seconds = Number(process.hrtime.bigint() - start) / 1e9;
// What still waits at midnight is done in the night.
await aws.clock.advance(Duration.hours(12));
const result = {
  messages: sent,
  mostInstances: most,
  seconds,
  cpuSeconds: (cpu.user - user + cpu.system - system) / 1e6,
  lost: sent - workers.processed,
};
await aws.stop();
rmSync(directory, { recursive: true });
process.stdout.write(`${JSON.stringify(result)}\n`);
