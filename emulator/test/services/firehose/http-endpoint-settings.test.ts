import type { HttpEndpointDestinationConfiguration } from '@aws-sdk/client-firehose';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { createHttpStream, url } from './http-endpoint-support';
import { FirehoseBench, roleArn } from './support';

const minute = 60_000;

let bench: FirehoseBench;

beforeEach(async () => {
  bench = await FirehoseBench.start({ firehoseEndpoints: { 'intake.example.com': 'capture' } });
});

afterEach(() => bench.stop());

const stream = (changed?: Partial<HttpEndpointDestinationConfiguration>, name?: string) =>
  createHttpStream(bench, changed, name);

const failures = () => bench.failures('http-endpoint-failed/');

describe('an access key in Secrets Manager', () => {
  const SecretId = 'intake';
  let secretArn: string;
  beforeEach(async () => {
    const { ARN = '' } = await bench.aws
      .client(SecretsManager)
      .createSecret({ Name: SecretId, SecretString: '{"api_key":"first"}' });
    secretArn = ARN;
    await bench.role('secrets', ['secretsmanager:GetSecretValue']);
  });
  const secret = () => ({ Enabled: true, SecretARN: secretArn, RoleARN: roleArn('secrets') });
  const keys = () =>
    bench.aws.firehose.captured().map(({ headers }) => headers['X-Amz-Firehose-Access-Key']);

  test('is read for every attempt', async () => {
    await stream({ SecretsManagerConfiguration: secret() });
    bench.aws.firehose.answer('*', ({ headers }) =>
      headers['X-Amz-Firehose-Access-Key'] === 'second' ? undefined : { status: 401 },
    );
    await bench.put('clicks', 'one');
    await bench.aws.clock.advance(minute);
    const SecretString = '{"api_key":"second"}';
    await bench.aws.client(SecretsManager).putSecretValue({ SecretId, SecretString });
    await bench.aws.clock.advance(2000);
    expect(keys()).toEqual(['first', 'second']);
  });

  test('needs a role that may read it, and the form that Firehose asks for', async () => {
    await stream({ SecretsManagerConfiguration: secret(), RetryOptions: { DurationInSeconds: 0 } });
    await bench.grant('secrets', []);
    await bench.put('clicks', 'one');
    await bench.aws.clock.advance(2 * minute);
    await bench.grant('secrets', ['secretsmanager:GetSecretValue']);
    const SecretString = '{"key":"other"}';
    await bench.aws.client(SecretsManager).putSecretValue({ SecretId, SecretString });
    await bench.put('clicks', 'two');
    await bench.aws.clock.advance(2 * minute);
    expect(keys()).toEqual([]);
    expect(await failures()).toMatchObject([
      {
        errorCode: 'SecretsManager.AccessDeniedException',
        errorMessage: expect.stringContaining('secretsmanager:GetSecretValue'),
      },
      { errorCode: 'SecretsManager.InvalidSecret' },
    ]);
  });

  test('is no use beside one in the configuration', async () => {
    await expect(
      stream({
        EndpointConfiguration: { Url: url, AccessKey: 'mine' },
        SecretsManagerConfiguration: secret(),
      }),
    ).rejects.toMatchObject({ name: 'InvalidArgumentException' });
  });
});

test('an update leaves what it does not mention, the access key too, which no description shows', async () => {
  await stream({ EndpointConfiguration: { Url: url, AccessKey: 'key 1' } });
  await bench.firehose.updateDestination({
    DeliveryStreamName: 'clicks',
    DestinationId: 'destinationId-000000000001',
    CurrentDeliveryStreamVersionId: '1',
    HttpEndpointDestinationUpdate: {
      EndpointConfiguration: { Url: `${url}&v=2` },
      RequestConfiguration: { ContentEncoding: 'GZIP' },
      S3Update: { Prefix: 'backup/' },
    },
  });
  await bench.put('clicks', 'one');
  await bench.aws.clock.advance(minute);
  expect(bench.aws.firehose.captured()).toMatchObject([
    {
      url: `${url}&v=2`,
      headers: { 'X-Amz-Firehose-Access-Key': 'key 1', 'Content-Encoding': 'gzip' },
    },
  ]);
  const { DeliveryStreamDescription } = await bench.firehose.describeDeliveryStream({
    DeliveryStreamName: 'clicks',
  });
  expect(DeliveryStreamDescription?.Destinations?.[0]?.HttpEndpointDestinationDescription).toEqual({
    BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
    CloudWatchLoggingOptions: { Enabled: false },
    EndpointConfiguration: { Url: `${url}&v=2` },
    RequestConfiguration: { ContentEncoding: 'GZIP', CommonAttributes: [] },
    RetryOptions: { DurationInSeconds: 300 },
    S3BackupMode: 'FailedDataOnly',
    S3DestinationDescription: expect.objectContaining({ Prefix: 'backup/' }),
  });
});

test.each<readonly [string, Partial<HttpEndpointDestinationConfiguration>, string]>([
  [
    'HTTP',
    { EndpointConfiguration: { Url: 'http://intake.example.com' } },
    'Member must satisfy regular expression pattern: https://.*',
  ],
  [
    'a buffer of more than 64 MiB',
    { BufferingHints: { SizeInMBs: 65, IntervalInSeconds: 60 } },
    "Value '65' at 'httpEndpointDestinationConfiguration.bufferingHints.sizeInMBs'",
  ],
  [
    'a longer retry than two hours',
    { RetryOptions: { DurationInSeconds: 7201 } },
    "Value '7201' at 'httpEndpointDestinationConfiguration.retryOptions.durationInSeconds'",
  ],
  [
    'another backup mode',
    { S3BackupMode: 'FailedEventsOnly' as never },
    'Member must satisfy enum value set: [FailedDataOnly, AllData]',
  ],
])('%s is refused', async (_what, changed, message) => {
  await expect(stream(changed)).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining(message),
  });
});
