import { S3 } from '@aws-sdk/client-s3';
import { bucket, FirehoseBench } from './support';

let bench: FirehoseBench;
beforeEach(async () => {
  bench = await FirehoseBench.start();
});
afterEach(() => bench.stop());

type Processor = readonly [type: string, parameters: Readonly<Record<string, string>>];

function partitioned(Prefix: string, ...processors: readonly Processor[]) {
  return {
    Prefix,
    ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/',
    BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 },
    DynamicPartitioningConfiguration: { Enabled: true },
    ProcessingConfiguration: {
      Enabled: true,
      Processors: processors.map(([Type, parameters]) => ({
        Type,
        Parameters: Object.entries(parameters).map(([ParameterName, ParameterValue]) => ({
          ParameterName,
          ParameterValue,
        })),
      })),
    },
  } as Parameters<FirehoseBench['stream']>[1];
}

const byCustomer = (query: string): Processor => [
  'MetadataExtraction',
  { MetadataExtractionQuery: query, JsonParsingEngine: 'JQ-1.6' },
];
const lines: Processor = ['AppendDelimiterToRecord', { Delimiter: '\\n' }];

test('records are delivered by what JQ finds in them, others are failures', async () => {
  await bench.stream(
    'clicks',
    partitioned(
      'customer=!{partitionKeyFromQuery:customer}/year=!{partitionKeyFromQuery:year}/',
      byCustomer('{customer: .customer.id, year: (.at | strftime("%Y"))}'),
      lines,
    ),
  );
  const texts = [
    '{"customer":{"id":"a"},"at":1565382027}',
    '{"customer":{"id":"b"},"at":1565382027}',
    '{"customer":{"id":"a"},"at":1565382028}',
    '{"customer":{"id":"a"},"at":0}',
    'no JSON',
    '{"customer":{"id":""},"at":0}',
    '{"customer":{"id":"c"},"at":"never"}',
  ];
  for (const text of texts) await bench.put('clicks', text);
  await bench.aws.clock.advance(60_000);
  const objects = await bench.objects('customer=');
  expect(
    objects.map(({ key, bytes }) => [key.replace(/clicks-1.*/, ''), bytes.toString()]),
  ).toEqual([
    ['customer=a/year=1970/', `${texts[3]}\n`],
    ['customer=a/year=2019/', `${texts[0]}\n${texts[2]}\n`],
    ['customer=b/year=2019/', `${texts[1]}\n`],
  ]);
  const [failures = ''] = await bench.texts('errors/processing-failed/');
  const documents = failures
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(documents.map(({ errorCode }) => errorCode)).toEqual(
    Array(3).fill('DynamicPartitioning.MetadataExtractionFailed'),
  );
  expect(documents.map(({ rawData }) => Buffer.from(rawData, 'base64').toString()).sort()).toEqual(
    texts.slice(4).sort(),
  );
});

test('records that hold several are taken apart first', async () => {
  await bench.stream(
    'clicks',
    partitioned(
      '!{partitionKeyFromQuery:k}/',
      ['RecordDeAggregation', { SubRecordType: 'JSON' }],
      byCustomer('{k: .k}'),
      lines,
    ),
  );
  await bench.put('clicks', '{"k":"a","t":"}{"}{"k":"b"}\n{"k":"a"}');
  await bench.put('clicks', '[{"k":"a"}]');
  await bench.aws.clock.advance(60_000);
  expect(await bench.texts('a/')).toEqual(['{"k":"a","t":"}{"}\n{"k":"a"}\n']);
  expect(await bench.texts('b/')).toEqual(['{"k":"b"}\n']);
  expect(await bench.texts('errors/')).toHaveLength(1);
});

test('records with a delimiter', async () => {
  await bench.stream(
    'clicks',
    partitioned(
      '!{partitionKeyFromQuery:k}/',
      [
        'RecordDeAggregation',
        { SubRecordType: 'DELIMITED', Delimiter: Buffer.from('####').toString('base64') },
      ],
      byCustomer('{k: .}'),
    ),
  );
  await bench.put('clicks', '"a"####"b"####"a"');
  await bench.aws.clock.advance(60_000);
  expect(await bench.texts('a/')).toEqual(['"a""a"']);
  expect(await bench.texts('b/')).toEqual(['"b"']);
});

test('a key that makes the prefix too long is a failure, and holds up nothing', async () => {
  await bench.stream('clicks', partitioned('!{partitionKeyFromQuery:k}/', byCustomer('{k: .}')));
  await bench.put('clicks', JSON.stringify('x'.repeat(512)));
  await bench.put('clicks', '"short"');
  await bench.aws.clock.advance(60_000);
  expect(await bench.texts('short/')).toEqual(['"short"']);
  const [failure = ''] = await bench.texts('errors/');
  expect(JSON.parse(failure).errorMessage).toContain('512 characters');
});

test('500 partitions are active at a time, and no more', async () => {
  await bench.stream('clicks', partitioned('!{partitionKeyFromQuery:k}/', byCustomer('{k: .}')));
  const put = (from: number, count: number) =>
    bench.firehose.putRecordBatch({
      DeliveryStreamName: 'clicks',
      Records: Array.from({ length: count }, (_, index) => ({
        Data: Buffer.from(`"k${from + index}"`),
      })),
    });
  await put(0, 500);
  await put(499, 2);
  await bench.aws.clock.advance(60_000);
  const { KeyCount } = await bench.aws.client(S3).listObjectsV2({ Bucket: bucket });
  expect(KeyCount).toBe(501);
  const [failure = ''] = await bench.texts('errors/');
  expect(JSON.parse(failure)).toMatchObject({
    errorCode: 'DynamicPartitioning.ActivePartitionLimitExceeded',
    rawData: Buffer.from('"k500"').toString('base64'),
  });
  // The buffers are empty again.
  await put(500, 1);
  await bench.aws.clock.advance(60_000);
  expect(await bench.texts('k500/')).toEqual(['"k500"']);
});

test.each([
  [
    'a prefix without keys',
    partitioned('plain/', byCustomer('{k: .k}')),
    'at least one partition key',
  ],
  [
    'a malformed query',
    partitioned('!{partitionKeyFromQuery:k}/', byCustomer('{k:')),
    'not a valid JQ expression',
  ],
  [
    'a small buffer',
    {
      ...partitioned('!{partitionKeyFromQuery:k}/', byCustomer('{k: .k}')),
      BufferingHints: { SizeInMBs: 63, IntervalInSeconds: 60 },
    },
    'at least 64',
  ],
  [
    'another engine',
    partitioned('!{partitionKeyFromQuery:k}/', [
      'MetadataExtraction',
      { MetadataExtractionQuery: '{}', JsonParsingEngine: 'JQ-1.7' },
    ]),
    'JsonParsingEngine JQ-1.7',
  ],
  [
    'six processors',
    partitioned('!{partitionKeyFromQuery:k}/', ...Array(6).fill(lines)),
    'must not exceed 5',
  ],
])('%s is refused', async (_what, settings, message) => {
  await expect(bench.stream('clicks', settings)).rejects.toMatchObject({
    name: 'InvalidArgumentException',
    message: expect.stringContaining(message),
  });
});
