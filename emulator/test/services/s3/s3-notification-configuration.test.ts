import { IAM } from '@aws-sdk/client-iam';
import { Lambda } from '@aws-sdk/client-lambda';
import { Event } from '@aws-sdk/client-s3';
import { strToU8, zipSync } from 'fflate';
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

const arnOf = (name: string, region = 'us-east-1') => `arn:aws:sqs:${region}:000000000000:${name}`;
const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:worker';

describe('a configuration', () => {
  test('comes back as it was put, with ids and with names of filters in capitals', async () => {
    const { s3, configure, createQueue } = fixture;
    const { arn } = await createQueue('jobs');
    await configure({
      QueueConfigurations: [
        {
          ...rule(arn, 's3:ObjectCreated:*'),
          Id: 'one',
          Filter: filter({ prefix: 'a/', suffix: '.csv' }),
        },
        rule(arn, 's3:ObjectRemoved:Delete', 's3:ObjectTagging:*'),
      ],
      EventBridgeConfiguration: {},
    });
    const { $metadata, ...found } = await s3.getBucketNotificationConfiguration({ Bucket });
    expect(found).toEqual({
      QueueConfigurations: [
        {
          Id: 'one',
          QueueArn: arn,
          Events: ['s3:ObjectCreated:*'],
          Filter: {
            Key: {
              FilterRules: [
                { Name: 'Prefix', Value: 'a/' },
                { Name: 'Suffix', Value: '.csv' },
              ],
            },
          },
        },
        {
          Id: expect.stringMatching(/^[A-Za-z0-9+/]{48}$/),
          QueueArn: arn,
          Events: ['s3:ObjectRemoved:Delete', 's3:ObjectTagging:*'],
        },
      ],
      EventBridgeConfiguration: {},
    });
  });

  test('replaces the one before; an empty one turns notifications off', async () => {
    const { s3, configure, createQueue } = fixture;
    const { arn } = await createQueue('jobs');
    await configure({ QueueConfigurations: [rule(arn, 's3:ObjectCreated:*')] });
    await configure({ EventBridgeConfiguration: {} });
    const { $metadata: _, ...replaced } = await s3.getBucketNotificationConfiguration({ Bucket });
    expect(replaced).toEqual({ EventBridgeConfiguration: {} });
    await configure({});
    const { $metadata: __, ...found } = await s3.getBucketNotificationConfiguration({ Bucket });
    expect(found).toEqual({});
  });

  test('takes every type of event that the SDK knows', async () => {
    const { configure } = fixture;
    for (const event of Object.values(Event))
      await configure(
        { QueueConfigurations: [rule(arnOf('none'), event)] },
        { SkipDestinationValidation: true },
      );
  });

  test('has each queue sent a test message, and functions not', async () => {
    const { s3, bodies, createQueue } = fixture;
    const { arn, url } = await createQueue('jobs');
    const { $metadata } = await fixture.configure({
      QueueConfigurations: [rule(arn, 's3:ObjectCreated:*'), rule(arn, 's3:ObjectRemoved:*')],
    });
    expect((await bodies(url)).map((body) => JSON.parse(body))).toEqual([
      {
        Service: 'Amazon S3',
        Event: 's3:TestEvent',
        Time: '2035-01-01T00:00:00.000Z',
        Bucket,
        RequestId: $metadata.requestId,
        HostId: $metadata.extendedRequestId,
      },
    ]);
    await s3.deleteBucket({ Bucket });
  });

  test('is not tried out where destination validation is skipped', async () => {
    const { s3, bodies, configure, createQueue } = fixture;
    const { arn, url } = await createQueue('jobs');
    await configure(
      {
        QueueConfigurations: [
          rule(arn, 's3:ObjectCreated:*'),
          rule(arnOf('none'), 's3:ObjectRemoved:*'),
        ],
        LambdaFunctionConfigurations: [
          { LambdaFunctionArn: functionArn, Events: ['s3:ObjectTagging:*'] },
        ],
      },
      { SkipDestinationValidation: true },
    );
    expect(await bodies(url)).toEqual([]);
    const found = await s3.getBucketNotificationConfiguration({ Bucket });
    expect(found.LambdaFunctionConfigurations).toMatchObject([{ LambdaFunctionArn: functionArn }]);
  });
});

describe('a configuration is refused', () => {
  test('with all destinations that cannot be used, and the one before stays', async () => {
    const { s3, configure, createQueue } = fixture;
    const { arn } = await createQueue('jobs');
    await configure({ QueueConfigurations: [rule(arn, 's3:ObjectCreated:*')] });
    const putting = configure({
      QueueConfigurations: [rule(arnOf('none'), 's3:ObjectCreated:*')],
      LambdaFunctionConfigurations: [
        { LambdaFunctionArn: functionArn, Events: ['s3:ObjectRemoved:*'] },
      ],
    });
    await expect(putting).rejects.toMatchObject({
      name: 'InvalidArgument',
      message: 'Unable to validate the following destination configurations',
      $metadata: { httpStatusCode: 400 },
      ArgumentName1: arnOf('none'),
      ArgumentValue1: 'The destination queue does not exist',
      ArgumentName2: `${functionArn}, null`,
      ArgumentValue2: `Not authorized to invoke function [${functionArn}]`,
    });
    const found = await s3.getBucketNotificationConfiguration({ Bucket });
    expect(found.QueueConfigurations).toMatchObject([{ QueueArn: arn }]);
  });

  test.each([
    ['an ARN that is none', 'nonsense', 'The ARN could not be parsed'],
    ['an ARN of another service', functionArn, 'The ARN could not be parsed'],
    ['a FIFO queue', arnOf('jobs.fifo'), 'FIFO SQS queues are not supported.'],
    [
      'a queue of another region',
      arnOf('jobs', 'eu-west-1'),
      'The notification destination service region is not valid for the bucket location constraint',
    ],
  ])('for %s, even if validation is skipped', async (_case, arn, message) => {
    const putting = fixture.configure(
      { QueueConfigurations: [rule(arn, 's3:ObjectCreated:*')] },
      { SkipDestinationValidation: true },
    );
    await expect(putting).rejects.toMatchObject({
      name: 'InvalidArgument',
      message,
      ArgumentName: 'Queue',
      ArgumentValue: arn,
    });
  });

  test.each([
    ['s3:ObjectCreated', 'Event'],
    ['s3:TestEvent', 'Event'],
  ])('for the event %s, which there is not', async (event, argument) => {
    const putting = fixture.configure({
      QueueConfigurations: [{ QueueArn: arnOf('jobs'), Events: [event as Event] }],
    });
    await expect(putting).rejects.toMatchObject({
      message: `The event '${event}' is not supported for notifications`,
      ArgumentName: argument,
      ArgumentValue: event,
    });
  });

  const [created, put, removed] = [
    's3:ObjectCreated:*',
    's3:ObjectCreated:Put',
    's3:ObjectRemoved:*',
  ] as const;
  const overlap =
    'Configurations overlap. Configurations on the same bucket cannot share a common event type.';
  const ambiguous =
    'Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes are overlapping for the same event type.';

  test.each([
    ['two rules for all keys', [created], {}, [put], {}, overlap],
    ['one for all keys, one for some', [created], {}, [created], { prefix: 'a' }, ambiguous],
    ['prefixes in each other', [put], { prefix: 'a' }, [created], { prefix: 'a/b' }, ambiguous],
    ['suffixes in each other', [put], { suffix: '.gz' }, [put], { suffix: '.tar.gz' }, ambiguous],
    ['different ends', [put], { prefix: 'a' }, [put], { suffix: '.gz' }, ambiguous],
  ])('that has %s', async (_case, events1, ends1, events2, ends2, message) => {
    const { arn } = await fixture.createQueue('jobs');
    const putting = fixture.configure({
      QueueConfigurations: [
        { ...rule(arn, ...events1), Filter: filter(ends1) },
        { ...rule(arn, ...events2), Filter: filter(ends2) },
      ],
    });
    await expect(putting).rejects.toMatchObject({ name: 'InvalidArgument', message });
  });

  test.each([
    ['different events', [created], {}, [removed], {}],
    ['different prefixes', [created], { prefix: 'a/' }, [created], { prefix: 'b/' }],
    [
      'different suffixes',
      [created],
      { prefix: 'a', suffix: '.csv' },
      [created],
      { prefix: 'a/', suffix: '.json' },
    ],
  ])('but not for two rules with %s', async (_case, events1, ends1, events2, ends2) => {
    const { arn } = await fixture.createQueue('jobs');
    await fixture.configure({
      QueueConfigurations: [
        { ...rule(arn, ...events1), Filter: filter(ends1) },
        { ...rule(arn, ...events2), Filter: filter(ends2) },
      ],
    });
  });

  test.each([
    [
      'two prefixes',
      [
        { Name: 'prefix', Value: 'a' },
        { Name: 'Prefix', Value: 'b' },
      ],
      { message: 'Cannot specify more than one prefix rule in a filter.' },
    ],
    [
      'neither prefix nor suffix',
      [{ Name: 'infix', Value: 'a' }],
      {
        message: 'filter rule name must be either prefix or suffix',
        ArgumentName: 'FilterRule.Name',
        ArgumentValue: 'infix',
      },
    ],
    [
      'more than 1,024 bytes',
      [{ Name: 'prefix', Value: 'ü'.repeat(513) }],
      { message: 'Size of filter rule value cannot exceed 1024 bytes in UTF-8 representation' },
    ],
  ])('for a filter of %s', async (_case, FilterRules, error) => {
    const putting = fixture.configure({
      QueueConfigurations: [
        {
          ...rule(arnOf('jobs'), 's3:ObjectCreated:*'),
          Filter: { Key: { FilterRules: FilterRules as [] } },
        },
      ],
    });
    await expect(putting).rejects.toMatchObject({ name: 'InvalidArgument', ...error });
  });

  test('for an id that is used twice, and for no event', async () => {
    const { configure } = fixture;
    const Id = 'same';
    await expect(
      configure({
        QueueConfigurations: [
          { ...rule(arnOf('jobs'), 's3:ObjectCreated:*'), Id },
          { ...rule(arnOf('jobs'), 's3:ObjectRemoved:*'), Id },
        ],
      }),
    ).rejects.toMatchObject({
      message: 'Same ID used for multiple configurations. IDs must be unique.',
    });
    await expect(configure({ QueueConfigurations: [rule(arnOf('jobs'))] })).rejects.toMatchObject({
      name: 'MalformedXML',
    });
  });
});

describe('permissions', () => {
  test('that S3 does not have are named', async () => {
    const { aws, sqs, configure } = fixture;
    await sqs.createQueue({ QueueName: 'closed' });
    await aws.client(IAM).createRole({
      RoleName: 'worker',
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: {
          Effect: 'Allow',
          Principal: { Service: 'lambda.amazonaws.com' },
          Action: 'sts:AssumeRole',
        },
      }),
    });
    await aws.client(Lambda).createFunction({
      FunctionName: 'worker',
      Role: 'arn:aws:iam::000000000000:role/worker',
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { ZipFile: zipSync({ 'index.js': strToU8('exports.handler = async () => 1;') }) },
    });
    const putting = configure({
      QueueConfigurations: [rule(arnOf('closed'), 's3:ObjectCreated:*')],
      LambdaFunctionConfigurations: [
        { LambdaFunctionArn: functionArn, Events: ['s3:ObjectRemoved:*'] },
      ],
    });
    await expect(putting).rejects.toMatchObject({
      ArgumentName1: arnOf('closed'),
      ArgumentValue1:
        'Permissions on the destination queue do not allow S3 to publish notifications from this bucket',
      ArgumentName2: `${functionArn}, null`,
      ArgumentValue2: `Not authorized to invoke function [${functionArn}]`,
    });
  });

  test('may be for one bucket only', async () => {
    const { s3, configure, createQueue } = fixture;
    const { arn } = await createQueue('jobs', `arn:aws:s3:::${Bucket}`);
    await s3.createBucket({ Bucket: 'other' });
    const NotificationConfiguration = { QueueConfigurations: [rule(arn, 's3:ObjectCreated:*')] };
    await configure(NotificationConfiguration);
    await expect(
      s3.putBucketNotificationConfiguration({ Bucket: 'other', NotificationConfiguration }),
    ).rejects.toMatchObject({
      message: 'Unable to validate the following destination configurations',
    });
  });
});
