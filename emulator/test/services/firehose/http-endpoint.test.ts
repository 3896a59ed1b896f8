import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import type { HttpEndpointDestinationConfiguration } from '@aws-sdk/client-firehose';
import type { CapturedAnswer, CapturedCall } from '../../../src';
import { CertificateAuthority } from '../../../src/gateway/certificate-authority';
import { EndpointServer } from './endpoint-server';
import { createHttpStream, endpoint, url } from './http-endpoint-support';
import { FirehoseBench, streamArn } from './support';

const minute = 60_000;
const hour = 60 * minute;

let bench: FirehoseBench;
let servers: EndpointServer[] = [];

beforeEach(async () => {
  bench = await FirehoseBench.start({ firehoseEndpoints: { 'intake.example.com': 'capture' } });
});

afterEach(async () => {
  await bench.stop();
  for (const server of servers) await server.stop();
  servers = [];
});

const stream = (changed?: Partial<HttpEndpointDestinationConfiguration>, name?: string) =>
  createHttpStream(bench, changed, name);

/** The texts of the records in a request. */
function textsOf(body: string): string[] {
  const { records }: { records: { data: string }[] } = JSON.parse(body);
  return records.map(({ data }) => Buffer.from(data, 'base64').toString());
}

function requestIdOf(call: Pick<CapturedCall, 'headers'>): string {
  return call.headers['X-Amz-Firehose-Request-Id'] ?? '';
}

const failures = () => bench.failures('http-endpoint-failed/');

test('a request has the headers and the body of the specification', async () => {
  await stream({
    EndpointConfiguration: { Url: url, Name: 'Intake', AccessKey: 'key 1' },
    RequestConfiguration: {
      ContentEncoding: 'GZIP',
      CommonAttributes: [
        { AttributeName: 'stage', AttributeValue: 'test' },
        { AttributeName: 'device types', AttributeValue: '' },
      ],
    },
  });
  await bench.put('clicks', 'one');
  await bench.put('clicks', 'two');
  await bench.aws.clock.advance(minute);
  const [call, ...others] = bench.aws.firehose.captured('clicks');
  expect(others).toEqual([]);
  const requestId = expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f-]{16}$/);
  expect(call).toEqual({
    deliveryStream: 'clicks',
    account: '000000000000',
    region: 'us-east-1',
    destination: 'http-endpoint',
    method: 'POST',
    url,
    time: bench.aws.clock.now(),
    headers: {
      'X-Amz-Firehose-Protocol-Version': '1.0',
      'X-Amz-Firehose-Request-Id': requestId,
      'X-Amz-Firehose-Source-Arn': streamArn('clicks'),
      'X-Amz-Firehose-Access-Key': 'key 1',
      'X-Amz-Firehose-Common-Attributes': '{"commonAttributes":{"stage":"test","device types":""}}',
      'Content-Type': 'application/json',
      'Content-Encoding': 'gzip',
      'User-Agent': 'Amazon Kinesis Data Firehose Agent/1.0',
    },
    body: expect.any(String),
  });
  expect(JSON.parse(call?.body ?? '')).toEqual({
    requestId: call?.headers['X-Amz-Firehose-Request-Id'],
    timestamp: bench.aws.clock.now(),
    records: [{ data: 'b25l' }, { data: 'dHdv' }],
  });
  expect(await bench.objects()).toEqual([]);
  expect(await bench.metric('clicks', 'DeliveryToHttpEndpoint.Records')).toBe(2);
  expect(await bench.metric('clicks', 'DeliveryToHttpEndpoint.Bytes')).toBe(6);
  expect(await bench.metric('clicks', 'DeliveryToHttpEndpoint.Success')).toBe(1);
});

test('a server of one’s own takes the place of the endpoint, over HTTP', async () => {
  const server = await EndpointServer.start(({ body }) => ({
    body: JSON.stringify({ requestId: JSON.parse(body).requestId, timestamp: 1 }),
  }));
  servers.push(server);
  bench.aws.firehose.route('https://intake.example.com/v1', server.url);
  await stream({ RequestConfiguration: { ContentEncoding: 'GZIP' } });
  await bench.put('clicks', 'one');
  await bench.aws.clock.advance(minute);
  expect(server.requests.map(({ path, body }) => [path, textsOf(body)])).toEqual([
    ['/v1/input?source=aws', ['one']],
  ]);
  expect(server.requests[0]?.headers).toMatchObject({
    'content-encoding': 'gzip',
    'x-amz-firehose-protocol-version': '1.0',
  });
  expect(bench.aws.firehose.captured()).toEqual([]);
});

test('a server on this machine is called as it is named, over TLS with a certificate of the local authority', async () => {
  const { certificate: cert, key } = await new CertificateAuthority().issue(['localhost']);
  const server = await EndpointServer.start(
    ({ body }) => ({
      body: JSON.stringify({ requestId: JSON.parse(body).requestId, timestamp: 1 }),
    }),
    { cert, key },
  );
  servers.push(server);
  await stream({ EndpointConfiguration: { Url: `${server.url}/in` } });
  await bench.put('clicks', 'one');
  await bench.aws.clock.advance(minute);
  expect(server.requests.map(({ path }) => path)).toEqual(['/in']);
});

test('an endpoint on another machine is refused unless it is said where its requests go', async () => {
  await expect(
    bench.firehose.createDeliveryStream({
      DeliveryStreamName: 'clicks',
      HttpEndpointDestinationConfiguration: endpoint({
        EndpointConfiguration: { Url: 'https://other.example.com/' },
      }),
    }),
  ).rejects.toMatchObject({
    name: 'NotImplemented',
    message: expect.stringContaining(
      "Emulator.start({ firehoseEndpoints: { 'other.example.com': 'http://127.0.0.1:8080' } }), or 'capture'",
    ),
  });
  expect(() => bench.aws.firehose.route('a.example.com', 'https://b.example.com')).toThrow(
    RangeError,
  );
});

test('an endpoint that is down for two hours: tried again for as long, then everything is in the backup', async () => {
  await stream({ RetryOptions: { DurationInSeconds: 7200 } });
  bench.aws.firehose.answer('intake.example.com', () => 'connection refused');
  const { RecordId } = await bench.put('clicks', 'one');
  await bench.put('clicks', 'two');
  const arrival = bench.aws.clock.now();
  await bench.aws.clock.advance(minute);
  // Comes while the first batch is still tried, and waits for its turn.
  await bench.put('clicks', 'three');
  await bench.aws.clock.advance(2 * hour - 1);
  expect(await failures()).toEqual([]);
  await bench.aws.clock.advance(1 + minute);
  const calls = bench.aws.firehose.captured();
  const first = calls.filter((call) => requestIdOf(call) === requestIdOf(calls[0] ?? call));
  const waits = first.slice(1).map(({ time }, index) => time - (first[index]?.time ?? 0));
  // One second, doubled up to two minutes, each 15 % longer or shorter.
  waits.slice(0, -1).forEach((wait, retry) => {
    const delay = Math.min(120_000, 1000 * 2 ** retry);
    expect(wait).toBeGreaterThanOrEqual(delay * 0.85);
    expect(wait).toBeLessThanOrEqual(delay * 1.15);
  });
  expect((first.at(-1)?.time ?? 0) - (first[0]?.time ?? 0)).toBe(2 * hour);
  const [one, two, ...rest] = await failures();
  expect(rest).toEqual([]);
  expect(one).toEqual({
    attemptsMade: first.length,
    arrivalTimestamp: arrival,
    errorCode: 'HttpEndpoint.ConnectionFailed',
    errorMessage: expect.stringContaining('Connection to the endpoint could not be established.'),
    attemptEndingTimestamp: arrival + minute + 2 * hour,
    rawData: Buffer.from('one').toString('base64'),
    subsequenceNumber: 0,
    dataId: `${RecordId}.0`,
  });
  expect(two).toMatchObject({ rawData: Buffer.from('two').toString('base64') });
  // Back again: what came meanwhile is delivered.
  bench.aws.firehose.clear();
  bench.aws.firehose.answer('intake.example.com', () => undefined);
  await bench.aws.clock.advance(3 * minute);
  expect(bench.aws.firehose.captured().map(({ body }) => textsOf(body))).toEqual([['three']]);
});

test('a request that is tried again is the same, and reaches an endpoint that comes back in time', async () => {
  await stream();
  const answers: CapturedAnswer[] = ['connection reset', { status: 503, body: 'busy' }];
  bench.aws.firehose.answer('intake.example.com', () => answers.shift());
  await bench.put('clicks', 'one');
  await bench.aws.clock.advance(minute + 5000);
  const calls = bench.aws.firehose.captured();
  expect(calls.map(({ body }) => textsOf(body))).toEqual([['one'], ['one'], ['one']]);
  expect(new Set(calls.map(requestIdOf)).size).toBe(1);
  await bench.aws.clock.advance(hour);
  expect(bench.aws.firehose.captured()).toHaveLength(3);
  expect(await bench.objects()).toEqual([]);
  expect(await bench.metric('clicks', 'DeliveryToHttpEndpoint.ProcessedRecords')).toBe(3);
});

test('an endpoint has three minutes to answer', async () => {
  await stream({ RetryOptions: { DurationInSeconds: 0 } });
  bench.aws.firehose.answer('*', () => 'no answer');
  await bench.put('clicks', 'one');
  await bench.aws.clock.advance(minute + 3 * minute - 1);
  expect(await failures()).toEqual([]);
  await bench.aws.clock.advance(1 + minute);
  expect(await failures()).toMatchObject([
    { attemptsMade: 1, errorCode: 'HttpEndpoint.RequestTimeout' },
  ]);
});

describe('an answer that is not what the specification asks for is a failure', () => {
  const json = { 'content-type': 'application/json', 'content-length': '1' };
  const answer = (call: CapturedCall, more: object = {}) => ({
    requestId: requestIdOf(call),
    timestamp: 1,
    ...more,
  });
  const invalid = 'HttpEndpoint.InvalidResponseFromDestination';
  test.each<readonly [string, (call: CapturedCall) => CapturedAnswer, string, string]>([
    [
      'another status',
      () => ({ status: 202, body: 'ok' }),
      'HttpEndpoint.DestinationException',
      'Received the following response from the endpoint destination. 202: ok',
    ],
    [
      'a redirection',
      () => ({ status: 302, body: 'there' }),
      'HttpEndpoint.DestinationException',
      'Received the following response from the endpoint destination. 500: ',
    ],
    [
      'no JSON',
      () => ({ body: 'fine' }),
      invalid,
      'is not recognized as valid JSON or has unexpected fields. Raw response received: 200 fine',
    ],
    ['no request id', () => ({ body: { requestId: null } }), invalid, '{"requestId":null}'],
    [
      'another request id',
      (call) => ({ body: answer(call, { requestId: 'mine' }) }),
      invalid,
      'does not match: mine',
    ],
    [
      'a timestamp in quotes',
      (call) => ({ body: answer(call, { timestamp: '1' }) }),
      invalid,
      'has no timestamp that is a number',
    ],
    [
      'another member',
      (call) => ({ body: answer(call, { ok: true }) }),
      invalid,
      'unexpected fields',
    ],
    [
      'another type',
      (call) => ({ body: answer(call), headers: { ...json, 'content-type': 'text/plain' } }),
      invalid,
      'no content type application/json',
    ],
    [
      'an encoding',
      (call) => ({ body: answer(call), headers: { ...json, 'Content-Encoding': 'gzip' } }),
      invalid,
      'must not be content-encoded',
    ],
    [
      'no length',
      (call) => ({ body: answer(call), headers: { 'content-type': 'application/json' } }),
      invalid,
      'has no content length',
    ],
    [
      'more than a MiB',
      () => ({ body: 'x'.repeat(1024 * 1024 + 1) }),
      'HttpEndpoint.ResponseTooLarge',
      'too large',
    ],
  ])('%s', async (_what, answers, errorCode, message) => {
    await stream({ RetryOptions: { DurationInSeconds: 0 } });
    bench.aws.firehose.answer('*', answers);
    await bench.put('clicks', 'one');
    await bench.aws.clock.advance(2 * minute);
    expect(await failures()).toMatchObject([
      { attemptsMade: 1, errorCode, errorMessage: expect.stringContaining(message) },
    ]);
  });
});

test('a batch that is too large for the endpoint is logged, not tried again and not backed up, as AWS documents it', async () => {
  const logs = bench.aws.client(CloudWatchLogs);
  await logs.createLogGroup({ logGroupName: 'firehose' });
  await logs.createLogStream({ logGroupName: 'firehose', logStreamName: 'http' });
  await stream({
    CloudWatchLoggingOptions: { Enabled: true, LogGroupName: 'firehose', LogStreamName: 'http' },
  });
  bench.aws.firehose.answer('*', () => ({ status: 413, body: 'too large' }));
  await bench.put('clicks', 'one');
  await bench.aws.clock.advance(hour);
  expect(bench.aws.firehose.captured()).toHaveLength(1);
  expect(await bench.objects()).toEqual([]);
  const { events } = await logs.getLogEvents({ logGroupName: 'firehose', logStreamName: 'http' });
  expect(events?.map(({ message }) => JSON.parse(message ?? ''))).toEqual([
    {
      deliveryStreamARN: streamArn('clicks'),
      destination: url,
      deliveryStreamVersionId: 1,
      message: 'Received the following response from the endpoint destination. 413: too large',
      errorCode: 'HttpEndpoint.DestinationException',
    },
  ]);
});

test('all records are copied to the bucket if they are wanted there, besides what fails', async () => {
  await stream({ S3BackupMode: 'AllData', RetryOptions: { DurationInSeconds: 0 } });
  await bench.put('clicks', 'one,');
  await bench.put('clicks', 'two,');
  await bench.aws.clock.advance(minute);
  expect(await bench.texts('2')).toEqual(['one,two,']);
  bench.aws.firehose.answer('*', () => 'connection refused');
  await bench.put('clicks', 'three,');
  await bench.aws.clock.advance(2 * minute);
  expect(await bench.texts('2')).toEqual(['one,two,', 'three,']);
  expect(await failures()).toHaveLength(1);
  expect(await bench.metric('clicks', 'BackupToS3.Records')).toBe(3);
});

test('a batch of more than 10,000 records is more than one request', async () => {
  await stream();
  const Records = Array.from({ length: 500 }, () => ({ Data: Buffer.from('x') }));
  for (let batch = 0; batch < 21; batch++)
    await bench.firehose.putRecordBatch({ DeliveryStreamName: 'clicks', Records });
  await bench.aws.clock.advance(minute);
  const sizes = bench.aws.firehose.captured().map(({ body }) => textsOf(body).length);
  expect(sizes).toEqual([10_000, 500]);
});
