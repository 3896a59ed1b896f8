import { gunzipSync } from 'node:zlib';
import { unzipSync } from 'fflate';
import { uncompress } from 'snappyjs';
import { bucket, destination, FirehoseBench } from './support';

let bench: FirehoseBench;
beforeEach(async () => {
  bench = await FirehoseBench.start();
});
afterEach(() => bench.stop());

/** Delivers a text, and gives back its object. */
async function delivered(text: string, settings: Parameters<FirehoseBench['stream']>[1]) {
  await bench.stream('clicks', settings);
  await bench.put('clicks', text);
  await bench.aws.clock.advance(60_000);
  const [object, ...others] = await bench.objects();
  expect(others).toEqual([]);
  if (!object) throw new Error('Nothing was delivered');
  return object;
}

const long = 'all work and no play makes Jack a dull boy\n'.repeat(20_000);

test('GZIP', async () => {
  const { bytes, key, contentEncoding } = await delivered(long, { CompressionFormat: 'GZIP' });
  expect(key).toMatch(/\.gz$/);
  expect(contentEncoding).toBe('gzip');
  expect(gunzipSync(bytes).toString()).toBe(long);
});

test('ZIP', async () => {
  const { bytes, key } = await delivered(long, { CompressionFormat: 'ZIP' });
  expect(key).toMatch(/\.zip$/);
  const [[name, content] = ['', Buffer.alloc(0)]] = Object.entries(unzipSync(bytes));
  expect(key).toContain(name);
  expect(Buffer.from(content).toString()).toBe(long);
});

test('Snappy, in its framing format', async () => {
  const { bytes, key } = await delivered(long, { CompressionFormat: 'Snappy' });
  expect(key).toMatch(/\.snappy$/);
  expect(bytes.subarray(0, 10).toString('hex')).toBe('ff060000734e61507059');
  const parts: Buffer[] = [];
  for (let at = 10; at < bytes.length; ) {
    const length = bytes.readUIntLE(at + 1, 3);
    expect(bytes[at]).toBe(0);
    parts.push(Buffer.from(uncompress(Uint8Array.from(bytes.subarray(at + 8, at + 4 + length)))));
    at += 4 + length;
  }
  expect(Buffer.concat(parts).toString()).toBe(long);
});

test('Snappy, as Hadoop reads it', async () => {
  const { bytes, key } = await delivered(long, { CompressionFormat: 'HADOOP_SNAPPY' });
  expect(key).toMatch(/\.hsnappy$/);
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const before = bytes.readUInt32BE(at);
    const after = bytes.readUInt32BE(at + 4);
    const part = uncompress(Uint8Array.from(bytes.subarray(at + 8, at + 8 + after)));
    expect(part).toHaveLength(before);
    parts.push(Buffer.from(part));
    at += 8 + after;
  }
  expect(Buffer.concat(parts).toString()).toBe(long);
});

test.each([
  ['raw/', /^raw\/2035\/01\/01\/00\/clicks-1-2035-01-01-00-00-10-/],
  ['raw', /^raw2035\/01\/01\/00\/clicks-1-/],
  ['year=!{timestamp:yyyy}/day=!{timestamp:dd}/', /^year=2035\/day=01\/clicks-1-/],
  ["!{timestamp:'y='yyyy'/m='MM}/", /^y=2035\/m=01\/clicks-1-/],
  ['!{timestamp:EEE, d MMM yy HH:mm:ss.SSS}/', /^Mon, 1 Jan 35 00:00:10\.000\/clicks-1-/],
  ['!{firehose:random-string}/', /^[0-9a-f]{8}-[0-9a-f]{2}\/2035\/01\/01\/00\/clicks-1-/],
])('prefix %s', async (Prefix, key) => {
  const object = await delivered('one', {
    Prefix,
    ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/',
  });
  expect(object.key).toMatch(key);
});

test('time zone and extension of its own', async () => {
  const object = await delivered('one', {
    Prefix: '!{timestamp:yyyy-MM-dd HH xxx VV}/',
    ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/',
    CustomTimeZone: 'Asia/Tokyo',
    FileExtension: '.json',
  });
  expect(object.key).toMatch(
    /^2035-01-01 09 \+09:00 Asia\/Tokyo\/clicks-1-2035-01-01-09-00-10-[0-9a-f-]{36}\.json$/,
  );
});

test.each([
  [{ Prefix: '!{timestamp:yyyy}/' }, 'ErrorOutputPrefix cannot be null or empty'],
  [{ Prefix: 'a!{b' }, 'incomplete expression'],
  [{ Prefix: '!{time:yyyy}/', ErrorOutputPrefix: 'e/' }, 'invalid expression: !{time:yyyy}'],
  [{ Prefix: "!{timestamp:yyyy'}/", ErrorOutputPrefix: 'e/' }, 'Invalid timestamp format'],
  [{ Prefix: '!{firehose:error-output-type}/', ErrorOutputPrefix: 'e/' }, 'cannot contain'],
  [{ ErrorOutputPrefix: '!{timestamp:yyyy}/' }, 'must include at least one instance of'],
  [{ Prefix: '!{partitionKeyFromQuery:a}/', ErrorOutputPrefix: 'e/' }, 'dynamic partitioning'],
  [{ Prefix: 'x'.repeat(503) }, 'must not be longer than 512 characters'],
  [{ BufferingHints: { SizeInMBs: 1 } }, 'Both SizeInMBs and IntervalInSeconds'],
  [{ CustomTimeZone: 'Mars/Base' }, 'Invalid CustomTimeZone'],
  [{ S3BackupMode: 'Enabled' as const }, 'S3BackupConfiguration must be specified'],
])('%j is refused', async (settings, message) => {
  await expect(bench.stream('clicks', settings)).rejects.toMatchObject({
    name: 'InvalidArgumentException',
    message: expect.stringContaining(message),
  });
  await expect(
    bench.firehose.describeDeliveryStream({ DeliveryStreamName: 'clicks' }),
  ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('a pattern letter that the emulator does not have is refused by name', async () => {
  await expect(
    bench.stream('clicks', { Prefix: '!{timestamp:yyyy n}/', ErrorOutputPrefix: 'e/' }),
  ).rejects.toThrow('the pattern letter n');
});

test('names are the same with the same seed, and others with another', async () => {
  const keysOf = async (seed: number) => {
    const one = await FirehoseBench.start({ seed });
    await one.stream('clicks');
    await one.put('clicks', 'one');
    await one.aws.clock.advance(60_000);
    const keys = (await one.objects()).map(({ key }) => key);
    await one.stop();
    return keys;
  };
  const first = await keysOf(1);
  expect(await keysOf(1)).toEqual(first);
  expect(await keysOf(2)).not.toEqual(first);
});

test('an S3 destination of the old kind', async () => {
  await bench.firehose.createDeliveryStream({
    DeliveryStreamName: 'old',
    S3DestinationConfiguration: destination(),
  });
  await bench.aws.clock.advance(10_000);
  await bench.put('old', 'one');
  await bench.aws.clock.advance(60_000);
  expect(await bench.texts()).toEqual(['one']);
  const { DeliveryStreamDescription } = await bench.firehose.describeDeliveryStream({
    DeliveryStreamName: 'old',
  });
  expect(DeliveryStreamDescription?.Destinations).toEqual([
    {
      DestinationId: 'destinationId-000000000001',
      S3DestinationDescription: expect.objectContaining({
        BucketARN: `arn:aws:s3:::${bucket}`,
        CompressionFormat: 'UNCOMPRESSED',
        EncryptionConfiguration: { NoEncryptionConfig: 'NoEncryption' },
      }),
    },
  ]);
});
