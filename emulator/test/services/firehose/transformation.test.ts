import { gunzipSync } from 'node:zlib';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { Lambda } from '@aws-sdk/client-lambda';
import { zipSync } from 'fflate';
import { FirehoseBench, roleArn, streamArn } from './support';

const functionName = 'transform';
const functionArn = `arn:aws:lambda:us-east-1:000000000000:function:${functionName}`;

let bench: FirehoseBench;
beforeEach(async () => {
  bench = await FirehoseBench.start();
});
afterEach(() => bench.stop());

/** Makes the function that transforms, and gives the delivery stream's role what it needs. */
async function transform(body: string): Promise<void> {
  await bench.role('function', ['logs:*'], '*', 'lambda.amazonaws.com');
  await bench.grant('delivery', ['s3:PutObject', 'lambda:InvokeFunction', 'logs:PutLogEvents']);
  await bench.aws.client(Lambda).createFunction({
    FunctionName: functionName,
    Runtime: 'nodejs20.x',
    Handler: 'index.handler',
    Role: roleArn('function'),
    Timeout: 3,
    Code: { ZipFile: zipSync({ 'index.js': Buffer.from(`exports.handler = ${body};`) }) },
  });
}

const upperCase = `async ({ records }) => ({
  records: records.map(({ recordId, data }) => {
    const text = Buffer.from(data, 'base64').toString();
    const result = text.startsWith('bad') ? 'ProcessingFailed' : text.startsWith('drop') ? 'Dropped' : 'Ok';
    return { recordId, result, data: Buffer.from(text.toUpperCase()).toString('base64') };
  }),
})`;

function processing(parameters: Readonly<Record<string, string>> = {}) {
  return {
    ErrorOutputPrefix: 'errors/',
    ProcessingConfiguration: {
      Enabled: true,
      Processors: [
        {
          Type: 'Lambda' as const,
          Parameters: Object.entries({ LambdaArn: functionArn, ...parameters }).map(
            ([ParameterName, ParameterValue]) => ({ ParameterName, ParameterValue }),
          ),
        },
      ],
    },
  } as Parameters<FirehoseBench['stream']>[1];
}

test('records come out as the function returns them: transformed, dropped, or in the error output', async () => {
  await transform(upperCase);
  await bench.stream('clicks', processing({ BufferIntervalInSeconds: '10' }));
  const arrival = bench.aws.clock.now();
  for (const text of ['one,', 'drop me', 'bad one', 'two,']) await bench.put('clicks', text);
  await bench.aws.clock.advance(70_000);
  const [failures, delivered, ...others] = (await bench.objects()).sort((a, b) =>
    a.key < b.key ? 1 : -1,
  );
  expect(others).toEqual([]);
  expect(delivered?.bytes.toString()).toBe('ONE,TWO,');
  expect(failures?.key).toMatch(/^errors\/processing-failed\/\d{4}\/\d\d\/\d\d\/\d\d\/clicks-1-/);
  const line = failures?.bytes.toString() ?? '';
  expect(line.endsWith('\n')).toBe(true);
  expect(JSON.parse(line)).toEqual({
    attemptsMade: 1,
    arrivalTimestamp: arrival,
    errorCode: 'Lambda.ProcessingFailedStatus',
    errorMessage: 'ProcessingFailed status set for record',
    attemptEndingTimestamp: arrival + 10_000,
    rawData: Buffer.from('bad one').toString('base64'),
    lambdaArn: functionArn,
  });
});

test('a function is given what AWS gives it', async () => {
  await transform(`async (event) => ({
    records: event.records.map(({ recordId }) => ({
      recordId, result: 'Ok', data: Buffer.from(JSON.stringify(event)).toString('base64'),
    })),
  })`);
  await bench.stream('clicks', processing({ BufferIntervalInSeconds: '0' }));
  const arrival = bench.aws.clock.now();
  const { RecordId } = await bench.put('clicks', 'one');
  await bench.aws.clock.advance(60_000);
  const [text = ''] = await bench.texts();
  expect(JSON.parse(text)).toEqual({
    invocationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    deliveryStreamArn: streamArn('clicks'),
    region: 'us-east-1',
    records: [
      {
        recordId: RecordId,
        approximateArrivalTimestamp: arrival,
        data: Buffer.from('one').toString('base64'),
      },
    ],
  });
});

test('a function that fails is called three times more; then its records are in the error output, and the log says why', async () => {
  await transform(`async () => { throw new Error('broken'); }`);
  const logs = bench.aws.client(CloudWatchLogs);
  const logGroupName = '/aws/kinesisfirehose/clicks';
  await logs.createLogGroup({ logGroupName });
  await logs.createLogStream({ logGroupName, logStreamName: 'S3Delivery' });
  await bench.stream('clicks', {
    ...processing({ BufferIntervalInSeconds: '0' }),
    CompressionFormat: 'GZIP',
    CloudWatchLoggingOptions: {
      Enabled: true,
      LogGroupName: logGroupName,
      LogStreamName: 'S3Delivery',
    },
  });
  await bench.put('clicks', 'one');
  await bench.aws.clock.advance(120_000);
  const [failures] = await bench.objects();
  expect(failures?.key).toMatch(/\.gz$/);
  expect(JSON.parse(gunzipSync(failures?.bytes ?? Buffer.alloc(0)).toString())).toMatchObject({
    attemptsMade: 4,
    errorCode: 'Lambda.FunctionError',
    errorMessage: 'The Lambda function was successfully invoked but it returned an error result.',
    rawData: Buffer.from('one').toString('base64'),
  });
  const { events = [] } = await logs.getLogEvents({ logGroupName, logStreamName: 'S3Delivery' });
  expect(events).toHaveLength(4);
  expect(JSON.parse(events[0]?.message ?? '')).toEqual({
    deliveryStreamARN: streamArn('clicks'),
    destination: 'arn:aws:s3:::archive',
    deliveryStreamVersionId: 1,
    message: 'The Lambda function was successfully invoked but it returned an error result.',
    errorCode: 'Lambda.FunctionError',
    processor: functionArn,
  });
});

test.each([
  ['nothing at all', `async () => undefined`, 'Lambda.JsonProcessingException'],
  ['no records', `async () => ({ records: [] })`, 'Lambda.MissingRecordId'],
  [
    'a record twice',
    `async ({ records: [r] }) => ({ records: [0, 1].map(() => ({ ...r, result: 'Ok' })) })`,
    'Lambda.DuplicatedRecordId',
  ],
  [
    'a result that there is not',
    `async ({ records: [r] }) => ({ records: [{ ...r, result: 'Fine' }] })`,
    'Lambda.JsonProcessingException',
  ],
  [
    'its answer too late',
    `() => new Promise((done) => setTimeout(done, 60_000))`,
    'Lambda.FunctionTimedOut',
  ],
])('a function that returns %s has failed', async (_what, body, errorCode) => {
  await transform(body);
  await bench.stream('clicks', processing({ BufferIntervalInSeconds: '0', NumberOfRetries: '0' }));
  await bench.put('clicks', 'one');
  await bench.aws.clock.advance(120_000);
  const [text = ''] = await bench.texts('errors/processing-failed/');
  expect(JSON.parse(text)).toMatchObject({ errorCode, attemptsMade: 1 });
});

test('a role that may not call the function', async () => {
  await transform(upperCase);
  await bench.grant('delivery', ['s3:PutObject']);
  await bench.stream('clicks', processing({ BufferIntervalInSeconds: '0' }));
  await bench.put('clicks', 'one');
  await bench.aws.clock.advance(1000);
  await bench.grant('delivery', ['s3:PutObject', 'lambda:InvokeFunction']);
  await bench.aws.clock.advance(120_000);
  expect(await bench.texts()).toEqual(['ONE']);
});
