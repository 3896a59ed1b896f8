import { cbor, tag } from '@smithy/core/cbor';
import { EventStreamCodec } from '@smithy/core/event-streams';
import { KinesisBench, shardId, streamArn } from './support';

const contentType = 'application/x-amz-cbor-1.1';

let bench: KinesisBench;

beforeEach(async () => {
  bench = await KinesisBench.start();
});

afterEach(() => bench.stop());

/** What an SDK for Java sends: no client of another language has this protocol. */
async function send(
  operation: string,
  input: object,
  service = { name: 'kinesis', target: 'Kinesis_20131202' },
): Promise<Response> {
  const { name, target } = service;
  return fetch(await bench.aws.endpoint(), {
    method: 'POST',
    headers: {
      'content-type': contentType,
      'x-amz-target': `${target}.${operation}`,
      authorization: `AWS4-HMAC-SHA256 Credential=000000000000/20350101/us-east-1/${name}/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: Buffer.from(cbor.serialize(input)),
  });
}

async function call(...request: Parameters<typeof send>) {
  const answer = await send(...request);
  return {
    status: answer.status,
    type: answer.headers.get('content-type'),
    document: cbor.deserialize(await bytesOf(answer)),
  };
}

async function bytesOf(answer: Response): Promise<Buffer> {
  return Buffer.from(await answer.arrayBuffer());
}

/** A time as it is on the wire. */
const time = (value: number) => tag({ tag: 1, value });

test('records go there and back as byte strings, and times in milliseconds', async () => {
  await bench.stream('clicks');
  const put = await call('PutRecord', {
    StreamName: 'clicks',
    PartitionKey: 'a',
    Data: Uint8Array.of(0, 255),
  });
  expect(put).toMatchObject({ status: 200, type: contentType });
  const arrived = bench.aws.clock.now();
  await bench.aws.clock.advance(1500);
  await bench.put('clicks', 'b', 'later');
  const records = async (position: object) => {
    const { document } = await call('GetShardIterator', {
      StreamName: 'clicks',
      ShardId: shardId(0),
      ...position,
    });
    return (await call('GetRecords', document)).document.Records;
  };
  expect(await records({ ShardIteratorType: 'TRIM_HORIZON' })).toEqual([
    {
      Data: Uint8Array.of(0, 255),
      PartitionKey: 'a',
      SequenceNumber: put.document.SequenceNumber,
      ApproximateArrivalTimestamp: time(arrived),
    },
    expect.objectContaining({ PartitionKey: 'b' }),
  ]);
  const after = {
    ShardIteratorType: 'AT_TIMESTAMP',
    Timestamp: time(arrived + 1),
  };
  expect(await records(after)).toMatchObject([{ PartitionKey: 'b' }]);
});

test('subscriptions send their events in CBOR, too', async () => {
  await bench.stream('clicks');
  const { document } = await call('RegisterStreamConsumer', {
    StreamARN: streamArn('clicks'),
    ConsumerName: 'billing',
  });
  expect(document.Consumer.ConsumerCreationTimestamp).toEqual(time(bench.aws.clock.now()));
  await bench.settle();
  await bench.put('clicks', 'a', 'one');
  const answer = await send('SubscribeToShard', {
    ConsumerARN: document.Consumer.ConsumerARN,
    ShardId: shardId(0),
    StartingPosition: { Type: 'TRIM_HORIZON' },
  });
  await bench.aws.clock.advance(300_000);
  expect(answer.headers.get('content-type')).toBe('application/vnd.amazon.eventstream');
  const [initial, first] = messagesIn(await bytesOf(answer));
  expect(initial).toEqual({ kind: 'initial-response', type: contentType, content: {} });
  expect(first).toMatchObject({
    kind: 'SubscribeToShardEvent',
    type: contentType,
    content: { Records: [{ Data: Buffer.from('one') }], MillisBehindLatest: 0 },
  });
});

test('errors are in CBOR', async () => {
  expect(await call('DescribeStream', { StreamName: 'none' })).toEqual({
    status: 400,
    type: contentType,
    document: {
      __type: expect.stringMatching(/#ResourceNotFoundException$/),
      message: 'Stream none under account 000000000000 not found.',
    },
  });
  expect(await call('ListShards', { Colour: 'red' })).toMatchObject({
    status: 501,
    document: { message: expect.stringContaining('the member Colour of ListShardsInput') },
  });
});

test('fails for services that do not have the protocol', async () => {
  expect(
    await call('ListDeliveryStreams', {}, { name: 'firehose', target: 'Firehose_20150804' }),
  ).toMatchObject({
    status: 501,
    document: { message: expect.stringContaining('the protocol awsCbor1_1 of firehose') },
  });
});

/** The messages of an event stream. */
function messagesIn(body: Buffer) {
  const codec = new EventStreamCodec(
    (bytes) => Buffer.from(typeof bytes === 'string' ? bytes : Buffer.from(bytes)).toString(),
    (text) => Buffer.from(text),
  );
  const messages = [];
  for (let at = 0; at < body.length; at += body.readUInt32BE(at)) {
    const message = codec.decode(body.subarray(at, at + body.readUInt32BE(at)));
    messages.push({
      kind: message.headers[':event-type']?.value,
      type: message.headers[':content-type']?.value,
      content: cbor.deserialize(message.body),
    });
  }
  return messages;
}
