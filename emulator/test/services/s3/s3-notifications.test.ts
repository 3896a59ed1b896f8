import { IAM } from '@aws-sdk/client-iam';
import { S3 } from '@aws-sdk/client-s3';
import { STS } from '@aws-sdk/client-sts';
import { Duration } from 'aws-cdk-lib';
import {
  Bucket,
  filter,
  type Notifications,
  rule,
  startNotifications,
} from './notification-support';

let fixture: Notifications;

beforeEach(async () => {
  fixture = await startNotifications();
});

afterEach(() => fixture.aws.stop());

describe('an event', () => {
  test('tells what happened, where, when, and on whose behalf', async () => {
    const { s3, bodies, toldQueue } = fixture;
    const { url } = await toldQueue('s3:ObjectCreated:*');
    const { $metadata, ETag } = await s3.putObject({
      Bucket,
      Key: '2035/a b(1)@ü.csv',
      Body: 'x,y',
    });
    expect((await bodies(url)).map((body) => JSON.parse(body))).toEqual([
      {
        Records: [
          {
            eventVersion: '2.1',
            eventSource: 'aws:s3',
            awsRegion: 'us-east-1',
            eventTime: '2035-01-01T00:00:00.000Z',
            eventName: 'ObjectCreated:Put',
            userIdentity: { principalId: 'AWS:000000000000' },
            requestParameters: { sourceIPAddress: '127.0.0.1' },
            responseElements: {
              'x-amz-request-id': $metadata.requestId,
              'x-amz-id-2': $metadata.extendedRequestId,
            },
            s3: {
              s3SchemaVersion: '1.0',
              configurationId: 'all',
              bucket: {
                name: Bucket,
                ownerIdentity: { principalId: '000000000000' },
                arn: `arn:aws:s3:::${Bucket}`,
              },
              object: {
                key: '2035/a+b%281%29%40%C3%BC.csv',
                size: 3,
                eTag: ETag?.replaceAll('"', ''),
                sequencer: expect.stringMatching(/^[0-9A-F]{18}$/),
              },
            },
          },
        ],
      },
    ]);
  });

  test('names the session of the role that made the request', async () => {
    const { aws, events, toldQueue } = fixture;
    const { url } = await toldQueue('s3:ObjectCreated:*');
    const role = await aws.client(IAM).createRole({
      RoleName: 'uploader',
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: {
          Effect: 'Allow',
          Principal: { AWS: '000000000000' },
          Action: 'sts:AssumeRole',
        },
      }),
    });
    await aws.client(IAM).putRolePolicy({
      RoleName: 'uploader',
      PolicyName: 'put',
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: { Effect: 'Allow', Action: 's3:PutObject', Resource: '*' },
      }),
    });
    const { Credentials, AssumedRoleUser } = await aws.client(STS).assumeRole({
      RoleArn: role.Role?.Arn,
      RoleSessionName: 'night',
    });
    const s3 = new S3({
      endpoint: await aws.endpoint(),
      region: aws.region,
      forcePathStyle: true,
      credentials: {
        accessKeyId: Credentials?.AccessKeyId ?? '',
        secretAccessKey: Credentials?.SecretAccessKey ?? '',
        sessionToken: Credentials?.SessionToken,
      },
    });
    await s3.putObject({ Bucket, Key: 'a', Body: 'a' });
    s3.destroy();
    const [event] = await events(url);
    expect(event?.userIdentity.principalId).toBe(`AWS:${AssumedRoleUser?.AssumedRoleId}`);
  });

  test('is one of those that a wildcard stands for', async () => {
    const { s3, eventNames, toldQueue } = fixture;
    const { url } = await toldQueue(
      's3:ObjectCreated:*',
      's3:ObjectRemoved:*',
      's3:ObjectTagging:*',
    );
    const Key = 'a';
    await s3.putObject({ Bucket, Key, Body: '1' });
    await s3.copyObject({ Bucket, Key: 'b', CopySource: `${Bucket}/a` });
    const { UploadId } = await s3.createMultipartUpload({ Bucket, Key: 'c' });
    const upload = { Bucket, Key: 'c', UploadId };
    const { ETag } = await s3.uploadPart({ ...upload, PartNumber: 1, Body: 'part' });
    await s3.completeMultipartUpload({
      ...upload,
      MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] },
    });
    await s3.putObjectTagging({ Bucket, Key, Tagging: { TagSet: [{ Key: 'k', Value: 'v' }] } });
    await s3.deleteObjectTagging({ Bucket, Key });
    await s3.deleteObject({ Bucket, Key });
    // S3 tells of the deletion of what was not there, too.
    await s3.deleteObjects({ Bucket, Delete: { Objects: [{ Key: 'b' }, { Key: 'none' }] } });
    expect(await eventNames(url)).toEqual([
      'ObjectCreated:Put a',
      'ObjectCreated:Copy b',
      'ObjectCreated:CompleteMultipartUpload c',
      'ObjectTagging:Put a',
      'ObjectTagging:Delete a',
      'ObjectRemoved:Delete a',
      'ObjectRemoved:Delete b',
      'ObjectRemoved:Delete none',
    ]);
  });

  test('has the members that its type has on AWS', async () => {
    const { s3, events, toldQueue } = fixture;
    const { url } = await toldQueue('s3:ObjectTagging:Put', 's3:ObjectRemoved:Delete');
    await s3.putObject({ Bucket, Key: 'a', Body: 'FooBarBlitz' });
    await s3.putObjectTagging({ Bucket, Key: 'a', Tagging: { TagSet: [] } });
    await s3.deleteObject({ Bucket, Key: 'a' });
    const [tagging, removal] = await events(url);
    expect(tagging).toMatchObject({ eventVersion: '2.3' });
    expect(tagging?.s3.object).toEqual({ key: 'a', eTag: 'f3e6da48d914f3f04f6bd9cb092c044d' });
    expect(removal).toMatchObject({ eventVersion: '2.1' });
    expect(removal?.s3.object).toEqual({ key: 'a', sequencer: expect.any(String) });
  });

  test('of a bucket with versions names the version, and tells delete markers from deletions', async () => {
    const { s3, events, toldQueue } = fixture;
    await s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: 'Enabled' } });
    const { url } = await toldQueue('s3:ObjectCreated:*', 's3:ObjectRemoved:*');
    const { VersionId: first } = await s3.putObject({ Bucket, Key: 'a', Body: '1' });
    const { VersionId: marker } = await s3.deleteObject({ Bucket, Key: 'a' });
    await s3.deleteObject({ Bucket, Key: 'a', VersionId: first });
    await s3.deleteObject({ Bucket, Key: 'a', VersionId: 'none' });
    expect((await events(url)).map(({ eventName, s3: { object } }) => [eventName, object])).toEqual(
      [
        ['ObjectCreated:Put', expect.objectContaining({ size: 1, versionId: first })],
        [
          'ObjectRemoved:DeleteMarkerCreated',
          {
            key: 'a',
            eTag: 'd41d8cd98f00b204e9800998ecf8427e',
            versionId: marker,
            sequencer: expect.any(String),
          },
        ],
        ['ObjectRemoved:Delete', { key: 'a', versionId: first, sequencer: expect.any(String) }],
      ],
    );
  });

  test('has a greater sequencer than those before it, in the same instant and later', async () => {
    const { aws, s3, events, toldQueue } = fixture;
    const { url } = await toldQueue('s3:ObjectCreated:*');
    for (let turn = 0; turn < 20; turn++) {
      await s3.putObject({ Bucket, Key: 'a', Body: String(turn) });
      if (turn % 5 === 0) await aws.clock.advance(1);
    }
    const sequencers = (await events(url)).map((event) => event.s3.object.sequencer ?? '');
    expect(new Set(sequencers).size).toBe(20);
    expect(sequencers).toEqual([...sequencers].sort());
  });
});

describe('filters', () => {
  test('send each key to the rule that wants it', async () => {
    const { aws, s3, createQueue, configure, bodies, eventNames } = fixture;
    const [csv, json] = [await createQueue('csv'), await createQueue('json')];
    const wanted = rule(csv.arn, 's3:ObjectCreated:*');
    await configure({
      QueueConfigurations: [
        { ...wanted, Filter: filter({ prefix: 'in/', suffix: '.csv' }) },
        { ...wanted, QueueArn: json.arn, Filter: filter({ suffix: '.json' }) },
      ],
    });
    for (const { url } of [csv, json]) await bodies(url);
    for (const Key of ['in/a.csv', 'out/a.csv', 'in/a.json', 'in/', 'a.jsonl'])
      await s3.putObject({ Bucket, Key, Body: Key });
    expect(await eventNames(csv.url)).toEqual(['ObjectCreated:Put in/a.csv']);
    expect(await eventNames(json.url)).toEqual(['ObjectCreated:Put in/a.json']);
    const unwanted = aws.journal.hops({ kind: 'filtered-out' }).map(({ detail }) => detail?.key);
    expect(unwanted).toEqual(['out/a.csv', 'in/', 'a.jsonl']);
  });

  test('leave out events of other types', async () => {
    const { s3, eventNames, toldQueue } = fixture;
    const { url } = await toldQueue('s3:ObjectCreated:Copy');
    await s3.putObject({ Bucket, Key: 'a', Body: 'a' });
    await s3.copyObject({ Bucket, Key: 'b', CopySource: `${Bucket}/a` });
    expect(await eventNames(url)).toEqual(['ObjectCreated:Copy b']);
  });
});

describe('lifecycle rules', () => {
  const Rules = [
    { ID: 'r', Status: 'Enabled' as const, Filter: { Prefix: '' }, Expiration: { Days: 1 } },
  ];

  test('tell of what they expire at midnight, in the name of S3, and of nothing else', async () => {
    const { aws, s3, events, toldQueue } = fixture;
    const { url } = await toldQueue('s3:LifecycleExpiration:*', 's3:ObjectRemoved:*');
    await s3.putBucketLifecycleConfiguration({ Bucket, LifecycleConfiguration: { Rules } });
    await aws.clock.advance(Duration.hours(1));
    await s3.putObject({ Bucket, Key: 'a', Body: '1' });
    await aws.clock.advance(Duration.days(3));
    expect(await events(url)).toMatchObject([
      {
        eventVersion: '2.3',
        eventName: 'LifecycleExpiration:Delete',
        eventTime: '2035-01-03T00:00:00.000Z',
        userIdentity: { principalId: 's3.amazonaws.com' },
        requestParameters: { sourceIPAddress: 's3.amazonaws.com' },
        s3: { object: { key: 'a', sequencer: expect.any(String) } },
      },
    ]);
  });

  test('tell delete markers from deletions', async () => {
    const { aws, s3, events, toldQueue } = fixture;
    await s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: 'Enabled' } });
    const { VersionId } = await s3.putObject({ Bucket, Key: 'a', Body: '1' });
    await s3.putBucketLifecycleConfiguration({
      Bucket,
      LifecycleConfiguration: {
        Rules: Rules.map((one) => ({
          ...one,
          NoncurrentVersionExpiration: { NoncurrentDays: 2 },
        })),
      },
    });
    const { url } = await toldQueue('s3:LifecycleExpiration:*');
    await aws.clock.advance(Duration.days(4));
    const told = (await events(url)).map(({ eventName, eventTime, s3: { object } }) => [
      eventName,
      eventTime,
      object.versionId === VersionId,
    ]);
    expect(told).toEqual([
      ['LifecycleExpiration:DeleteMarkerCreated', '2035-01-02T00:00:00.000Z', false],
      ['LifecycleExpiration:Delete', '2035-01-04T00:00:00.000Z', true],
    ]);
  });
});

describe('delivery', () => {
  test('neither delays nor fails the request, and is lost with its queue', async () => {
    const { aws, s3, sqs, toldQueue } = fixture;
    const { arn, url } = await toldQueue('s3:ObjectCreated:*');
    await sqs.deleteQueue({ QueueUrl: url });
    const { $metadata } = await s3.putObject({ Bucket, Key: 'a', Body: 'a' });
    await aws.clock.settle();
    expect(aws.journal.trace($metadata.requestId ?? '')).toMatchObject([
      {
        kind: 'published',
        resource: `arn:aws:s3:::${Bucket}`,
        detail: { event: 'ObjectCreated:Put', key: 'a' },
      },
      {
        kind: 'failed',
        resource: arn,
        detail: { reason: 'QueueDoesNotExist: The specified queue does not exist.' },
      },
    ]);
  });

  test('is lost when its queue no longer lets S3 in', async () => {
    const { aws, s3, sqs, eventNames, toldQueue } = fixture;
    const { arn, url } = await toldQueue('s3:ObjectCreated:*');
    await sqs.setQueueAttributes({ QueueUrl: url, Attributes: { Policy: '' } });
    const { $metadata } = await s3.putObject({ Bucket, Key: 'a', Body: 'a' });
    expect(await eventNames(url)).toEqual([]);
    expect(aws.journal.trace($metadata.requestId ?? '').at(-1)).toMatchObject({
      kind: 'failed',
      resource: arn,
      detail: { reason: expect.stringContaining('AccessDenied') },
    });
  });

  test('is tried again while its queue is throttled', async () => {
    const { aws, s3, eventNames, toldQueue } = fixture;
    const { arn, url } = await toldQueue('s3:ObjectCreated:*');
    const endFault = aws.faults.throttleQueue({ queue: arn, operations: ['SendMessage'] });
    const { $metadata } = await s3.putObject({ Bucket, Key: 'a', Body: 'a' });
    await aws.clock.advance(Duration.seconds(2));
    endFault();
    expect(await eventNames(url)).toEqual([]);
    await aws.clock.advance(Duration.seconds(2));
    expect(await eventNames(url)).toEqual(['ObjectCreated:Put a']);
    const hops = aws.journal.trace($metadata.requestId ?? '');
    expect(hops.map(({ kind }) => kind)).toEqual([
      'published',
      'throttled',
      'throttled',
      'delivered',
    ]);
  });

  test('is given up after a day', async () => {
    const { aws, s3, toldQueue } = fixture;
    const { arn } = await toldQueue('s3:ObjectCreated:*');
    aws.faults.throttleQueue({ queue: arn });
    const { $metadata } = await s3.putObject({ Bucket, Key: 'a', Body: 'a' });
    await aws.clock.advance(Duration.days(2));
    const last = aws.journal.trace($metadata.requestId ?? '').at(-1);
    expect(last).toMatchObject({ kind: 'failed' });
    expect(aws.clock.pending()).toEqual([]);
  });

  test('leads from the request to the message', async () => {
    const { aws, s3, sqs, toldQueue } = fixture;
    const { arn, url } = await toldQueue('s3:ObjectCreated:*');
    const { $metadata } = await s3.putObject({ Bucket, Key: 'a', Body: 'a' });
    await aws.clock.settle();
    const { Messages: [message] = [] } = await sqs.receiveMessage({ QueueUrl: url });
    const hops = aws.journal.trace($metadata.requestId ?? '');
    expect(hops.at(-1)).toMatchObject({
      kind: 'delivered',
      resource: arn,
      detail: { configurationId: 'all', as: message?.MessageId },
    });
  });

  test('is the same for the same seed', async () => {
    const run = async () => {
      const { aws, s3, bodies, toldQueue } = await startNotifications();
      const { url } = await toldQueue('s3:ObjectCreated:*');
      for (const Key of ['a', 'b', 'c']) await s3.putObject({ Bucket, Key, Body: Key });
      const found = await bodies(url);
      await aws.stop();
      return found;
    };
    expect(await run()).toEqual(await run());
  });
});
