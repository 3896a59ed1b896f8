import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import type { RedshiftDestinationConfiguration } from '@aws-sdk/client-firehose';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { bucket, destination, FirehoseBench, roleArn, transition } from './support';

const url = 'jdbc:redshift://shop.abc123.us-east-1.redshift.amazonaws.com:5439/dev';
const minute = 60_000;
const hour = 60 * minute;

let bench: FirehoseBench;

beforeEach(async () => {
  bench = await FirehoseBench.start({ firehoseEndpoints: { [url]: 'capture' } });
});

afterEach(() => bench.stop());

async function stream(changed: Partial<RedshiftDestinationConfiguration> = {}): Promise<void> {
  await bench.firehose.createDeliveryStream({
    DeliveryStreamName: 'orders',
    RedshiftDestinationConfiguration: {
      RoleARN: roleArn('delivery'),
      ClusterJDBCURL: url,
      CopyCommand: {
        DataTableName: 'public.orders',
        DataTableColumns: 'id,price',
        CopyOptions: "JSON 'auto'",
      },
      Username: 'loader',
      Password: 'secret-1',
      S3Configuration: destination({ Prefix: 'data/' }),
      ...changed,
    },
  });
  await bench.aws.clock.advance(transition);
}

/** The texts of the objects that a statement loads, as Redshift would find them. */
async function loaded(statement: string): Promise<string[]> {
  const [, key = ''] = new RegExp(`FROM 's3://${bucket}/([^']+)'`).exec(statement) ?? [];
  const [text = '{}'] = await bench.texts(key);
  const { entries }: { entries: { url: string; mandatory: boolean }[] } = JSON.parse(text);
  const objects = entries.map(({ url: object }) => object.replace(`s3://${bucket}/`, ''));
  return (await Promise.all(objects.map((object) => bench.texts(object)))).flat();
}

test('records are written to the bucket and loaded by COPY with a manifest', async () => {
  await stream();
  await bench.put('orders', '{"id":1}');
  await bench.put('orders', '{"id":2}');
  await bench.aws.clock.advance(minute);
  const [call, ...others] = bench.aws.firehose.captured('orders');
  expect(others).toEqual([]);
  expect(call).toMatchObject({
    destination: 'redshift',
    method: 'COPY',
    url,
    headers: { 'X-Redshift-User': 'loader' },
  });
  expect(call?.body).toMatch(
    new RegExp(
      `^COPY public\\.orders \\(id,price\\) FROM 's3://archive/manifests/\\d{4}/\\d\\d/\\d\\d/\\d\\d/orders-1-[^']+' CREDENTIALS 'aws_iam_role=${roleArn('delivery')}' MANIFEST JSON 'auto';$`,
    ),
  );
  expect(await loaded(call?.body ?? '')).toEqual(['{"id":1}{"id":2}']);
  expect(await bench.metric('orders', 'DeliveryToRedshift.Records')).toBe(2);
  expect(await bench.metric('orders', 'DeliveryToRedshift.Success')).toBe(1);
  expect(await bench.metric('orders', 'DeliveryToS3.Records')).toBe(2);
});

test('objects that come while a statement is tried are loaded together by the next', async () => {
  await stream({ RetryOptions: { DurationInSeconds: 7200 } });
  let down = true;
  bench.aws.firehose.answer('*', () => (down ? 'connection refused' : undefined));
  for (const text of ['one', 'two', 'three']) {
    await bench.put('orders', text);
    await bench.aws.clock.advance(minute);
  }
  expect(await bench.texts('data/')).toHaveLength(3);
  down = false;
  await bench.aws.clock.advance(5 * minute);
  const statements = [...new Set(bench.aws.firehose.captured().map(({ body }) => body))];
  expect(await Promise.all(statements.map(loaded))).toEqual([['one'], ['two', 'three']]);
});

test('a cluster that is down for two hours: tried every five minutes, then the manifest is among the errors, and the objects stay', async () => {
  const logs = bench.aws.client(CloudWatchLogs);
  await logs.createLogGroup({ logGroupName: 'firehose' });
  await logs.createLogStream({ logGroupName: 'firehose', logStreamName: 'Redshift' });
  await stream({
    RetryOptions: { DurationInSeconds: 7200 },
    CloudWatchLoggingOptions: {
      Enabled: true,
      LogGroupName: 'firehose',
      LogStreamName: 'Redshift',
    },
  });
  bench.aws.firehose.answer('*', () => ({
    status: 400,
    body: { errorCode: 'Redshift.TableNotFound', errorMessage: 'The table was not found.' },
  }));
  await bench.put('orders', 'one');
  await bench.aws.clock.advance(minute + 2 * hour - 1);
  expect(await bench.objects('errors/')).toEqual([]);
  await bench.aws.clock.advance(1);
  expect(bench.aws.firehose.captured()).toHaveLength(25);
  const [failed] = await bench.objects('errors/');
  expect(failed?.key).toMatch(/^errors\/manifests\/\d{4}\//);
  const [object] = await bench.objects('data/');
  expect(JSON.parse(failed?.bytes.toString() ?? '')).toEqual({
    entries: [{ url: `s3://${bucket}/${object?.key}`, mandatory: true }],
  });
  expect(object?.bytes.toString()).toBe('one');
  const { events = [] } = await logs.getLogEvents({
    logGroupName: 'firehose',
    logStreamName: 'Redshift',
  });
  expect(events).toHaveLength(25);
  expect(JSON.parse(events[0]?.message ?? '')).toMatchObject({
    destination: url,
    errorCode: 'Redshift.TableNotFound',
    message: 'The table was not found.',
  });
});

test('user and password may be in Secrets Manager, and records are copied to another place as they come', async () => {
  const { ARN: SecretARN } = await bench.aws.client(SecretsManager).createSecret({
    Name: 'redshift',
    SecretString: '{"username":"owner","password":"secret-2"}',
  });
  await bench.grant('delivery', ['s3:PutObject', 'secretsmanager:GetSecretValue']);
  await stream({
    Username: undefined,
    Password: undefined,
    SecretsManagerConfiguration: { Enabled: true, SecretARN },
    S3BackupMode: 'Enabled',
    S3BackupConfiguration: destination({ Prefix: 'source/' }),
  });
  await bench.put('orders', 'one');
  await bench.aws.clock.advance(minute);
  expect(bench.aws.firehose.captured()[0]?.headers).toEqual({ 'X-Redshift-User': 'owner' });
  expect(await bench.texts('source/')).toEqual(['one']);
});

test('it is described without the password, and updated', async () => {
  await stream();
  await bench.firehose.updateDestination({
    DeliveryStreamName: 'orders',
    DestinationId: 'destinationId-000000000001',
    CurrentDeliveryStreamVersionId: '1',
    RedshiftDestinationUpdate: { CopyCommand: { DataTableName: 'views' } },
  });
  const { DeliveryStreamDescription } = await bench.firehose.describeDeliveryStream({
    DeliveryStreamName: 'orders',
  });
  expect(DeliveryStreamDescription?.Destinations?.[0]?.RedshiftDestinationDescription).toEqual({
    CloudWatchLoggingOptions: { Enabled: false },
    ClusterJDBCURL: url,
    CopyCommand: { DataTableName: 'views' },
    RetryOptions: { DurationInSeconds: 3600 },
    RoleARN: roleArn('delivery'),
    S3BackupMode: 'Disabled',
    S3DestinationDescription: expect.objectContaining({ Prefix: 'data/' }),
    Username: 'loader',
  });
});

test.each<readonly [string, Partial<RedshiftDestinationConfiguration>, string]>([
  [
    'a cluster that is not routed',
    { ClusterJDBCURL: url.replace('shop', 'other') },
    "firehoseEndpoints: { 'other.abc123.us-east-1.redshift.amazonaws.com'",
  ],
  [
    'another database',
    { ClusterJDBCURL: 'jdbc:mysql://localhost:3306/dev' },
    'Member must satisfy regular expression pattern: jdbc:(redshift|postgresql)://',
  ],
  ['no password', { Password: undefined }, 'Username and Password must be specified.'],
  [
    'compression that Redshift cannot load',
    { S3Configuration: destination({ CompressionFormat: 'ZIP' }) },
    'CompressionFormat ZIP is not supported',
  ],
])('%s is refused', async (_what, changed, message) => {
  await expect(stream(changed)).rejects.toThrow(message);
});
