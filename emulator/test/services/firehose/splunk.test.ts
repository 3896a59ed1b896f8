import type { SplunkDestinationConfiguration } from '@aws-sdk/client-firehose';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import type { CapturedAnswer, CapturedCall } from '../../../src';
import { EndpointServer } from './endpoint-server';
import { destination, FirehoseBench, roleArn, transition } from './support';

const endpoint = 'https://hec.example.com:8088';
const minute = 60_000;
const hour = 60 * minute;

let bench: FirehoseBench;

beforeEach(async () => {
  bench = await FirehoseBench.start({ firehoseEndpoints: { 'hec.example.com': 'capture' } });
});

afterEach(() => bench.stop());

async function stream(changed: Partial<SplunkDestinationConfiguration> = {}): Promise<void> {
  await bench.firehose.createDeliveryStream({
    DeliveryStreamName: 'logs',
    SplunkDestinationConfiguration: {
      HECEndpoint: endpoint,
      HECEndpointType: 'Raw',
      HECToken: 'token-1',
      S3Configuration: destination(),
      ...changed,
    },
  });
  await bench.aws.clock.advance(transition);
}

const failures = () => bench.failures('splunk-failed/');
const isPoll = ({ url }: Pick<CapturedCall, 'url'>) => url.endsWith('/ack');
const events = () => bench.aws.firehose.captured().filter((call) => !isPoll(call));
/** Answers events, and leaves acknowledgments to the one that comes by default. */
const answerEvents = (answer: (call: CapturedCall) => CapturedAnswer | undefined) =>
  bench.aws.firehose.answer('hec.example.com', (call) => (isPoll(call) ? undefined : answer(call)));

test('records go to the collector in one request, and are asked after on its channel until they are acknowledged', async () => {
  await stream();
  let polls = 0;
  bench.aws.firehose.answer('hec.example.com', (call) => {
    if (!isPoll(call)) return { body: { text: 'Success', code: 0, ackId: 7 } };
    polls += 1;
    return { body: { acks: { 7: polls === 3 } } };
  });
  await bench.put('logs', 'one\n');
  await bench.put('logs', 'two\n');
  await bench.aws.clock.advance(2 * minute);
  const [event, ...asked] = bench.aws.firehose.captured('logs');
  const channel = event?.headers['X-Splunk-Request-Channel'];
  expect(channel).toMatch(/^[\da-f-]{36}$/);
  expect(event).toMatchObject({
    destination: 'splunk',
    url: `${endpoint}/services/collector/raw`,
    headers: { Authorization: 'Splunk token-1' },
    body: 'one\ntwo\n',
  });
  expect(asked).toHaveLength(3);
  expect(asked[0]).toMatchObject({
    url: `${endpoint}/services/collector/ack`,
    headers: { Authorization: 'Splunk token-1', 'X-Splunk-Request-Channel': channel },
    body: '{"acks":[7]}',
    time: (event?.time ?? 0) + 10_000,
  });
  expect(await bench.objects()).toEqual([]);
  expect(await bench.metric('logs', 'DeliveryToSplunk.Records')).toBe(2);
  expect(await bench.metric('logs', 'DeliveryToSplunk.DataAckLatency')).toBe(30);
});

test('an acknowledgment that is lost: the same events are sent again, as on AWS', async () => {
  await stream({ HECAcknowledgmentTimeoutInSeconds: 180 });
  let lost = true;
  bench.aws.firehose.answer('hec.example.com', (call) =>
    isPoll(call) && lost ? 'connection reset' : undefined,
  );
  await bench.put('logs', 'one');
  await bench.aws.clock.advance(minute + 180_000);
  expect(events()).toHaveLength(1);
  lost = false;
  await bench.aws.clock.advance(hour);
  expect(events().map(({ body }) => body)).toEqual(['one', 'one']);
  expect(await bench.objects()).toEqual([]);
});

test('a collector that is down for two hours: tried again for as long, then everything is in the backup', async () => {
  await stream({ RetryOptions: { DurationInSeconds: 7200 } });
  bench.aws.firehose.answer('hec.example.com', () => 'connection refused');
  const arrival = bench.aws.clock.now();
  const { RecordId } = await bench.put('logs', 'one');
  await bench.aws.clock.advance(minute + 2 * hour - 1);
  expect(await failures()).toEqual([]);
  await bench.aws.clock.advance(1 + minute);
  expect(await failures()).toEqual([
    {
      attemptsMade: events().length,
      arrivalTimestamp: arrival,
      errorCode: 'Splunk.InvalidEndpoint',
      errorMessage: expect.stringContaining('Could not connect to the HEC endpoint.'),
      attemptEndingTimestamp: arrival + minute + 2 * hour,
      rawData: Buffer.from('one').toString('base64'),
      EventId: `${RecordId}.0`,
    },
  ]);
  expect(await bench.metric('logs', 'DeliveryToSplunk.Success', 'Maximum')).toBe(0);
});

test('an acknowledgment that does not come in time is backed up, once there is no time for another attempt', async () => {
  await stream({
    HECAcknowledgmentTimeoutInSeconds: 180,
    RetryOptions: { DurationInSeconds: 0 },
  });
  bench.aws.firehose.answer('hec.example.com', (call) =>
    isPoll(call) ? { body: { acks: { 1: false } } } : undefined,
  );
  await bench.put('logs', 'one');
  await bench.aws.clock.advance(5 * minute);
  expect(await failures()).toMatchObject([{ attemptsMade: 1, errorCode: 'Splunk.AckTimeout' }]);
});

test.each<readonly [string, CapturedAnswer, string]>([
  [
    'a token that is turned off',
    { status: 403, body: { text: 'Token disabled', code: 1 } },
    'Splunk.DisabledToken',
  ],
  [
    'a token that is unknown',
    { status: 403, body: { text: 'Invalid token', code: 4 } },
    'Splunk.InvalidToken',
  ],
  ['no token, without a word', { status: 401 }, 'Splunk.InvalidToken'],
  [
    'data in another form',
    { status: 400, body: { text: 'Invalid data format', code: 6 } },
    'Splunk.InvalidDataFormat',
  ],
  [
    'an index that is not there',
    { status: 400, body: { text: 'Incorrect index', code: 7 } },
    'Splunk.InvalidIndex',
  ],
  [
    'a server that is busy',
    { status: 503, body: { text: 'Server is busy', code: 9 } },
    'Splunk.ServerError',
  ],
  [
    'acknowledgments that are turned off',
    { status: 400, body: { text: 'ACK is disabled', code: 14 } },
    'Splunk.DisabledAck',
  ],
  ['no id to ask after', { body: { text: 'Success', code: 0 } }, 'Splunk.DisabledAck'],
  ['a page instead of JSON', { status: 502, body: '<html>' }, 'Splunk.ServerError'],
  ['a connection that breaks', 'connection reset', 'Splunk.ConnectionClosed'],
  ['no answer', 'no answer', 'Splunk.ConnectionTimeout'],
])('%s has its own error', async (_what, answer, errorCode) => {
  await stream({ RetryOptions: { DurationInSeconds: 0 } });
  answerEvents(() => answer);
  await bench.put('logs', 'one');
  await bench.aws.clock.advance(10 * minute);
  expect(await failures()).toMatchObject([{ attemptsMade: 1, errorCode }]);
});

test('events go to a server of one’s own, with a token out of Secrets Manager, and copies of all to the bucket', async () => {
  const server = await EndpointServer.start(({ path }) => ({
    body: JSON.stringify(path.endsWith('/ack') ? { acks: { 0: true } } : { code: 0, ackId: 0 }),
  }));
  try {
    bench.aws.firehose.route('hec.example.com', server.url);
    const { ARN: SecretARN } = await bench.aws
      .client(SecretsManager)
      .createSecret({ Name: 'hec', SecretString: '{"hec_token":"token-2"}' });
    const RoleARN = await bench.role('secrets', ['secretsmanager:GetSecretValue'], SecretARN);
    await stream({
      HECEndpointType: 'Event',
      HECToken: undefined,
      SecretsManagerConfiguration: { Enabled: true, SecretARN, RoleARN },
      S3BackupMode: 'AllEvents',
    });
    await bench.put('logs', '{"event":"one"}');
    await bench.aws.clock.advance(2 * minute);
    expect(server.requests.map(({ path, body }) => [path, body])).toEqual([
      ['/services/collector/event', '{"event":"one"}'],
      ['/services/collector/ack', '{"acks":[0]}'],
    ]);
    expect(server.requests[0]?.headers.authorization).toBe('Splunk token-2');
    expect(await bench.texts('2')).toEqual(['{"event":"one"}']);
  } finally {
    await server.stop();
  }
});

test('it is described and updated', async () => {
  await stream();
  await bench.firehose.updateDestination({
    DeliveryStreamName: 'logs',
    DestinationId: 'destinationId-000000000001',
    CurrentDeliveryStreamVersionId: '1',
    SplunkDestinationUpdate: { HECToken: 'token-2', HECAcknowledgmentTimeoutInSeconds: 600 },
  });
  const { DeliveryStreamDescription } = await bench.firehose.describeDeliveryStream({
    DeliveryStreamName: 'logs',
  });
  expect(DeliveryStreamDescription?.Destinations?.[0]?.SplunkDestinationDescription).toEqual({
    BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 60 },
    CloudWatchLoggingOptions: { Enabled: false },
    HECAcknowledgmentTimeoutInSeconds: 600,
    HECEndpoint: endpoint,
    HECEndpointType: 'Raw',
    HECToken: 'token-2',
    RetryOptions: { DurationInSeconds: 3600 },
    S3BackupMode: 'FailedEventsOnly',
    S3DestinationDescription: expect.objectContaining({ RoleARN: roleArn('delivery') }),
  });
});

test.each<readonly [string, Partial<SplunkDestinationConfiguration>, string]>([
  [
    'a buffer of more than 5 MiB',
    { BufferingHints: { SizeInMBs: 6, IntervalInSeconds: 60 } },
    "Value '6' at 'splunkDestinationConfiguration.bufferingHints.sizeInMBs'",
  ],
  [
    'a buffer for more than a minute',
    { BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 61 } },
    'Member must have value less than or equal to 60',
  ],
  [
    'less than three minutes for an acknowledgment',
    { HECAcknowledgmentTimeoutInSeconds: 179 },
    'Member must have value greater than or equal to 180',
  ],
  ['no token', { HECToken: undefined }, 'HECToken must be specified.'],
  [
    'a collector on another machine that is not routed',
    { HECEndpoint: 'https://other.example.com' },
    "firehoseEndpoints: { 'other.example.com'",
  ],
])('%s is refused', async (_what, changed, message) => {
  await expect(stream(changed)).rejects.toThrow(message);
});
