import { S3 } from '@aws-sdk/client-s3';
import { Emulator } from '../../../src';
import type { ManualClock } from '../../../src/clock/clock';

const Bucket = 'orders';
const day = 24 * 60 * 60 * 1000;

let aws: Emulator<ManualClock>;
let s3: S3;

beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  s3 = aws.client(S3);
  await s3.createBucket({ Bucket });
});

afterEach(() => aws.stop());

const put = (Key: string, Body = Key) => s3.putObject({ Bucket, Key, Body });
const keysOf = (contents: { Key?: string }[] | undefined) => (contents ?? []).map((o) => o.Key);

describe('ListObjectsV2', () => {
  test('orders keys by their UTF-8 bytes', async () => {
    for (const key of ['b', 'a', 'Z', 'é', '\u{1f600}', '\u{ff5e}', 'a/b', 'a!']) await put(key);
    const { Contents: contents } = await s3.listObjectsV2({ Bucket });
    expect(keysOf(contents)).toEqual(['Z', 'a', 'a!', 'a/b', 'b', 'é', '\u{ff5e}', '\u{1f600}']);
  });

  test('rolls keys up at a delimiter', async () => {
    for (const key of ['2035/01/a', '2035/01/b', '2035/02/a', '2035/x', 'other']) await put(key);
    const answer = await s3.listObjectsV2({ Bucket, Prefix: '2035/', Delimiter: '/' });
    expect(answer.CommonPrefixes).toEqual([{ Prefix: '2035/01/' }, { Prefix: '2035/02/' }]);
    expect(keysOf(answer.Contents)).toEqual(['2035/x']);
    expect(answer.KeyCount).toBe(3);
  });

  test.each([1, 2, 3])('goes on where it stopped, %i entries a page', async (MaxKeys) => {
    for (const key of ['a', 'b/1', 'b/2', 'c', 'd/1']) await put(key);
    const entries: (string | undefined)[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await s3.listObjectsV2({ Bucket, Delimiter: '/', MaxKeys, ContinuationToken });
      expect(page.KeyCount).toBeLessThanOrEqual(MaxKeys);
      entries.push(...keysOf(page.Contents), ...(page.CommonPrefixes ?? []).map((p) => p.Prefix));
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    expect(entries.sort()).toEqual(['a', 'b/', 'c', 'd/']);
  });

  test('begins after a key', async () => {
    for (const key of ['a', 'b', 'c']) await put(key);
    const { Contents: contents } = await s3.listObjectsV2({ Bucket, StartAfter: 'a' });
    expect(keysOf(contents)).toEqual(['b', 'c']);
  });

  test('encodes keys where asked to', async () => {
    await put('a b/ü');
    const { Contents: contents } = await s3.listObjectsV2({ Bucket, EncodingType: 'url' });
    expect(keysOf(contents)).toEqual(['a+b/%C3%BC']);
  });

  test('shows sizes and ETags', async () => {
    const { ETag } = await put('a', 'four');
    const { Contents: contents } = await s3.listObjectsV2({ Bucket, Prefix: 'a', MaxKeys: 1 });
    expect(contents?.[0]).toMatchObject({ Key: 'a', Size: 4, ETag, StorageClass: 'STANDARD' });
  });
});

test('ListObjects goes on at a marker', async () => {
  for (const key of ['a', 'b', 'c']) await put(key);
  const first = await s3.listObjects({ Bucket, MaxKeys: 2 });
  expect(first.IsTruncated).toBe(true);
  const rest = await s3.listObjects({ Bucket, Marker: 'b' });
  expect(keysOf(rest.Contents)).toEqual(['c']);
});

describe('versions', () => {
  beforeEach(() =>
    s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }),
  );

  test('stay when they are overwritten or hidden', async () => {
    const first = await put('a', 'one');
    await put('a', 'two');
    const gone = await s3.deleteObject({ Bucket, Key: 'a' });
    expect(gone.DeleteMarker).toBe(true);
    await expect(s3.getObject({ Bucket, Key: 'a' })).rejects.toMatchObject({ name: 'NoSuchKey' });
    const old = await s3.getObject({ Bucket, Key: 'a', VersionId: first.VersionId });
    expect(await old.Body?.transformToString()).toBe('one');
    await s3.deleteObject({ Bucket, Key: 'a', VersionId: gone.VersionId });
    const current = await s3.getObject({ Bucket, Key: 'a' });
    expect(await current.Body?.transformToString()).toBe('two');
  });

  test('are listed newest first, page by page', async () => {
    for (const key of ['a', 'b']) for (const body of ['1', '2']) await put(key, body);
    await s3.deleteObject({ Bucket, Key: 'b' });
    const all = await s3.listObjectVersions({ Bucket });
    expect(all.Versions?.map((v) => [v.Key, v.IsLatest])).toEqual([
      ['a', true],
      ['a', false],
      ['b', false],
      ['b', false],
    ]);
    expect(all.DeleteMarkers?.map((v) => [v.Key, v.IsLatest])).toEqual([['b', true]]);

    const seen: (string | undefined)[] = [];
    let markers: { KeyMarker?: string; VersionIdMarker?: string } = {};
    for (let more = true; more; ) {
      const page = await s3.listObjectVersions({ Bucket, MaxKeys: 1, ...markers });
      seen.push(...[...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map((v) => v.Key));
      markers = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
      more = page.IsTruncated ?? false;
    }
    expect(seen).toEqual(['a', 'a', 'b', 'b', 'b']);
  });

  test('that are suspended replace only what has no version', async () => {
    const kept = await put('a', 'one');
    await s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: 'Suspended' } });
    await put('a', 'two');
    await put('a', 'three');
    const { Versions: versions } = await s3.listObjectVersions({ Bucket });
    expect(versions?.map((v) => v.VersionId)).toEqual(['null', kept.VersionId]);
  });

  test('keep a bucket from being deleted until the last is gone', async () => {
    await put('a');
    await s3.deleteObject({ Bucket, Key: 'a' });
    await expect(s3.deleteBucket({ Bucket })).rejects.toMatchObject({
      name: 'BucketNotEmpty',
      message:
        'The bucket you tried to delete is not empty. You must delete all versions in the bucket.',
    });
    const { Versions: versions = [], DeleteMarkers: markers = [] } = await s3.listObjectVersions({
      Bucket,
    });
    const Objects = [...versions, ...markers].map(({ Key, VersionId }) => ({ Key, VersionId }));
    await s3.deleteObjects({ Bucket, Delete: { Objects } });
    await s3.deleteBucket({ Bucket });
    expect(aws.leaks()).toEqual([]);
  });
});

describe('lifecycle rules', () => {
  const setRules = (...Rules: object[]) =>
    s3.putBucketLifecycleConfiguration({
      Bucket,
      LifecycleConfiguration: {
        Rules: Rules.map((rule) => ({ Status: 'Enabled' as const, ...rule })),
      },
    });

  test('expire objects at the midnight after their days', async () => {
    await setRules({ Filter: { Prefix: 'tmp/' }, Expiration: { Days: 2 } });
    await aws.clock.advance(day / 2);
    await put('tmp/a');
    await put('kept');
    await aws.clock.advance(2 * day);
    expect(keysOf((await s3.listObjectsV2({ Bucket })).Contents)).toEqual(['kept', 'tmp/a']);
    await aws.clock.advance(day / 2);
    expect(keysOf((await s3.listObjectsV2({ Bucket })).Contents)).toEqual(['kept']);
  });

  test('end versions that have been old for their days', async () => {
    await s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: 'Enabled' } });
    await setRules({ Filter: {}, NoncurrentVersionExpiration: { NoncurrentDays: 30 } });
    await put('a', 'one');
    await aws.clock.advance(60 * day);
    await put('a', 'two');
    await aws.clock.advance(29 * day);
    expect((await s3.listObjectVersions({ Bucket })).Versions).toHaveLength(2);
    await aws.clock.advance(2 * day);
    expect((await s3.listObjectVersions({ Bucket })).Versions).toHaveLength(1);
  });

  test('end uploads that were never completed', async () => {
    await setRules({ Filter: {}, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } });
    await s3.createMultipartUpload({ Bucket, Key: 'big' });
    await aws.clock.advance(2 * day);
    expect((await s3.listMultipartUploads({ Bucket })).Uploads ?? []).toEqual([]);
  });
});
