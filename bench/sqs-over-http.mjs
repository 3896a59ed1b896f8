// CPU time that the server spends per SQS request, and the latency that a client sees, over HTTP: this emulator
// (policies and journal on), fauxqs, and a bare node:http server as the ceiling, in turn within one run.
import { bare, emulators, withServers } from './lib/contestants.mjs';
import { median, percentile, sendReceiveDelete, sqsClient } from './lib/sqs-load.mjs';

const rounds = 5;
const cyclesPerRound = 8_000;
const warmUpCycles = 4_000;

/** @returns one row a server, with the CPU cost relative to the bare server */
export function sqsOverHttp() {
  return withServers([bare, ...emulators], async (servers) => {
    const runs = [];
    for (const server of servers) {
      const client = sqsClient(server.port);
      const { QueueUrl } = await client.call('CreateQueue', { QueueName: 'bench' });
      runs.push({ server, client, queueUrl: QueueUrl, cpu: [], rates: [], send: [], receive: [] });
      await sendReceiveDelete(client, QueueUrl, warmUpCycles);
    }
    for (let round = 0; round < rounds; round++) {
      for (const run of runs) await measure(run);
    }
    const ceiling = median(runs[0].cpu);
    return runs.map((run) => ({
      server: run.server.name,
      cpuMicrosecondsPerRequest: median(run.cpu),
      timesBare: median(run.cpu) / ceiling,
      requestsPerSecond: Math.round(median(run.rates)),
      sendP99Ms: percentile(run.send, 0.99),
      receiveP99Ms: percentile(run.receive, 0.99),
    }));
  });
}

async function measure(run) {
  const cpu = run.server.cpuSeconds();
  const start = performance.now();
  const { requests } = await sendReceiveDelete(run.client, run.queueUrl, cyclesPerRound);
  run.rates.push(requests / ((performance.now() - start) / 1000));
  run.cpu.push(((run.server.cpuSeconds() - cpu) / requests) * 1e6);
  // One call at a time is what a user's latency is; sixteen at a time measure the queue in front of the server.
  const single = await sendReceiveDelete(run.client, run.queueUrl, 1_000, 1);
  run.send.push(...single.latencies.send);
  run.receive.push(...single.latencies.receive);
}
