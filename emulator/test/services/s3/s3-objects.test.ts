import { createHash } from 'node:crypto';
import { S3 } from '@aws-sdk/client-s3';
import { Emulator } from '../../../src';
import type { ManualClock } from '../../../src/clock/clock';

const Bucket = 'orders';

let aws: Emulator<ManualClock>;
let s3: S3;

beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  s3 = aws.client(S3);
  await s3.createBucket({ Bucket });
});

afterEach(() => aws.stop());

const put = (Key: string, Body = Key, rest: object = {}) =>
  s3.putObject({ Bucket, Key, Body, ...rest });

async function read(Key: string, rest: object = {}): Promise<string | undefined> {
  const { Body: body } = await s3.getObject({ Bucket, Key, ...rest });
  return body?.transformToString();
}

describe('an object', () => {
  test('comes back as it was put', async () => {
    const answer = await put('2035/a b+ü.json', '{"id":1}', {
      ContentType: 'application/json',
      CacheControl: 'no-store',
      Metadata: { Source: 'shop' },
      Tagging: 'team=orders&stage=a%20b',
    });
    const etag = `"${createHash('md5').update('{"id":1}').digest('hex')}"`;
    expect(answer).toMatchObject({ ETag: etag, ServerSideEncryption: 'AES256' });
    const object = await s3.getObject({ Bucket, Key: '2035/a b+ü.json' });
    expect(await object.Body?.transformToString()).toBe('{"id":1}');
    expect(object).toMatchObject({
      ETag: etag,
      ContentLength: 8,
      ContentType: 'application/json',
      CacheControl: 'no-store',
      Metadata: { source: 'shop' },
      TagCount: 2,
      AcceptRanges: 'bytes',
      LastModified: new Date(aws.clock.now()),
    });
    const { TagSet: tags } = await s3.getObjectTagging({ Bucket, Key: '2035/a b+ü.json' });
    expect(tags).toEqual([
      { Key: 'team', Value: 'orders' },
      { Key: 'stage', Value: 'a b' },
    ]);
  });

  test('may be empty, and binary', async () => {
    await s3.putObject({ Bucket, Key: 'empty', Body: new Uint8Array() });
    expect(await read('empty')).toBe('');
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    await s3.putObject({ Bucket, Key: 'binary', Body: bytes });
    const { Body: body } = await s3.getObject({ Bucket, Key: 'binary' });
    expect(await body?.transformToByteArray()).toEqual(bytes);
  });

  test('belongs to the owner of its bucket, and is locked by nobody', async () => {
    await put('a');
    const Owner = { ID: '000000000000' };
    expect(await s3.getObjectAcl({ Bucket, Key: 'a' })).toMatchObject({
      Owner,
      Grants: [{ Grantee: { Type: 'CanonicalUser', ...Owner }, Permission: 'FULL_CONTROL' }],
    });
    await expect(s3.getObjectAcl({ Bucket, Key: 'none' })).rejects.toMatchObject({
      name: 'NoSuchKey',
    });
    for (const ask of [
      s3.getObjectRetention({ Bucket, Key: 'a' }),
      s3.getObjectLegalHold({ Bucket, Key: 'a' }),
    ])
      await expect(ask).rejects.toMatchObject({
        name: 'InvalidRequest',
        message: 'Bucket is missing Object Lock Configuration',
      });
  });

  test('that is not there answers NoSuchKey, and NotFound to a HEAD', async () => {
    await expect(read('none')).rejects.toMatchObject({
      name: 'NoSuchKey',
      message: 'The specified key does not exist.',
      $metadata: { httpStatusCode: 404 },
    });
    await expect(s3.headObject({ Bucket, Key: 'none' })).rejects.toMatchObject({
      name: 'NotFound',
    });
  });

  test.each([
    ['bytes=0-3', '0123', 'bytes 0-3/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
    ['bytes=5-99', '56789', 'bytes 5-9/10'],
  ])('is read in part with %s', async (Range, text, range) => {
    await put('digits', '0123456789');
    const answer = await s3.getObject({ Bucket, Key: 'digits', Range });
    expect(await answer.Body?.transformToString()).toBe(text);
    expect(answer.ContentRange).toBe(range);
    expect(answer.ContentLength).toBe(text.length);
    expect(answer.$metadata.httpStatusCode).toBe(206);
  });

  test('fails to be read beyond its end', async () => {
    await put('digits', '0123456789');
    await expect(read('digits', { Range: 'bytes=10-' })).rejects.toMatchObject({
      name: 'InvalidRange',
      $metadata: { httpStatusCode: 416 },
    });
  });

  test('is told its length by a HEAD', async () => {
    await put('digits', '0123456789');
    const answer = await s3.headObject({ Bucket, Key: 'digits' });
    expect(answer.ContentLength).toBe(10);
    expect(answer.ContentType).toBe('application/octet-stream');
  });
});

test('an object that curl puts without a signature is no form, though curl says so', async () => {
  const answer = await fetch(`${await aws.endpoint()}/${Bucket}/note`, {
    method: 'PUT',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'text',
  });
  expect(answer.status).toBe(200);
  expect(await read('note')).toBe('text');
});

test.each(['a%0d%0ab:c', '%E6%97%A5'])('a header of the answer is refused as %s', async (value) => {
  await put('note');
  const url = `${await aws.endpoint()}/${Bucket}/note?response-content-type=${value}`;
  const answer = await fetch(url);
  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain('<ArgumentName>response-content-type</ArgumentName>');
});

test('a document that is not there is missing by name', async () => {
  const answer = await fetch(`${await aws.endpoint()}/${Bucket}?delete`, { method: 'POST' });
  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain('<Code>MissingRequestBodyError</Code>');
});

describe('conditions', () => {
  test.each([
    ['IfNoneMatch with its ETag', (etag: string) => ({ IfNoneMatch: etag }), 304],
    ['IfMatch with another', () => ({ IfMatch: '"other"' }), 412],
    ['IfModifiedSince now', () => ({ IfModifiedSince: new Date(aws.clock.now()) }), 304],
    ['IfUnmodifiedSince before', () => ({ IfUnmodifiedSince: new Date(0) }), 412],
  ])('fail a read: %s', async (_what, condition, status) => {
    const { ETag: etag } = await put('a');
    await expect(read('a', condition(etag ?? ''))).rejects.toMatchObject({
      $metadata: { httpStatusCode: status },
    });
  });

  test('let a key be written once', async () => {
    await put('a', 'first', { IfNoneMatch: '*' });
    await expect(put('a', 'second', { IfNoneMatch: '*' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    });
    expect(await read('a')).toBe('first');
  });

  test('let an object be written only over the one that was read', async () => {
    const { ETag } = await put('a', 'first');
    await put('a', 'second', { IfMatch: ETag });
    await expect(put('a', 'third', { IfMatch: ETag })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    });
  });
});

describe('checksums', () => {
  const text = '123456789';
  test.each([
    ['CRC32', 'y/Q5Jg=='],
    ['CRC32C', '4waSgw=='],
    ['CRC64NVME', 'rosUhgp5mIg='],
    ['SHA1', '98O8HYCOBHMq32eZZczDTKeuNEE='],
    ['SHA256', 'FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU='],
  ] as const)('%s is computed, kept and given back', async (algorithm, value) => {
    const name = `Checksum${algorithm}`;
    const answer = await put('a', text, { [name]: value });
    expect(answer).toMatchObject({ [name]: value, ChecksumType: 'FULL_OBJECT' });
    const head = await s3.headObject({ Bucket, Key: 'a', ChecksumMode: 'ENABLED' });
    expect(head).toMatchObject({ [name]: value });
  });

  test('that are wrong fail the write', async () => {
    await expect(put('a', text, { ChecksumCRC32: 'AAAAAA==' })).rejects.toMatchObject({
      name: 'BadDigest',
      message: 'The CRC32 you specified did not match the calculated checksum.',
    });
    await expect(read('a')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });
});

describe('deletion', () => {
  test('of what is not there succeeds', async () => {
    await s3.deleteObject({ Bucket, Key: 'none' });
  });

  test('of several reports each', async () => {
    await put('a');
    await put('b');
    const answer = await s3.deleteObjects({
      Bucket,
      Delete: { Objects: [{ Key: 'a' }, { Key: 'none' }] },
    });
    expect(answer.Deleted?.map((one) => one.Key)).toEqual(['a', 'none']);
    expect((await s3.listObjectsV2({ Bucket })).KeyCount).toBe(1);
  });

  test.each([0, 1001])('of %d is malformed', async (length) => {
    const Objects = Array.from({ length }, (_, index) => ({ Key: String(index) }));
    await expect(s3.deleteObjects({ Bucket, Delete: { Objects } })).rejects.toMatchObject({
      name: 'MalformedXML',
    });
  });
});

describe('copies', () => {
  test('take metadata and tags along, or new ones', async () => {
    await put('a', 'text', { Metadata: { from: 'a' }, Tagging: 'k=v' });
    await s3.copyObject({ Bucket, Key: 'b', CopySource: `${Bucket}/a` });
    expect(await s3.headObject({ Bucket, Key: 'b' })).toMatchObject({
      Metadata: { from: 'a' },
      ETag: (await s3.headObject({ Bucket, Key: 'a' })).ETag,
    });
    await s3.copyObject({
      Bucket,
      Key: 'c',
      CopySource: `${Bucket}/a`,
      MetadataDirective: 'REPLACE',
      Metadata: { from: 'c' },
    });
    expect(await s3.headObject({ Bucket, Key: 'c' })).toMatchObject({ Metadata: { from: 'c' } });
    expect(await read('c')).toBe('text');
  });

  test('onto themselves without a change are refused', async () => {
    await put('a');
    const call = s3.copyObject({ Bucket, Key: 'a', CopySource: `${Bucket}/a` });
    await expect(call).rejects.toMatchObject({ name: 'InvalidRequest' });
  });
});

describe('encryption', () => {
  test('with a KMS key names the key, and fails without it', async () => {
    const answer = await put('a', 'text', { ServerSideEncryption: 'aws:kms' });
    expect(answer).toMatchObject({
      ServerSideEncryption: 'aws:kms',
      SSEKMSKeyId: expect.stringMatching(/^arn:aws:kms:us-east-1:000000000000:key\//),
    });
    const wrong = put('a', 'text', { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: 'alias/no' });
    await expect(wrong).rejects.toMatchObject({ name: 'KMS.NotFoundException' });
  });

  test.each([
    ['a storage class that must be restored', { StorageClass: 'GLACIER' }],
    ['a lock', { ObjectLockMode: 'GOVERNANCE' }],
    ['dual-layer encryption', { ServerSideEncryption: 'aws:kms:dsse' }],
  ])('and the rest: %s is refused by name', async (_what, rest) => {
    await expect(put('a', 'text', rest)).rejects.toMatchObject({ name: 'NotImplemented' });
  });
});

describe('multipart uploads', () => {
  const part = (letter: string, size = 5 * 1024 * 1024) => Buffer.alloc(size, letter);

  async function start(rest: object = {}): Promise<string> {
    const { UploadId: id } = await s3.createMultipartUpload({ Bucket, Key: 'big', ...rest });
    return id ?? '';
  }

  test('join their parts', async () => {
    const UploadId = await start({ ContentType: 'text/plain' });
    const bodies = [part('a'), part('b', 10)];
    const Parts = [];
    for (const [index, Body] of bodies.entries()) {
      const PartNumber = index + 1;
      const { ETag } = await s3.uploadPart({ Bucket, Key: 'big', UploadId, PartNumber, Body });
      Parts.push({ PartNumber, ETag });
    }
    const listed = await s3.listParts({ Bucket, Key: 'big', UploadId });
    expect(listed.Parts?.map((one) => one.Size)).toEqual([5 * 1024 * 1024, 10]);
    const answer = await s3.completeMultipartUpload({
      Bucket,
      Key: 'big',
      UploadId,
      MultipartUpload: { Parts },
    });
    const digests = bodies.map((body) => createHash('md5').update(body).digest());
    const etag = createHash('md5').update(Buffer.concat(digests)).digest('hex');
    expect(answer.ETag).toBe(`"${etag}-2"`);
    const head = await s3.headObject({ Bucket, Key: 'big', PartNumber: 2 });
    expect(head).toMatchObject({ PartsCount: 2, ContentLength: 10, ContentType: 'text/plain' });
    expect(await read('big', { PartNumber: 2 })).toBe('bbbbbbbbbb');
    expect((await s3.listMultipartUploads({ Bucket })).Uploads ?? []).toEqual([]);
  });

  test.each([
    ['a small part before the last', [1, 2], part('a', 10), 'EntityTooSmall'],
    ['parts in the wrong order', [2, 1], part('a'), 'InvalidPartOrder'],
    ['small parts in the wrong order', [2, 1], part('a', 10), 'InvalidPartOrder'],
    ['a part that never came', [1, 3], part('a'), 'InvalidPart'],
  ])('fail with %s', async (_what, numbers, Body, name) => {
    const UploadId = await start();
    for (const PartNumber of [1, 2])
      await s3.uploadPart({ Bucket, Key: 'big', UploadId, PartNumber, Body });
    const ETag = createHash('md5').update(Body).digest('hex');
    const Parts = numbers.map((PartNumber) => ({ PartNumber, ETag }));
    const MultipartUpload = { Parts };
    const call = s3.completeMultipartUpload({ Bucket, Key: 'big', UploadId, MultipartUpload });
    await expect(call).rejects.toMatchObject({ name });
  });

  test('end when they are aborted', async () => {
    const UploadId = await start();
    expect((await s3.listMultipartUploads({ Bucket })).Uploads).toHaveLength(1);
    await s3.abortMultipartUpload({ Bucket, Key: 'big', UploadId });
    const call = s3.uploadPart({ Bucket, Key: 'big', UploadId, PartNumber: 1, Body: 'x' });
    await expect(call).rejects.toMatchObject({ name: 'NoSuchUpload' });
  });
});
