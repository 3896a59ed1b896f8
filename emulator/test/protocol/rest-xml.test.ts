import { Readable } from 'node:stream';
import * as s3 from '@aws-sdk/client-s3';
import type { Dispatcher } from '../../src/gateway/dispatcher';
import { InProcessTransport } from '../../src/gateway/in-process';
import { ServiceError } from '../../src/protocol/errors';
import type { WireRequest } from '../../src/protocol/message';
import { clientSettings, dispatcherOf, fakeService } from '../support/fake-service';

type S3Handlers = Parameters<typeof fakeService<typeof s3>>[2];

function objectStore(handlers: S3Handlers) {
  const { dispatcher } = dispatcherOf([fakeService('s3', s3, handlers)]);
  const client = new s3.S3({
    ...clientSettings,
    forcePathStyle: true,
    requestHandler: new InProcessTransport(dispatcher),
  });
  return { client, dispatcher };
}

async function sent(dispatcher: Dispatcher, request: Partial<WireRequest>) {
  return dispatcher.handle({
    method: 'GET',
    path: '/',
    query: '',
    headers: {},
    body: new Uint8Array(),
    origin: 'http://127.0.0.1:4566',
    signal: new AbortController().signal,
    ...request,
  });
}

describe('S3', () => {
  test('passes bodies, metadata and keys with every kind of character', async () => {
    const objects = new Map<string, { Body: Uint8Array; Metadata?: Record<string, string> }>();
    const { client } = objectStore({
      PutObject(input) {
        if (!(input.Body instanceof Uint8Array)) throw new Error('no body');
        const { Body, Metadata } = input;
        objects.set(`${input.Bucket}/${input.Key}`, { Body, Metadata });
        return { ETag: '"abc"' };
      },
      GetObject(input) {
        const found = objects.get(`${input.Bucket}/${input.Key}`);
        if (!found)
          throw new s3.NoSuchKey({ message: 'The specified key does not exist.', $metadata: {} });
        return {
          ...found,
          ContentType: 'text/plain',
          LastModified: new Date('2035-01-01T00:00:00Z'),
        };
      },
    });
    const address = { Bucket: 'my-bucket', Key: '/a b/ü+?&%/x/' };
    await expect(
      client.putObject({ ...address, Body: 'content', Metadata: { colour: 'red' } }),
    ).resolves.toMatchObject({ ETag: '"abc"' });
    const { Body, ...rest } = await client.getObject(address);
    expect(await Body?.transformToString()).toBe('content');
    expect(rest).toMatchObject({
      Metadata: { colour: 'red' },
      ContentType: 'text/plain',
      LastModified: new Date('2035-01-01T00:00:00Z'),
    });
    await expect(client.getObject({ ...address, Key: 'none' })).rejects.toMatchObject({
      name: 'NoSuchKey',
      $metadata: { httpStatusCode: 404 },
    });
  });

  test('decodes uploads of streams', async () => {
    const bodies: string[] = [];
    const { client } = objectStore({
      PutObject(input) {
        if (input.Body instanceof Uint8Array) bodies.push(Buffer.from(input.Body).toString());
        return {};
      },
    });
    const pieces = ['a'.repeat(70_000), 'b'.repeat(70_000)];
    await client.putObject({
      Bucket: 'b',
      Key: 'k',
      Body: Readable.from(
        pieces.map((piece) => Buffer.from(piece)),
        { objectMode: false },
      ),
      ContentLength: 140_000,
    });
    expect(bodies).toEqual([pieces.join('')]);
  });

  test('streams what a handler yields', async () => {
    const { client } = objectStore({
      GetObject: () => ({
        Body: (async function* () {
          yield Buffer.from('one ');
          yield Buffer.from('two');
        })(),
      }),
    });
    const { Body } = await client.getObject({ Bucket: 'b', Key: 'k' });
    expect(await Body?.transformToString()).toBe('one two');
  });

  test('tells operations on the same path apart', async () => {
    const called: string[] = [];
    const note = (name: string) => (): Record<string, never> => {
      called.push(name);
      return {};
    };
    const { client, dispatcher } = objectStore({
      ListBuckets: note('ListBuckets'),
      ListObjects: note('ListObjects'),
      ListObjectsV2: note('ListObjectsV2'),
      CreateBucket: note('CreateBucket'),
      PutBucketPolicy: note('PutBucketPolicy'),
      PutObject: note('PutObject'),
      CopyObject: () => ({ ...note('CopyObject')(), CopyObjectResult: {} }),
      UploadPart: note('UploadPart'),
      UploadPartCopy: () => ({ ...note('UploadPartCopy')(), CopyPartResult: {} }),
      ListParts: note('ListParts'),
    });
    const Bucket = 'b';
    const object = { Bucket, Key: 'k' };
    const part = { ...object, UploadId: 'u', PartNumber: 1 };
    await client.listBuckets({});
    await client.listObjects({ Bucket });
    await client.listObjectsV2({ Bucket });
    await client.createBucket({ Bucket });
    await client.putBucketPolicy({ Bucket, Policy: '{}' });
    await client.putObject({ ...object, Body: 'x' });
    await client.copyObject({ ...object, CopySource: 'a/b' });
    await client.uploadPart({ ...part, Body: 'x' });
    await client.uploadPartCopy({ ...part, CopySource: 'a/b' });
    await client.listParts({ ...object, UploadId: 'u' });
    const inOrder = [
      'ListBuckets',
      'ListObjects',
      'ListObjectsV2',
      'CreateBucket',
      'PutBucketPolicy',
      'PutObject',
      'CopyObject',
      'UploadPart',
      'UploadPartCopy',
      'ListParts',
    ];
    expect(called).toEqual(inOrder);
    called.length = 0;
    // Other clients do not say x-id.
    const copy = { 'x-amz-copy-source': 'a/b' };
    await sent(dispatcher, {});
    await sent(dispatcher, { path: '/b' });
    await sent(dispatcher, { path: '/b', query: 'list-type=2' });
    await sent(dispatcher, { path: '/b', method: 'PUT' });
    await sent(dispatcher, { path: '/b', method: 'PUT', query: 'policy', body: Buffer.from('{}') });
    await sent(dispatcher, { path: '/b/k', method: 'PUT' });
    await sent(dispatcher, { path: '/b/k', method: 'PUT', headers: copy });
    const query = 'partNumber=1&uploadId=u';
    await sent(dispatcher, { path: '/b/k', method: 'PUT', query });
    await sent(dispatcher, { path: '/b/k', method: 'PUT', query, headers: copy });
    await sent(dispatcher, { path: '/b/k', query: 'uploadId=u' });
    expect(called).toEqual(inOrder);
  });

  test('takes the bucket from the host', async () => {
    const inputs: unknown[] = [];
    const { dispatcher } = objectStore({
      DeleteObject(input) {
        inputs.push(input);
        return {};
      },
    });
    for (const host of ['my.bucket.localhost:4566', 'my.bucket.s3.eu-west-1.amazonaws.com'])
      await sent(dispatcher, { method: 'DELETE', path: '/a/b', headers: { host } });
    expect(inputs).toEqual(Array(2).fill({ Bucket: 'my.bucket', Key: 'a/b' }));
  });

  test('reads and writes XML documents', async () => {
    const inputs: unknown[] = [];
    const { client } = objectStore({
      DeleteObjects(input) {
        inputs.push(input);
        return {
          Deleted: input.Delete.Objects.map(({ Key }) => ({ Key })),
          Errors: [{ Key: '<&>', Code: 'AccessDenied' }],
        };
      },
      GetBucketLocation: () => ({ LocationConstraint: 'eu-west-1' }),
      GetBucketEncryption: () => ({
        ServerSideEncryptionConfiguration: {
          Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
      }),
    });
    const Objects = [{ Key: 'a<&>"' }, { Key: 'b', VersionId: 'v' }];
    const deleted = await client.deleteObjects({ Bucket: 'b', Delete: { Objects, Quiet: false } });
    expect(inputs).toMatchObject([{ Bucket: 'b', Delete: { Objects, Quiet: false } }]);
    expect(deleted).toMatchObject({
      Deleted: [{ Key: 'a<&>"' }, { Key: 'b' }],
      Errors: [{ Key: '<&>', Code: 'AccessDenied' }],
    });
    expect(
      (await client.getBucketEncryption({ Bucket: 'b' })).ServerSideEncryptionConfiguration,
    ).toEqual({
      Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
    });
  });

  test('answers GetBucketLocation without a wrapper, as S3 does', async () => {
    const { dispatcher } = objectStore({
      GetBucketLocation: () => ({ LocationConstraint: 'eu-west-1' }),
    });
    const { body } = await sent(dispatcher, { path: '/b', query: 'location' });
    expect(body).toContain(
      '<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">eu-west-1</LocationConstraint>',
    );
  });

  test('answers HEAD without a body, also with an error', async () => {
    const { client, dispatcher } = objectStore({
      HeadObject(input) {
        if (input.Key === 'none') throw new s3.NotFound({ message: 'Not Found', $metadata: {} });
        return { ContentLength: 12345 };
      },
    });
    await expect(client.headObject({ Bucket: 'b', Key: 'k' })).resolves.toMatchObject({
      ContentLength: 12345,
    });
    await expect(client.headObject({ Bucket: 'b', Key: 'none' })).rejects.toMatchObject({
      name: 'NotFound',
      $metadata: { httpStatusCode: 404 },
    });
    expect((await sent(dispatcher, { path: '/b/none', method: 'HEAD' })).body).toBe('');
  });

  test.each([
    ['<Delete><Object><Key>a</Key></Object>', 'cut off'],
    ['<Delete><Object><Key>a</Key><Colour>red</Colour></Object></Delete>', 'unknown elements'],
    ['{}', 'something else'],
  ])('fails with MalformedXML for %s', async (body) => {
    const { dispatcher } = objectStore({ DeleteObjects: () => ({}) });
    const answer = await sent(dispatcher, {
      path: '/b',
      method: 'POST',
      query: 'delete',
      body: Buffer.from(body),
    });
    expect(answer).toMatchObject({
      status: 400,
      body: expect.stringContaining('<Code>MalformedXML</Code>'),
    });
  });

  test('fails with what a service says beside code and message', async () => {
    const { dispatcher } = objectStore({
      GetObject() {
        throw new ServiceError('NoSuchBucket', 'The specified bucket does not exist', {
          members: { BucketName: 'b' },
        });
      },
    });
    const answer = await sent(dispatcher, { path: '/b/k' });
    expect(answer.status).toBe(404);
    expect(answer.body).toMatch(
      /<Error><Code>NoSuchBucket<\/Code><Message>The specified bucket does not exist<\/Message><BucketName>b<\/BucketName><RequestId>[-0-9a-f]{36}<\/RequestId><\/Error>$/,
    );
  });

  test('fails with 405 for a method that nothing is bound to', async () => {
    const { dispatcher } = objectStore({});
    await expect(sent(dispatcher, { method: 'PATCH', path: '/b' })).resolves.toMatchObject({
      status: 405,
      body: expect.stringContaining('MethodNotAllowed'),
    });
  });
});
