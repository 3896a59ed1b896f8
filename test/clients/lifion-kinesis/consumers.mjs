// Consumers of one group with lifion-kinesis, which agree by a table who reads which shard, and how far. They are started by messages
// with their names; each record that one of them reads is a message.
//
// Arguments: stream, group, how many times as fast the timers of this process run, and how many milliseconds its date is ahead.
import Kinesis from 'lifion-kinesis';

const [streamName, consumerGroup, rate, ahead] = process.argv.slice(2);
const { AWS_ENDPOINT_URL: endpoint, AWS_REGION: region } = process.env;

const { Date: HostDate, setTimeout: hostTimeout } = globalThis;
globalThis.setTimeout = (callback, delay, ...args) =>
  hostTimeout(callback, delay / Number(rate), ...args);
globalThis.Date = class extends HostDate {
  constructor(...parts) {
    super(...(parts.length === 0 ? [Date.now()] : parts));
  }
  static now() {
    return HostDate.now() + Number(ahead);
  }
};

process.on('message', async (name) => {
  const consumer = new Kinesis({
    streamName,
    consumerGroup,
    createStreamIfNeeded: false,
    initialPositionInStream: 'TRIM_HORIZON',
    endpoint,
    region,
    dynamoDb: { endpoint, region },
    logger: { error: console.error, warn: console.warn },
  });
  consumer.on('data', ({ records, shardId }) => {
    for (const { data, partitionKey } of records)
      process.send({ consumer: name, shard: shardId, key: partitionKey, number: Number(data) });
  });
  await consumer.startConsumer();
});
process.on('disconnect', () => process.exit());
