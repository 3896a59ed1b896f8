// Runs every benchmark and writes bench/results.json and the table in bench/README.md; those that are named, such as
// `node bench/run.mjs workersDay`, and leaves the others as they were.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';

process.env.CDK_VALIDATION ??= 'false';
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const { brokers } = await import('./brokers.mjs');
const { cdkCliTimes } = await import('./cdk-cli.mjs');
const { authorization } = await import('./authorization.mjs');
const { deploymentTimes, invocationRates } = await import('./deployment.mjs');
const { sdkRoundTrip } = await import('./sdk-round-trip.mjs');
const { snsFanOut } = await import('./sns-fan-out.mjs');
const { sqsOverHttp } = await import('./sqs-over-http.mjs');
const { startup } = await import('./startup.mjs');
const { streams } = await import('./streams.mjs');

const named = process.argv.slice(2);
const earlier = named.length > 0 ? JSON.parse(readFileSync('bench/results.json', 'utf8')) : {};
const step = async (name, run) => {
  if (named.length > 0 && !named.includes(name)) return earlier[name];
  process.stdout.write(`${name} ...\n`);
  return run();
};
const results = {
  machine: {
    cores: availableParallelism(),
    processor: cpus()[0]?.model,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  },
  sqsOverHttp: await step('sqsOverHttp', sqsOverHttp),
  snsFanOut: await step('snsFanOut', snsFanOut),
  streams: await step('streams', streams),
  brokers: await step('brokers', brokers),
  queueDepth: await step('queueDepth', () =>
    JSON.parse(
      execFileSync(process.execPath, ['--expose-gc', 'bench/queue-depth.mjs'], {
        encoding: 'utf8',
      }),
    ),
  ),
  authorization: await step('authorization', authorization),
  sdkRoundTrip: await step('sdkRoundTrip', sdkRoundTrip),
  startup: await step('startup', startup),
  deployment: await step('deployment', deploymentTimes),
  invocations: await step('invocations', invocationRates),
  cdkCli: await step('cdkCli', cdkCliTimes),
  workersDay: await step('workersDay', () =>
    // Ten times the messages on as many instances; then the same messages on ten times as many.
    [
      [100_000, 20],
      [1_000_000, 2],
      [1_000_000, 20],
    ].map(([messages, secondsPerMessage]) => ({
      secondsPerMessage,
      ...JSON.parse(
        execFileSync(
          process.execPath,
          ['bench/workers-day.mjs', String(messages), String(secondsPerMessage)],
          { encoding: 'utf8' },
        ),
      ),
    })),
  ),
};
writeFileSync('bench/results.json', `${JSON.stringify(results, null, 2)}\n`);
const [before, rest] = readFileSync('bench/README.md', 'utf8').split('<!-- results -->\n');
const after = rest.split('<!-- end of results -->')[1];
writeFileSync(
  'bench/README.md',
  `${before}<!-- results -->\n${report(results)}<!-- end of results -->${after}`,
);
process.stdout.write(report(results));

function report({
  machine,
  sqsOverHttp: servers,
  snsFanOut: fanOut,
  streams: kinesis,
  brokers: activeMq,
  queueDepth,
  authorization: decisions,
  sdkRoundTrip: trip,
  startup: start,
  deployment,
  invocations,
  cdkCli,
  workersDay,
}) {
  const number = (value, places = 1) => value.toFixed(places);
  const emulator = servers.find(({ server }) => server === 'cdk-decouple-emulator');
  return `
Measured on ${machine.cores} cores (${machine.processor}), ${machine.memoryGiB} GiB, Node.js ${machine.node}; medians. The machine is shared: compare within a run, not between runs.

| SQS over HTTP, sixteen connections | server CPU per request | beside bare | requests a second | p99 send | p99 receive |
|---|---|---|---|---|---|
${servers.map((row) => `| ${row.server} | ${number(row.cpuMicrosecondsPerRequest)} µs | ${number(row.timesBare, 2)} × | ${row.requestsPerSecond} | ${number(row.sendP99Ms, 2)} ms | ${number(row.receiveP99Ms, 2)} ms |`).join('\n')}

| SNS over HTTP, a topic with so many queues | deliveries per server CPU second | fauxqs 1.9.2 | received and deleted, too | fauxqs 1.9.2 |
|---|---|---|---|---|
${fanOut.map(({ queues, servers: [ours, theirs] }) => `| ${queues} | ${ours.deliveredPerCpuSecond} | ${theirs.deliveredPerCpuSecond} | ${ours.receivedPerCpuSecond} | ${theirs.receivedPerCpuSecond} |`).join('\n')}

| Kinesis over HTTP, records of ${kinesis.recordBytes} bytes, 200 shards | put per server CPU second | got per server CPU second | p99 put-to-get, one at a time |
|---|---|---|---|
${kinesis.servers.map((row) => `| ${row.server} | ${row.putPerCpuSecond} | ${row.gotPerCpuSecond} | ${number(row.putToGetP99Ms)} ms |`).join('\n')}

${activeMq ? brokersReport(activeMq) : 'Brokers: not measured.\n'}
| what | measured | goal |
|---|---|---|
| server CPU per SQS request beside bare \`node:http\` | ${number(emulator.timesBare, 2)} × | at most 1.5 × |
| p99 of send and receive, one call at a time | ${number(emulator.sendP99Ms, 2)} ms, ${number(emulator.receiveP99Ms, 2)} ms | AWS says 10 ms |
| turnover at a depth of 1,000,000 beside 1,000 | ${number(queueDepth.ratio, 2)} × (${queueDepth.messagesPerSecondAt1000000} and ${queueDepth.messagesPerSecondAt1000} messages a second) | at least 0.8 × |
| records per server CPU second through Firehose into objects of 1 MiB | ${kinesis.deliveredPerCpuSecond} | |
| a record of a stream of 1,000 shards beside 100 streams of 10 | ${number(kinesis.shards.putRatio, 2)} × to put, ${number(kinesis.shards.gotRatio, 2)} × to get | about 1 × |
| a delivery to one of 20 consumers of a stream beside 20 streams with one | ${number(kinesis.consumers.ratio, 2)} × | about 1 × |
| memory per message of ${queueDepth.bodyBytes} bytes | ${queueDepth.bytesPerMessage} bytes | |
| decisions a second on a role's call, with 200 statements in its policies | ${decisions.perSecondAt200OnOtherActions}; ${decisions.perSecondAt200} if all are about that action (with 20 statements ${decisions.perSecondAt20OnOtherActions} and ${decisions.perSecondAt20}) | at least 10,000 |
| SDK round trip in-process, beside HTTP to another process | ${number(trip.inProcessMicroseconds, 0)} µs, ${number(trip.overHttpMicroseconds, 0)} µs | |
| start of an emulator, modules loaded | ${number(start.inProcessMs)} ms (${number(start.inProcessListeningMs)} ms with a listening port) | at most 50 ms |
| start of a process to the server's first answer | ${number(start.processToFirstAnswerMs, 0)} ms | at most 300 ms |
| deployment of the sale-day stack beyond synthesis and the database's start | ${number(deployment.restMs, 0)} ms (of ${number(deployment.deploymentMs, 0)} ms; the database takes ${number(deployment.databaseStartMs, 0)} ms) | at most 100 ms |
| synchronous invocations a second through the SDK | ${invocations.oneAtATime} one at a time, ${invocations.eightAtATime} eight at a time | |
| the emulator's share of the CDK CLI's wall time, all commands below | ${number(100 * cdkCli.share)} % of ${number(cdkCli.totalMs / 1000)} s | at most 15 % |

| a day (86,400 s) of a group that follows its queue, on the manual clock | instances at the most | wall time | CPU time | per message | lost | goal |
|---|---|---|---|---|---|---|
${workersDay.map((day) => `| ${day.messages} messages, ${day.secondsPerMessage} s each | ${day.mostInstances} | ${number(day.seconds)} s | ${number(day.cpuSeconds)} s | ${number((1e6 * day.cpuSeconds) / day.messages, 0)} µs | ${day.lost} | ${day.secondsPerMessage === 2 ? 'under a minute' : ''} |`).join('\n')}

| CDK CLI, a stack of ${cdkCli.resources} resources | wall time | against a server that answers at once |
|---|---|---|
${cdkCli.commands.map(({ command, ms, atOnceMs }) => `| ${command} | ${number(ms, 0)} ms | ${number(atOnceMs, 0)} ms |`).join('\n')}

`;
}

function brokersReport({ failover, messages, protocols }) {
  const number = (value, places = 1) => value.toFixed(places);
  return `| ActiveMQ over TLS, ${messages} persistent messages of 200 bytes sent and received | messages a second | bare | beside bare, goal at least 0.95 × | broker CPU beside bare | load average |
|---|---|---|---|---|---|
${protocols.map((row) => `| ${row.protocol} | ${row.perSecond} | ${row.barePerSecond} | ${number(row.ratio, 2)} × | ${number(row.cpuRatio, 2)} × | ${number(row.loadAverage)} |`).join('\n')}

| the active broker is killed, ${failover.stored} more messages stored each time | measured | goal |
|---|---|---|
| until the standby serves on every port, beside the ${failover.floorMs} ms that the lock's settings make it wait at the most | ${number(failover.medianMs, 0)} ms, ${number(failover.ratio, 2)} ×; ${number(failover.longestMs, 0)} ms at the longest | at most 1.2 × |
| until a client that tries all the time has a message confirmed | ${number(failover.clientMedianMs, 0)} ms, ${number(failover.clientMedianMs / failover.floorMs, 2)} × | at most 1.2 × |
| load average of the machine meanwhile | ${number(failover.loadAverage)} | |
`;
}
