import { readFile } from 'node:fs/promises';
import { Agent } from 'node:https';
import { SQS } from '@aws-sdk/client-sqs';
import { AwsQueryProtocol } from '@aws-sdk/core/protocols';
import { NodeHttpHandler } from '@smithy/node-http-handler';
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
interface SqsAnswer {
  readonly QueueUrl: string;
  readonly QueueUrls: readonly string[];
  readonly Attributes: Readonly<Record<string, string>>;
  readonly Tags: Readonly<Record<string, string>>;
  readonly MessageId: string;
  readonly MD5OfMessageAttributes: string;
  readonly Messages: readonly { readonly Body: string; readonly ReceiptHandle: string }[];
  readonly Successful: readonly { readonly Id: string }[];
  readonly Failed: readonly { readonly Id: string; readonly Code: string }[];
}

const arn = (name: string) => `arn:aws:sqs:eu-west-1:111122223333:${name}`;

describe.each(['http', 'tls'] as const)('the AWS CLI over %s', (transport) => {
  const endpoint = () => (transport === 'tls' ? server.tlsEndpoint : server.endpoint);
  const sqs = (operation: string, options?: Readonly<Record<string, unknown>>) =>
    new AwsCli<SqsAnswer>(endpoint(), 'sqs', transport === 'tls' ? caFile : undefined).run(
      operation,
      options,
    );
  const create = async (name: string, attributes: Readonly<Record<string, string>> = {}) => {
    const options = { 'queue-name': `${transport}-${name}`, attributes };
    return (await sqs('create-queue', options)).QueueUrl;
  };

  test(
    'creates, finds, describes, tags, shares and deletes queues',
    async () => {
      const url = await create('queue', { VisibilityTimeout: '45' });
      expect(url).toBe(`${endpoint()}/111122223333/${transport}-queue`);
      expect(await sqs('get-queue-url', { 'queue-name': `${transport}-queue` })).toEqual({
        QueueUrl: url,
      });
      expect(await sqs('list-queues', { 'queue-name-prefix': `${transport}-que` })).toEqual({
        QueueUrls: [url],
      });

      await sqs('set-queue-attributes', { 'queue-url': url, attributes: { DelaySeconds: '7' } });
      const all = { 'queue-url': url, 'attribute-names': 'All' };
      expect((await sqs('get-queue-attributes', all)).Attributes).toMatchObject({
        QueueArn: arn(`${transport}-queue`),
        VisibilityTimeout: '45',
        DelaySeconds: '7',
        ApproximateNumberOfMessages: '0',
      });

      await sqs('tag-queue', { 'queue-url': url, tags: { team: 'orders', cost: '4711' } });
      await sqs('untag-queue', { 'queue-url': url, 'tag-keys': 'cost' });
      expect(await sqs('list-queue-tags', { 'queue-url': url })).toEqual({
        Tags: { team: 'orders' },
      });

      await sqs('add-permission', {
        'queue-url': url,
        label: 'senders',
        'aws-account-ids': '222233334444',
        actions: 'SendMessage',
      });
      const { Attributes } = await sqs('get-queue-attributes', {
        'queue-url': url,
        'attribute-names': 'Policy',
      });
      expect(JSON.parse(Attributes?.Policy ?? '').Statement).toMatchObject([
        { Sid: 'senders', Action: 'SQS:SendMessage', Resource: arn(`${transport}-queue`) },
      ]);
      await sqs('remove-permission', { 'queue-url': url, label: 'senders' });

      await sqs('delete-queue', { 'queue-url': url });
      await expect(sqs('get-queue-url', { 'queue-name': `${transport}-queue` })).rejects.toThrow(
        'An error occurred (AWS.SimpleQueueService.NonExistentQueue) when calling the GetQueueUrl operation: The specified queue does not exist',
      );
    },
    longEnough,
  );

  test(
    'sends, receives, hides and deletes messages, and checks their digests',
    async () => {
      const deadLetters = await create('dead-letters');
      const url = await create('work', {
        RedrivePolicy: JSON.stringify({
          deadLetterTargetArn: arn(`${transport}-dead-letters`),
          maxReceiveCount: 1,
        }),
      });
      const body = 'Größe <5> & "more"\r\n\t😀 ';
      const sent = await sqs('send-message', {
        'queue-url': url,
        'message-body': body,
        'message-attributes': { weight: { DataType: 'Number.kg', StringValue: '1.5' } },
      });
      const { Messages } = await sqs('receive-message', {
        'queue-url': url,
        'attribute-names': 'All',
        'message-attribute-names': 'All',
        'wait-time-seconds': 1,
      });
      expect(Messages).toMatchObject([
        {
          MessageId: sent.MessageId,
          Body: body,
          MD5OfMessageAttributes: sent.MD5OfMessageAttributes,
          MessageAttributes: { weight: { DataType: 'Number.kg', StringValue: '1.5' } },
          Attributes: { ApproximateReceiveCount: '1', SenderId: '111122223333' },
        },
      ]);
      const handle = { 'receipt-handle': Messages?.[0]?.ReceiptHandle };
      await sqs('change-message-visibility', {
        'queue-url': url,
        ...handle,
        'visibility-timeout': 0,
      });
      expect(await sqs('receive-message', { 'queue-url': url })).toEqual({});

      const dead = await sqs('receive-message', { 'queue-url': deadLetters });
      expect(dead.Messages).toMatchObject([{ MessageId: sent.MessageId }]);
      expect(await sqs('list-dead-letter-source-queues', { 'queue-url': deadLetters })).toEqual({
        queueUrls: [url],
      });
      await sqs('delete-message', {
        'queue-url': deadLetters,
        'receipt-handle': dead.Messages?.[0]?.ReceiptHandle,
      });
      await sqs('purge-queue', { 'queue-url': url });
      await expect(sqs('purge-queue', { 'queue-url': url })).rejects.toThrow(
        '(AWS.SimpleQueueService.PurgeQueueInProgress)',
      );
    },
    longEnough,
  );

  test(
    'works in batches on a FIFO queue, and tells which entries failed',
    async () => {
      const url = await create('orders.fifo', {
        FifoQueue: 'true',
        ContentBasedDeduplication: 'true',
      });
      const entry = (Id: string, MessageBody: string, more: object = {}) => ({
        Id,
        MessageBody,
        MessageGroupId: 'g',
        ...more,
      });
      const sent = await sqs('send-message-batch', {
        'queue-url': url,
        entries: [entry('a', 'first'), entry('b', 'second'), entry('c', 'x', { DelaySeconds: 5 })],
      });
      expect(sent.Successful?.map(({ Id }) => Id)).toEqual(['a', 'b']);
      expect(sent.Failed).toMatchObject([
        { Id: 'c', Code: 'InvalidParameterValue', SenderFault: true },
      ]);
      const { Messages } = await sqs('receive-message', {
        'queue-url': url,
        'max-number-of-messages': 10,
      });
      expect(Messages?.map(({ Body }) => Body)).toEqual(['first', 'second']);
      const [first, second] = Messages?.map(({ ReceiptHandle }) => ReceiptHandle) ?? [];
      const hidden = await sqs('change-message-visibility-batch', {
        'queue-url': url,
        entries: [
          { Id: 'a', ReceiptHandle: first, VisibilityTimeout: 60 },
          { Id: 'b', ReceiptHandle: 'nonsense', VisibilityTimeout: 60 },
        ],
      });
      expect(hidden).toMatchObject({
        Successful: [{ Id: 'a' }],
        Failed: [{ Id: 'b', Code: 'ReceiptHandleIsInvalid' }],
      });
      const deleted = await sqs('delete-message-batch', {
        'queue-url': url,
        entries: [
          { Id: 'a', ReceiptHandle: first },
          { Id: 'b', ReceiptHandle: second },
        ],
      });
      expect(deleted.Successful).toEqual([{ Id: 'a' }, { Id: 'b' }]);
    },
    longEnough,
  );

  test.each([
    ['a body', 'send-message', { 'message-body': '' }, 'MissingParameter'],
    [
      'at most 10 messages',
      'receive-message',
      { 'max-number-of-messages': 11 },
      'InvalidParameterValue',
    ],
    ['a receipt handle', 'delete-message', { 'receipt-handle': 'x' }, 'ReceiptHandleIsInvalid'],
    [
      'known attributes',
      'set-queue-attributes',
      { attributes: { Colour: 'red' } },
      'InvalidAttributeName',
    ],
    [
      'distinct ids',
      'send-message-batch',
      { entries: [1, 2].map((n) => ({ Id: 'a', MessageBody: String(n) })) },
      'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
    ],
  ])(
    'fails without %s',
    async (_what, operation, options, code) => {
      const url = await create('errors');
      await expect(sqs(operation, { 'queue-url': url, ...options })).rejects.toThrow(`(${code})`);
    },
    longEnough,
  );
});

test(
  'SDK v3 in the query protocol over TLS moves dead letters back',
  async () => {
    const sqs = new SQS({
      endpoint: server.tlsEndpoint,
      region: 'eu-west-1',
      credentials: { accessKeyId: '111122223333', secretAccessKey: 'secret' },
      requestHandler: new NodeHttpHandler({
        httpsAgent: new Agent({ ca: await readFile(caFile) }),
      }),
      protocol: AwsQueryProtocol,
      protocolSettings: {
        defaultNamespace: 'com.amazonaws.sqs',
        xmlNamespace: 'http://queue.amazonaws.com/doc/2012-11-05/',
        version: '2012-11-05',
      },
    });
    const create = async (QueueName: string, Attributes: Record<string, string> = {}) =>
      (await sqs.createQueue({ QueueName, Attributes })).QueueUrl;
    const SourceArn = arn('sdk-dead-letters');
    const deadLetters = await create('sdk-dead-letters');
    const QueueUrl = await create('sdk-work', {
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: SourceArn, maxReceiveCount: 1 }),
    });
    expect(QueueUrl).toBe(`${server.tlsEndpoint}/111122223333/sdk-work`);
    const BinaryValue = Uint8Array.of(0, 1, 255);
    const { MessageId } = await sqs.sendMessage({
      QueueUrl,
      MessageBody: 'poison',
      MessageAttributes: { bytes: { DataType: 'Binary', BinaryValue } },
    });
    await sqs.receiveMessage({ QueueUrl, VisibilityTimeout: 0 });
    expect((await sqs.receiveMessage({ QueueUrl })).Messages).toBeUndefined();

    const { TaskHandle } = await sqs.startMessageMoveTask({ SourceArn });
    const { Messages } = await sqs.receiveMessage({
      QueueUrl,
      WaitTimeSeconds: 20,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['All'],
    });
    expect(Messages).toMatchObject([
      {
        Body: 'poison',
        Attributes: { ApproximateReceiveCount: '1' },
        MessageAttributes: { bytes: { DataType: 'Binary', BinaryValue } },
      },
    ]);
    // A message that is moved back is a new one.
    expect(Messages?.[0]?.MessageId).not.toBe(MessageId);
    const { Results } = await sqs.listMessageMoveTasks({ SourceArn });
    expect(Results).toMatchObject([{ SourceArn, ApproximateNumberOfMessagesMoved: 1 }]);
    await expect(sqs.cancelMessageMoveTask({ TaskHandle })).rejects.toThrow(
      'Only active tasks can be cancelled.',
    );
    await expect(sqs.purgeQueue({ QueueUrl: `${deadLetters}-2` })).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
      message: 'The specified queue does not exist for this wsdl version.',
    });
    sqs.destroy();
  },
  longEnough,
);
