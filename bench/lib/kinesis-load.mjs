// Calls of Kinesis and Firehose over keep-alive connections in JSON 1.1, from as thin a client as Node has.
import { Agent, request } from 'node:http';
import { inLoops } from './contestants.mjs';

/** Bytes of a record; in the request they are base64. */
export const recordBytes = 200;

const data = Buffer.alloc(recordBytes, 'x').toString('base64');
const recordsPerCall = 500;
const contentType = 'application/x-amz-json-1.1';
const targets = { kinesis: 'Kinesis_20131202', firehose: 'Firehose_20150804' };

/** A client of a server, with sixteen connections of its own. */
export function streamsClient(port) {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const call = (service, operation, input) =>
    new Promise((resolve, reject) => {
      const payload = JSON.stringify(input);
      const headers = {
        'content-type': contentType,
        'x-amz-target': `${targets[service]}.${operation}`,
        'x-amz-date': '20261120T120000Z',
        authorization: `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261120/us-east-1/${service}/aws4_request, SignedHeaders=host;x-amz-date, Signature=fe5f80f77d5fa3beca038a248ff027d0445342fe2855ddc963176630326f1024`,
        'content-length': Buffer.byteLength(payload),
      };
      const outgoing = request(
        { agent, host: '127.0.0.1', port, method: 'POST', path: '/', headers },
        (response) => {
          const chunks = [];
          response.on('data', (chunk) => chunks.push(chunk));
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString();
            if (response.statusCode === 200) resolve(text === '' ? {} : JSON.parse(text));
            else reject(new Error(`${operation}: HTTP ${response.statusCode} ${text}`));
          });
        },
      );
      outgoing.on('error', reject);
      outgoing.end(payload);
    });
  return {
    kinesis: (operation, input) => call('kinesis', operation, input),
    firehose: (operation, input) => call('firehose', operation, input),
    close: () => agent.destroy(),
  };
}

/** Makes streams and waits until they can be used. */
export async function makeStreams(client, names, ShardCount) {
  const shards = {};
  for (const StreamName of names) await client.kinesis('CreateStream', { StreamName, ShardCount });
  for (const StreamName of names) {
    const input = { StreamName };
    while ((await status(client, input)) !== 'ACTIVE') await pause(100);
    shards[StreamName] = await allShards(client, StreamName);
  }
  return shards;
}

async function status(client, input) {
  const { StreamDescriptionSummary } = await client.kinesis('DescribeStreamSummary', input);
  return StreamDescriptionSummary.StreamStatus;
}

/** In the order of their hash keys, from pages of ListShards. */
async function allShards(client, StreamName) {
  const found = [];
  let input = { StreamName };
  do {
    const { Shards, NextToken } = await client.kinesis('ListShards', input);
    found.push(...Shards);
    input = NextToken && { NextToken };
  } while (input);
  return found.map(({ ShardId, HashKeyRange }) => ({
    id: ShardId,
    hashKey: HashKeyRange.StartingHashKey,
  }));
}

/** Puts so many records into every shard of every stream, 500 a call, four calls at a time. */
export async function putRecords(client, shards, perShard) {
  const calls = Object.entries(shards).flatMap(([StreamName, list]) => {
    const records = Array.from({ length: perShard }, () => list)
      .flat()
      .map(({ id, hashKey }) => ({ Data: data, PartitionKey: id, ExplicitHashKey: hashKey }));
    return batches(records).map((Records) => ({ StreamName, Records }));
  });
  await inLoops(
    calls.length,
    4,
    inTurn(calls, async (input) => {
      const { FailedRecordCount } = await client.kinesis('PutRecords', input);
      if (FailedRecordCount > 0) throw new Error(`${FailedRecordCount} records failed`);
    }),
  );
}

/** Reads every shard of every stream from its beginning, with one call each, and checks that all records are there. */
export async function getRecords(client, shards, perShard) {
  const reads = Object.entries(shards).flatMap(([StreamName, list]) =>
    list.map(({ id: ShardId }) => ({ StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' })),
  );
  await inLoops(
    reads.length,
    4,
    inTurn(reads, async (input) => {
      const { ShardIterator } = await client.kinesis('GetShardIterator', input);
      const { Records } = await client.kinesis('GetRecords', { ShardIterator });
      if (Records.length !== perShard) throw new Error(`${Records.length} records of ${perShard}`);
    }),
  );
}

/** Puts so many records into every delivery stream, 500 a call, four calls at a time. */
export async function putToDelivery(client, names, perStream) {
  const records = Array.from({ length: recordsPerCall }, () => ({ Data: data }));
  const calls = Array.from({ length: perStream / recordsPerCall }, () => names).flat();
  await inLoops(
    calls.length,
    4,
    inTurn(calls, async (DeliveryStreamName) => {
      const input = { DeliveryStreamName, Records: records };
      const { FailedPutCount } = await client.firehose('PutRecordBatch', input);
      if (FailedPutCount > 0) throw new Error(`${FailedPutCount} records failed`);
    }),
  );
}

/** Milliseconds from the start of PutRecord to the end of the GetRecords that returns the record, one after the other. */
export async function putToGet(client, StreamName, shards, timesEach) {
  const latencies = [];
  for (let time = 0; time < timesEach; time++) {
    for (const { id: ShardId, hashKey: ExplicitHashKey } of shards) {
      const position = { StreamName, ShardId, ShardIteratorType: 'LATEST' };
      const { ShardIterator } = await client.kinesis('GetShardIterator', position);
      const start = performance.now();
      await client.kinesis('PutRecord', {
        StreamName,
        Data: data,
        PartitionKey: 'k',
        ExplicitHashKey,
      });
      const { Records } = await client.kinesis('GetRecords', { ShardIterator });
      latencies.push(performance.now() - start);
      if (Records.length !== 1) throw new Error(`${Records.length} records instead of the one put`);
    }
  }
  return latencies;
}

/** Lets a change of state that takes seconds on AWS, too, go on. */
export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A task that takes the next of a list each time. */
function inTurn(list, task) {
  let next = 0;
  return () => task(list[next++]);
}

function batches(records) {
  return Array.from({ length: Math.ceil(records.length / recordsPerCall) }, (_, index) =>
    records.slice(index * recordsPerCall, (index + 1) * recordsPerCall),
  );
}
