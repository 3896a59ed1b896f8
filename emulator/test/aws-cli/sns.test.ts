import { CertificateAuthority } from '../../src/gateway/certificate-authority';
import { ServerProcess } from '../cli/server-process';
import { AwsCli } from './aws-cli';

/** Each call of the CLI starts a Python process. */
const longEnough = 120_000;

let server: ServerProcess;
let caFile: string;

beforeAll(async () => {
  server = await ServerProcess.start();
  caFile = await new CertificateAuthority().caFile();
}, longEnough);

afterAll(() => server.stop());

/** What the answers of the operations that are called here have. */
interface Answer {
  readonly TopicArn: string;
  readonly Topics: readonly { readonly TopicArn: string }[];
  readonly SubscriptionArn: string;
  readonly Subscriptions: readonly { readonly SubscriptionArn: string }[];
  readonly Attributes: Readonly<Record<string, string>>;
  readonly Tags: readonly { readonly Key: string; readonly Value: string }[];
  readonly MessageId: string;
  readonly SequenceNumber: string;
  readonly Successful: readonly { readonly Id: string }[];
  readonly Failed: readonly { readonly Id: string; readonly Code: string }[];
  readonly QueueUrl: string;
  readonly Messages: readonly { readonly Body: string }[];
}

const arn = (service: string, name: string) => `arn:aws:${service}:eu-west-1:111122223333:${name}`;

const policy = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'sns.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: '*',
    },
  ],
});

describe.each(['http', 'tls'] as const)('the AWS CLI over %s', (transport) => {
  const cli =
    (service: string) => (operation: string, options?: Readonly<Record<string, unknown>>) =>
      new AwsCli<Answer>(
        transport === 'tls' ? server.tlsEndpoint : server.endpoint,
        service,
        transport === 'tls' ? caFile : undefined,
      ).run(operation, options);
  const sns = cli('sns');
  const sqs = cli('sqs');

  test(
    'creates, describes, tags, shares and deletes topics',
    async () => {
      const name = `${transport}-orders`;
      const created = await sns('create-topic', {
        name,
        attributes: { DisplayName: 'Orders' },
        tags: [{ Key: 'team', Value: 'a' }],
      });
      const topic = { 'topic-arn': created.TopicArn };
      expect(created.TopicArn).toBe(arn('sns', name));
      await sns('set-topic-attributes', {
        ...topic,
        'attribute-name': 'SignatureVersion',
        'attribute-value': '2',
      });
      expect((await sns('get-topic-attributes', topic)).Attributes).toMatchObject({
        DisplayName: 'Orders',
        SignatureVersion: '2',
        Owner: '111122223333',
      });
      expect((await sns('list-topics')).Topics).toContainEqual({ TopicArn: created.TopicArn });
      const resource = { 'resource-arn': created.TopicArn };
      expect((await sns('list-tags-for-resource', resource)).Tags).toEqual([
        { Key: 'team', Value: 'a' },
      ]);
      await sns('add-permission', {
        ...topic,
        label: 'partner',
        'aws-account-id': ['444455556666'],
        'action-name': ['Publish'],
      });
      await sns('remove-permission', { ...topic, label: 'partner' });
      await sns('delete-topic', topic);
      await expect(sns('get-topic-attributes', topic)).rejects.toThrow(
        'An error occurred (NotFound) when calling the GetTopicAttributes operation: Topic does not exist',
      );
    },
    longEnough,
  );

  test(
    'subscribes a queue with a filter, and publishes to it, one by one and in batches',
    async () => {
      const { TopicArn } = await sns('create-topic', { name: `${transport}-news` });
      const { QueueUrl } = await sqs('create-queue', {
        'queue-name': `${transport}-work`,
        attributes: { Policy: policy },
      });
      const { SubscriptionArn } = await sns('subscribe', {
        'topic-arn': TopicArn,
        protocol: 'sqs',
        'notification-endpoint': arn('sqs', `${transport}-work`),
        attributes: { FilterPolicy: '{"kind":[{"prefix":"a"}]}', RawMessageDelivery: 'true' },
      });
      const attribute = (value: string) => ({ kind: { DataType: 'String', StringValue: value } });
      for (const value of ['apple', 'pear'])
        await sns('publish', {
          'topic-arn': TopicArn,
          message: `Größe ${value}`,
          'message-attributes': attribute(value),
        });
      const { Successful, Failed } = await sns('publish-batch', {
        'topic-arn': TopicArn,
        'publish-batch-request-entries': [
          { Id: 'a', Message: 'avocado', MessageAttributes: attribute('avocado') },
          { Id: 'b', Message: 'x', Subject: 'two\nlines' },
        ],
      });
      expect(Successful?.map(({ Id }) => Id)).toEqual(['a']);
      expect(Failed).toMatchObject([{ Id: 'b', Code: 'InvalidParameter' }]);
      const { Messages } = await sqs('receive-message', {
        'queue-url': QueueUrl,
        'max-number-of-messages': 10,
        'wait-time-seconds': 5,
      });
      expect(Messages?.map(({ Body }) => Body)).toEqual(['Größe apple', 'avocado']);
      const subscription = { 'subscription-arn': SubscriptionArn };
      expect((await sns('get-subscription-attributes', subscription)).Attributes).toMatchObject({
        PendingConfirmation: 'false',
        FilterPolicyScope: 'MessageAttributes',
      });
      await sns('unsubscribe', subscription);
      const left = await sns('list-subscriptions-by-topic', { 'topic-arn': TopicArn });
      expect(left.Subscriptions).toEqual([]);
    },
    longEnough,
  );

  test(
    'publishes in order to a FIFO topic, and names what is wrong',
    async () => {
      const { TopicArn } = await sns('create-topic', {
        name: `${transport}-orders.fifo`,
        attributes: { FifoTopic: 'true' },
      });
      const publish = (more: object) =>
        sns('publish', { 'topic-arn': TopicArn, message: 'x', ...more });
      await expect(publish({})).rejects.toThrow(
        '(InvalidParameter) when calling the Publish operation: Invalid parameter: The MessageGroupId parameter is required for FIFO topics',
      );
      const ids = { 'message-group-id': 'g', 'message-deduplication-id': 'd' };
      expect((await publish(ids)).SequenceNumber).toMatch(/^\d{20}$/);
      await expect(sns('publish', { 'phone-number': 'x', message: 'y' })).rejects.toThrow(
        '(InvalidParameter)',
      );
    },
    longEnough,
  );
});
