import { SNS } from '@aws-sdk/client-sns';
import { account, region, SnsBench } from './support';

let bench: SnsBench;

beforeEach(async () => {
  bench = await SnsBench.start();
});

afterEach(() => bench.stop());

const arn = (name: string) => `arn:aws:sns:${region}:${account}:${name}`;

test('a topic has the attributes that AWS gives it', async () => {
  const TopicArn = await bench.topic('orders');
  const { Attributes } = await bench.sns.getTopicAttributes({ TopicArn });
  expect({ ...Attributes, Policy: '', EffectiveDeliveryPolicy: '' }).toEqual({
    TopicArn: arn('orders'),
    Owner: account,
    DisplayName: '',
    Policy: '',
    EffectiveDeliveryPolicy: '',
    SubscriptionsConfirmed: '0',
    SubscriptionsPending: '0',
    SubscriptionsDeleted: '0',
  });
  expect(JSON.parse(Attributes?.EffectiveDeliveryPolicy ?? '')).toEqual({
    http: {
      defaultHealthyRetryPolicy: {
        minDelayTarget: 20,
        maxDelayTarget: 20,
        numRetries: 3,
        numMaxDelayRetries: 0,
        numNoDelayRetries: 0,
        numMinDelayRetries: 0,
        backoffFunction: 'linear',
      },
      disableSubscriptionOverrides: false,
      defaultRequestPolicy: { headerContentType: 'text/plain; charset=UTF-8' },
    },
  });
  expect(JSON.parse(Attributes?.Policy ?? '')).toMatchObject({
    Version: '2008-10-17',
    Statement: [
      { Resource: TopicArn, Condition: { StringEquals: { 'AWS:SourceOwner': account } } },
    ],
  });
});

test('a FIFO topic has more of them', async () => {
  const TopicArn = await bench.topic('orders.fifo', { ContentBasedDeduplication: 'TRUE' });
  const { Attributes } = await bench.sns.getTopicAttributes({ TopicArn });
  expect(Attributes).toMatchObject({
    FifoTopic: 'true',
    ContentBasedDeduplication: 'true',
    FifoThroughputScope: 'Topic',
  });
});

test('attributes are set one by one, and reset', async () => {
  const TopicArn = await bench.topic('orders');
  const set = async (AttributeName: string, AttributeValue: string) => {
    await bench.sns.setTopicAttributes({ TopicArn, AttributeName, AttributeValue });
    return (await bench.sns.getTopicAttributes({ TopicArn })).Attributes?.[AttributeName];
  };
  expect(await set('DisplayName', 'Orders')).toBe('Orders');
  expect(await set('SignatureVersion', '2')).toBe('2');
  expect(await set('MaximumMessageSize', '1048576')).toBe('1048576');
  expect(await set('TracingConfig', 'Active')).toBe('Active');
  expect(await set('SQSSuccessFeedbackSampleRate', '50')).toBe('50');
  expect(await set('DisplayName', '')).toBe('');
  const policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sns:Publish', Resource: TopicArn }],
  });
  expect(await set('Policy', policy)).toBe(policy);
  expect(await set('Policy', '')).toContain('__default_policy_ID');
});

test('a topic that is there already is found, unless attributes or tags are different', async () => {
  const Tags = [{ Key: 'team', Value: 'a' }];
  const Attributes = { DisplayName: 'Orders' };
  const first = await bench.sns.createTopic({ Name: 'orders', Attributes, Tags });
  for (const same of [{}, { Attributes }, { Tags }])
    expect((await bench.sns.createTopic({ Name: 'orders', ...same })).TopicArn).toBe(
      first.TopicArn,
    );
  await expect(
    bench.sns.createTopic({ Name: 'orders', Attributes: { DisplayName: 'Other' } }),
  ).rejects.toThrow(
    'Invalid parameter: Attributes Reason: Topic already exists with different attributes',
  );
  await expect(
    bench.sns.createTopic({ Name: 'orders', Tags: [{ Key: 'team', Value: 'b' }] }),
  ).rejects.toThrow('Invalid parameter: Tags Reason: Topic already exists with different tags');
});

test('a topic is deleted with its subscriptions, and again', async () => {
  const TopicArn = await bench.topic('orders');
  const queue = await bench.queue('work');
  await bench.subscribe(TopicArn, queue.arn);
  await bench.sns.deleteTopic({ TopicArn });
  await bench.sns.deleteTopic({ TopicArn });
  expect((await bench.sns.listSubscriptions({})).Subscriptions).toEqual([]);
  await expect(bench.sns.getTopicAttributes({ TopicArn })).rejects.toMatchObject({
    name: 'NotFoundException',
    message: 'Topic does not exist',
    $metadata: { httpStatusCode: 404 },
  });
});

test('topics are listed a hundred at a time, each account and region its own', async () => {
  const names = Array.from({ length: 205 }, (_, index) => `t${index}`);
  for (const name of names) await bench.topic(name);
  const found: (string | undefined)[] = [];
  const sizes: number[] = [];
  let NextToken: string | undefined;
  do {
    const page = await bench.sns.listTopics({ NextToken });
    found.push(...(page.Topics ?? []).map((topic) => topic.TopicArn));
    sizes.push(page.Topics?.length ?? 0);
    NextToken = page.NextToken;
  } while (NextToken);
  expect(found).toEqual(names.map(arn));
  expect(sizes).toEqual([100, 100, 5]);
  for (const options of [{ account: '111122223333' }, { region: 'eu-west-1' }])
    expect((await bench.aws.client(SNS, options).listTopics({})).Topics).toEqual([]);
});

test('tags are added, listed and removed', async () => {
  const ResourceArn = await bench.topic('orders');
  const tags = async () => (await bench.sns.listTagsForResource({ ResourceArn })).Tags;
  await bench.sns.tagResource({ ResourceArn, Tags: [{ Key: 'a', Value: '1' }] });
  await bench.sns.tagResource({
    ResourceArn,
    Tags: [
      { Key: 'a', Value: '2' },
      { Key: 'b', Value: '' },
    ],
  });
  expect(await tags()).toEqual([
    { Key: 'a', Value: '2' },
    { Key: 'b', Value: '' },
  ]);
  await bench.sns.untagResource({ ResourceArn, TagKeys: ['a', 'z'] });
  expect(await tags()).toEqual([{ Key: 'b', Value: '' }]);
  const many = Array.from({ length: 50 }, (_, index) => ({ Key: `k${index}`, Value: 'v' }));
  await expect(bench.sns.tagResource({ ResourceArn, Tags: many })).rejects.toMatchObject({
    name: 'TagLimitExceededException',
  });
  await expect(
    bench.sns.tagResource({ ResourceArn: arn('nothing'), Tags: [{ Key: 'a', Value: '1' }] }),
  ).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    $metadata: { httpStatusCode: 404 },
  });
});

test('permissions are added to the policy and removed by their label', async () => {
  const TopicArn = await bench.topic('orders');
  const labels = async () => {
    const { Attributes } = await bench.sns.getTopicAttributes({ TopicArn });
    const { Statement }: { Statement: { Sid: string }[] } = JSON.parse(Attributes?.Policy ?? '');
    return Statement.map(({ Sid }) => Sid);
  };
  const permission = {
    TopicArn,
    Label: 'partner',
    AWSAccountId: ['111122223333'],
    ActionName: ['Publish'],
  };
  await bench.sns.addPermission(permission);
  expect(await labels()).toEqual(['__default_statement_ID', 'partner']);
  await expect(bench.sns.addPermission(permission)).rejects.toThrow(
    'Invalid parameter: Statement already exists',
  );
  await expect(
    bench.sns.addPermission({ ...permission, Label: 'x', ActionName: ['Fly'] }),
  ).rejects.toThrow('Invalid parameter: Policy statement action out of service scope!');
  const partner = bench.aws.client(SNS, { account: '111122223333' });
  await partner.publish({ TopicArn, Message: 'from the partner' });
  await bench.sns.removePermission({ TopicArn, Label: 'partner' });
  expect(await labels()).toEqual(['__default_statement_ID']);
  await expect(partner.publish({ TopicArn, Message: 'again' })).rejects.toMatchObject({
    name: 'AuthorizationErrorException',
    $metadata: { httpStatusCode: 403 },
  });
});

describe('fails with the error of AWS', () => {
  test.each<[what: string, Name: string, Attributes: Record<string, string>, message: RegExp]>([
    ['a blank in the name', 'a b', {}, /^Invalid parameter: Topic Name$/],
    ['a long name', 'n'.repeat(257), {}, /^Invalid parameter: Topic Name$/],
    ['.fifo on a standard topic', 'a.fifo', {}, /^Invalid parameter: Topic Name$/],
    [
      'a FIFO topic without .fifo',
      'a',
      { FifoTopic: 'true' },
      /Fifo Topic names must end with .fifo/,
    ],
    [
      'an unknown attribute',
      'a',
      { Colour: 'red' },
      /Attributes Reason: Unknown attribute Colour$/,
    ],
    [
      'deduplication on a standard topic',
      'a',
      { ContentBasedDeduplication: 'true' },
      /Unknown attribute ContentBasedDeduplication$/,
    ],
    ['a policy that is no JSON', 'a', { Policy: '{' }, /^Invalid parameter: Policy Error: /],
    [
      'a signature version 3',
      'a',
      { SignatureVersion: '3' },
      /^Invalid parameter: SignatureVersion/,
    ],
    [
      'a small maximum',
      'a',
      { MaximumMessageSize: '1023' },
      /^Invalid parameter: MaximumMessageSize/,
    ],
    [
      'a huge maximum',
      'a',
      { MaximumMessageSize: '1048577' },
      /^Invalid parameter: MaximumMessageSize/,
    ],
    [
      'a delivery policy that is no JSON',
      'a',
      { DeliveryPolicy: 'x' },
      /^Invalid parameter: DeliveryPolicy: failed to parse JSON\.$/,
    ],
    [
      'too many retries',
      'a',
      { DeliveryPolicy: '{"http":{"defaultHealthyRetryPolicy":{"numRetries":101}}}' },
      /DeliveryPolicy: http.defaultHealthyRetryPolicy.numRetries must be less than or equal to 100$/,
    ],
    [
      'a policy of another place',
      'a',
      { DeliveryPolicy: '{"http":{"throttlePolicy":{}}}' },
      /DeliveryPolicy: Unexpected JSON member: http.throttlePolicy$/,
    ],
    [
      'more retries in the phases than there are',
      'a',
      {
        DeliveryPolicy:
          '{"http":{"defaultHealthyRetryPolicy":{"numRetries":1,"numNoDelayRetries":2}}}',
      },
      /numRetries must be greater than or equal to total of/,
    ],
  ])('on %s', async (_what, Name, Attributes, message) => {
    const creation = bench.sns.createTopic({ Name, Attributes });
    await expect(creation).rejects.toThrow(message);
    await expect(creation).rejects.toMatchObject({
      name: 'InvalidParameterException',
      $metadata: { httpStatusCode: 400 },
    });
  });

  test.each([
    ['orders', /^Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1$/],
    ['arn:aws:sqs:us-east-1:000000000000:orders', /^Invalid parameter: TopicArn$/],
    ['arn:aws:sns:eu-west-1:000000000000:orders', /^Invalid parameter: TopicArn$/],
    ['arn:aws:sns:us-east-1:000000000000:orders', /^Topic does not exist$/],
  ])('on the ARN %s', async (TopicArn, message) => {
    await expect(bench.sns.getTopicAttributes({ TopicArn })).rejects.toThrow(message);
  });

  test('on attributes that cannot be set, and tokens that nobody gave out', async () => {
    const TopicArn = await bench.topic('orders');
    for (const AttributeName of ['FifoTopic', 'Owner', 'ContentBasedDeduplication'])
      await expect(
        bench.sns.setTopicAttributes({ TopicArn, AttributeName, AttributeValue: 'true' }),
      ).rejects.toThrow('Invalid parameter: AttributeName');
    await expect(bench.sns.listTopics({ NextToken: 'x' })).rejects.toThrow(
      'Invalid parameter: NextToken',
    );
  });

  test('on what is refused by name', async () => {
    const creation = { Name: 'a.fifo', Attributes: { FifoTopic: 'true', ArchivePolicy: '{}' } };
    await expect(bench.sns.createTopic(creation)).rejects.toThrow(/ArchivePolicy/);
    await expect(bench.sns.createTopic({ Name: 'a', DataProtectionPolicy: '{}' })).rejects.toThrow(
      /DataProtectionPolicy/,
    );
    await expect(
      bench.sns.putDataProtectionPolicy({ ResourceArn: arn('a'), DataProtectionPolicy: '{}' }),
    ).rejects.toThrow(/PutDataProtectionPolicy/);
    await expect(bench.sns.getSMSSandboxAccountStatus({})).rejects.toMatchObject({
      $metadata: { httpStatusCode: 501 },
    });
  });
});
