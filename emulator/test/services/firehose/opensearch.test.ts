import type {
  AmazonOpenSearchServerlessDestinationConfiguration,
  AmazonopensearchserviceDestinationConfiguration,
} from '@aws-sdk/client-firehose';
import {
  type IndexRotation,
  rotatedIndex,
} from '../../../src/services/firehose/opensearch/index-rotation';
import { EndpointServer } from './endpoint-server';
import { destination, FirehoseBench, roleArn, transition } from './support';

const domain = 'arn:aws:es:us-east-1:000000000000:domain/logs';
const minute = 60_000;
const hour = 60 * minute;

let bench: FirehoseBench;

beforeEach(async () => {
  bench = await FirehoseBench.start({ firehoseEndpoints: { '*': 'capture' } });
  await bench.role('search', ['es:ESHttpPost'], `${domain}/*`);
});

afterEach(() => bench.stop());

const common = () => ({
  RoleARN: roleArn('search'),
  IndexName: 'clicks',
  BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
  S3Configuration: destination(),
});

async function stream(
  changed: Partial<AmazonopensearchserviceDestinationConfiguration> = {},
): Promise<void> {
  await bench.firehose.createDeliveryStream({
    DeliveryStreamName: 'logs',
    AmazonopensearchserviceDestinationConfiguration: {
      ...common(),
      DomainARN: domain,
      ...changed,
    },
  });
  await bench.aws.clock.advance(transition);
}

const failures = () => bench.failures('AmazonOpenSearchService-failed/');

/** The lines of each bulk request. */
function bulks(): string[][] {
  return bench.aws.firehose.captured().map(({ body }) => body.trimEnd().split('\n'));
}

test('records are documents of a bulk request, in an index of the day, with ids of Firehose’s', async () => {
  await stream();
  const one = await bench.put('logs', '{"a":1}\n');
  const two = await bench.put('logs', '{"a":2}');
  const day = new Date(bench.aws.clock.now()).toISOString().slice(0, 10);
  await bench.aws.clock.advance(minute);
  const [call] = bench.aws.firehose.captured('logs');
  expect(call).toMatchObject({ destination: 'opensearch', method: 'POST' });
  expect(call?.url).toMatch(/^https:\/\/search-logs\.us-east-1\.es\.amazonaws\.com\/_bulk$/);
  expect(bulks()).toEqual([
    [
      `{"index":{"_index":"clicks-${day}","_id":"${one.RecordId}.0"}}`,
      '{"a":1}',
      `{"index":{"_index":"clicks-${day}","_id":"${two.RecordId}.0"}}`,
      '{"a":2}',
    ],
  ]);
  expect(await bench.objects()).toEqual([]);
  expect(await bench.metric('logs', 'DeliveryToAmazonOpenSearchService.Records')).toBe(2);
  expect(await bench.metric('logs', 'DeliveryToAmazonOpenSearchService.Success', 'Average')).toBe(
    1,
  );
});

test('ids may be left to the index, and documents have a type in old versions', async () => {
  await stream({
    DocumentIdOptions: { DefaultDocumentIdFormat: 'NO_DOCUMENT_ID' },
    IndexRotationPeriod: 'NoRotation',
    TypeName: 'click',
  });
  await bench.put('logs', '{}');
  await bench.aws.clock.advance(minute);
  expect(bulks()).toEqual([['{"index":{"_index":"clicks","_type":"click"}}', '{}']]);
});

// https://docs.aws.amazon.com/firehose/latest/dev/es-index-rotation.html
test.each<readonly [IndexRotation, string, string]>([
  ['NoRotation', '2016-02-25T13:00:00Z', 'myindex'],
  ['OneHour', '2016-02-25T13:00:00Z', 'myindex-2016-02-25-13'],
  ['OneDay', '2016-02-25T13:00:00Z', 'myindex-2016-02-25'],
  ['OneWeek', '2020-08-16T00:00:00Z', 'myindex-2020-w34'],
  ['OneWeek', '2020-08-15T23:59:59Z', 'myindex-2020-w33'],
  ['OneWeek', '2021-01-02T12:00:00Z', 'myindex-2021-w01'],
  ['OneWeek', '2020-12-27T00:00:00Z', 'myindex-2021-w01'],
  ['OneMonth', '2016-02-25T13:00:00Z', 'myindex-2016-02'],
])('with %s a document of %s goes to %s', (rotation, time, index) => {
  expect(rotatedIndex('myindex', rotation, Date.parse(time))).toBe(index);
});

test('what the index does not take is tried again every five minutes, alone, and then backed up', async () => {
  await stream({ IndexRotationPeriod: 'NoRotation', RetryOptions: { DurationInSeconds: 600 } });
  const error = { type: 'mapper_parsing_exception', reason: 'failed to parse field [a]' };
  let full = true;
  bench.aws.firehose.answer(domain, ({ body }) => ({
    body: {
      errors: true,
      items: body
        .trimEnd()
        .split('\n')
        .filter((_line, index) => index % 2 === 1)
        .map((line) => {
          if (line.includes('bad')) return { index: { status: 400, error } };
          if (line.includes('late') && full) return { index: { status: 429, error: {} } };
          return { index: { status: 201 } };
        }),
    },
  }));
  const arrival = bench.aws.clock.now();
  await bench.put('logs', '{"a":"good"}');
  const { RecordId } = await bench.put('logs', '{"a":"bad"}');
  await bench.put('logs', '{"a":"late"}');
  await bench.aws.clock.advance(minute);
  full = false;
  await bench.aws.clock.advance(12 * minute);
  expect(bulks().map((lines) => lines.filter((_line, index) => index % 2 === 1))).toEqual([
    ['{"a":"good"}', '{"a":"bad"}', '{"a":"late"}'],
    ['{"a":"bad"}', '{"a":"late"}'],
    ['{"a":"bad"}'],
  ]);
  expect(await failures()).toEqual([
    {
      attemptsMade: 3,
      arrivalTimestamp: arrival,
      errorCode: '400',
      errorMessage: JSON.stringify(error),
      attemptEndingTimestamp: arrival + 11 * minute,
      rawData: Buffer.from('{"a":"bad"}').toString('base64'),
      esDocumentId: `${RecordId}.0`,
      esIndexName: 'clicks',
      esTypeName: '',
    },
  ]);
  expect(await bench.metric('logs', 'DeliveryToAmazonOpenSearchService.Records')).toBe(2);
});

test('an index that is down for two hours: tried again for as long, then everything is in the backup', async () => {
  await stream({ RetryOptions: { DurationInSeconds: 7200 }, S3BackupMode: 'AllDocuments' });
  bench.aws.firehose.answer('*', () => 'connection refused');
  await bench.put('logs', '{"a":1}');
  await bench.aws.clock.advance(minute + 2 * hour - 1);
  expect(await failures()).toEqual([]);
  await bench.aws.clock.advance(1 + minute);
  expect(bench.aws.firehose.captured()).toHaveLength(25);
  expect(await failures()).toMatchObject([{ attemptsMade: 25, errorCode: 'OS.ServiceException' }]);
  expect(await bench.texts('2')).toEqual(['{"a":1}']);
});

test.each(['nonsense', '[1]', '{"a":\n1}', '{"a":'])(
  'a record such as %j, which no bulk request can hold, is backed up and harms no other',
  async (text) => {
    await stream({ RetryOptions: { DurationInSeconds: 0 }, IndexRotationPeriod: 'NoRotation' });
    await bench.put('logs', text);
    await bench.put('logs', '{"a":2}');
    await bench.aws.clock.advance(2 * minute);
    expect(bulks()).toEqual([[expect.any(String), '{"a":2}']]);
    expect(await failures()).toMatchObject([
      { errorCode: '400', rawData: Buffer.from(text).toString('base64') },
    ]);
  },
);

test('the role needs the right to post to the domain', async () => {
  await stream({ RetryOptions: { DurationInSeconds: 0 } });
  await bench.grant('search', []);
  await bench.put('logs', '{}');
  await bench.aws.clock.advance(2 * minute);
  expect(bench.aws.firehose.captured()).toEqual([]);
  expect(await failures()).toMatchObject([
    {
      errorCode: 'OS.AccessDenied',
      errorMessage: expect.stringContaining(`es:ESHttpPost on resource: ${domain}/_bulk`),
    },
  ]);
});

test('a server of one’s own takes the place of a domain', async () => {
  const server = await EndpointServer.start(() => ({
    body: JSON.stringify({ errors: false, items: [{ index: { status: 201 } }] }),
  }));
  try {
    bench.aws.firehose.route(domain, `${server.url}/search/`);
    await stream();
    await bench.put('logs', '{"a":1}');
    await bench.aws.clock.advance(minute);
    expect(server.requests.map(({ path, body }) => [path, body.split('\n')[1]])).toEqual([
      ['/search/_bulk', '{"a":1}'],
    ]);
  } finally {
    await server.stop();
  }
});

test('a collection of OpenSearch Serverless gets documents without ids, in one index', async () => {
  const configuration: AmazonOpenSearchServerlessDestinationConfiguration = {
    ...common(),
    CollectionEndpoint: 'https://abc123.us-east-1.aoss.amazonaws.com',
    RetryOptions: { DurationInSeconds: 0 },
  };
  await bench.firehose.createDeliveryStream({
    DeliveryStreamName: 'logs',
    AmazonOpenSearchServerlessDestinationConfiguration: configuration,
  });
  await bench.aws.clock.advance(transition);
  await bench.put('logs', '{"a":1}');
  await bench.aws.clock.advance(minute);
  expect(bench.aws.firehose.captured()[0]?.url).toBe(
    'https://abc123.us-east-1.aoss.amazonaws.com/_bulk',
  );
  expect(bulks()).toEqual([['{"index":{"_index":"clicks"}}', '{"a":1}']]);
  bench.aws.firehose.answer('*', () => ({ status: 503, body: 'busy' }));
  await bench.put('logs', '{"a":2}');
  await bench.aws.clock.advance(2 * minute);
  expect(await failures()).toMatchObject([
    { errorCode: '503', errorMessage: 'busy', osDocumentId: '', osIndexName: 'clicks' },
  ]);
  expect(await bench.metric('logs', 'DeliveryToAmazonOpenSearchServerless.Records')).toBe(1);
});

test('it is described and updated', async () => {
  await stream();
  await bench.firehose.updateDestination({
    DeliveryStreamName: 'logs',
    DestinationId: 'destinationId-000000000001',
    CurrentDeliveryStreamVersionId: '1',
    AmazonopensearchserviceDestinationUpdate: {
      IndexName: 'views',
      IndexRotationPeriod: 'OneHour',
    },
  });
  const { DeliveryStreamDescription } = await bench.firehose.describeDeliveryStream({
    DeliveryStreamName: 'logs',
  });
  expect(
    DeliveryStreamDescription?.Destinations?.[0]?.AmazonopensearchserviceDestinationDescription,
  ).toMatchObject({
    DomainARN: domain,
    IndexName: 'views',
    IndexRotationPeriod: 'OneHour',
    RetryOptions: { DurationInSeconds: 300 },
    S3BackupMode: 'FailedDocumentsOnly',
  });
});

test.each<readonly [string, Partial<AmazonopensearchserviceDestinationConfiguration>, string]>([
  [
    'a domain and an endpoint',
    { ClusterEndpoint: 'https://search.example.com' },
    'Exactly one of DomainARN and ClusterEndpoint must be specified.',
  ],
  [
    'neither',
    { DomainARN: undefined },
    'Exactly one of DomainARN and ClusterEndpoint must be specified.',
  ],
  [
    'a buffer of more than 100 MiB',
    { BufferingHints: { SizeInMBs: 101, IntervalInSeconds: 60 } },
    'Member must have value less than or equal to 100',
  ],
  [
    'a VPC',
    {
      VpcConfiguration: {
        RoleARN: roleArn('search'),
        SubnetIds: ['subnet-1'],
        SecurityGroupIds: ['sg-1'],
      },
    },
    'VpcConfiguration',
  ],
])('%s is refused', async (_what, changed, message) => {
  await expect(stream(changed)).rejects.toThrow(message);
});
