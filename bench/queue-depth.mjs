// How fast a queue is drained and refilled when it holds a million messages, beside one that holds a thousand, and what a
// message costs in memory. Calls the service's handlers, so that neither sockets nor the SDK are in the picture.
// Run with --expose-gc.
import { createRequire } from 'node:module';
import { median } from './lib/sqs-load.mjs';

const require = createRequire(import.meta.url);
const { SystemClock } = require('../emulator/dist/clock/system-clock.js');
const { Identities } = require('../emulator/dist/iam/identities.js');
const { createJournal } = require('../emulator/dist/journal/journal.js');
const { MetricStore } = require('../emulator/dist/metrics/metric-store.js');
const { randomSource } = require('../emulator/dist/random/random.js');
const { createSqs } = require('../emulator/dist/services/sqs/index.js');

const bodyBytes = 200;
const batchSize = 10;
let bodies = 0;

/** Ten messages, each with a body of its own in memory, as they come over the wire. */
function batch() {
  return Array.from({ length: batchSize }, (_, index) => ({
    Id: String(index),
    MessageBody: Buffer.from(String(bodies++).padStart(bodyBytes, '0')).toString('latin1'),
  }));
}
const rounds = 7;
const batchesPerRound = 2_000;

function setUp() {
  const clock = new SystemClock();
  const random = randomSource(1);
  const sqs = createSqs({
    clock,
    random,
    metrics: new MetricStore(() => clock.now()),
    journal: createJournal(100_000, () => clock.now()),
    identities: new Identities(clock, random),
    authorize: () => undefined,
    endpoint: async () => 'http://127.0.0.1',
    scratchDirectory: async () => '/nonexistent',
  });
  const context = {
    requestId: '',
    caller: { kind: 'developer', account: '000000000000', arn: 'arn:aws:iam::000000000000:root' },
    account: '000000000000',
    region: 'us-east-1',
    service: 'sqs',
    operation: '',
    origin: 'http://127.0.0.1',
    signal: new AbortController().signal,
    authorize: () => undefined,
    park: (wait) => new Promise(wait),
  };
  return { clock, call: (operation, input) => sqs.handlers[operation](input, context) };
}

async function filledQueue({ call }, name, depth) {
  const { QueueUrl } = await call('CreateQueue', { QueueName: name });
  for (let i = 0; i < depth; i += batchSize)
    await call('SendMessageBatch', { QueueUrl, Entries: batch() });
  return QueueUrl;
}

/** Receives, deletes and sends ten at a time, so that the depth stays; @returns messages per second */
async function turnover({ call }, QueueUrl) {
  const start = performance.now();
  for (let i = 0; i < batchesPerRound; i++) {
    const { Messages } = await call('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 });
    await call('DeleteMessageBatch', {
      QueueUrl,
      Entries: Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
    });
    await call('SendMessageBatch', { QueueUrl, Entries: batch() });
  }
  return (batchesPerRound * batchSize) / ((performance.now() - start) / 1000);
}

function heldBytes() {
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const service = setUp();
const shallow = await filledQueue(service, 'shallow', 1_000);
const before = heldBytes();
const deep = await filledQueue(service, 'deep', 1_000_000);
const bytesPerMessage = (heldBytes() - before) / 1_000_000;
const rates = { shallow: [], deep: [] };
for (let round = 0; round <= rounds; round++) {
  const rate = { shallow: await turnover(service, shallow), deep: await turnover(service, deep) };
  // The first round warms up.
  if (round > 0) for (const key of ['shallow', 'deep']) rates[key].push(rate[key]);
}
service.clock.stop();
console.log(
  JSON.stringify({
    messagesPerSecondAt1000: Math.round(median(rates.shallow)),
    messagesPerSecondAt1000000: Math.round(median(rates.deep)),
    ratio: median(rates.deep.map((rate, index) => rate / rates.shallow[index])),
    bytesPerMessage: Math.round(bytesPerMessage),
    bodyBytes,
  }),
);
