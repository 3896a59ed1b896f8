import * as sqs from '@aws-sdk/client-sqs';
import * as sts from '@aws-sdk/client-sts';
import { AwsQueryProtocol } from '@aws-sdk/core/protocols';
import { InProcessTransport } from '../../src/gateway/in-process';
import { ServiceError } from '../../src/protocol/errors';
import { clientSettings, dispatcherOf, fakeService } from '../support/fake-service';

function queueService(calls: unknown[] = []) {
  return fakeService('sqs', sqs, {
    SendMessage(input, context) {
      calls.push({ input, context });
      return { MessageId: 'id-1', MD5OfMessageBody: 'abc' };
    },
    SendMessageBatch: (input) => ({
      Successful: input.Entries.map((entry) => ({
        Id: entry.Id,
        MessageId: entry.MessageBody,
        MD5OfMessageBody: '',
      })),
      Failed: [],
    }),
    async ReceiveMessage(_input, context) {
      const body = await context.park<string>((wake) => {
        calls.push(wake);
      });
      return {
        Messages: [
          {
            Body: body,
            MessageAttributes: {
              bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2, 255]) },
            },
          },
        ],
      };
    },
    DeleteQueue() {
      throw new ServiceError('QueueDoesNotExist', 'The specified queue does not exist.', {
        queryMessage: 'The specified queue does not exist for this wsdl version.',
      });
    },
    PurgeQueue() {
      throw new sqs.PurgeQueueInProgress({ message: 'Only one a minute', $metadata: {} });
    },
    GetQueueUrl: () => Object.assign({ QueueUrl: 'x' }, { QueueUrll: 'misspelt' }),
    DeleteMessage: () => ({}),
    TagQueue(input) {
      calls.push(input);
      return {};
    },
  });
}

function clientOf(protocol: string, service = queueService()) {
  const { dispatcher, clock } = dispatcherOf([service]);
  const client = new sqs.SQS({
    ...clientSettings,
    requestHandler: new InProcessTransport(dispatcher),
    md5: false,
    ...(protocol === 'awsQuery'
      ? {
          protocol: AwsQueryProtocol,
          protocolSettings: {
            defaultNamespace: 'com.amazonaws.sqs',
            xmlNamespace: 'http://queue.amazonaws.com/doc/2012-11-05/',
            version: '2012-11-05',
          },
        }
      : {}),
  });
  return { client, dispatcher, clock };
}

const QueueUrl = 'http://127.0.0.1:4566/111122223333/orders';

describe.each(['awsJson1_0', 'awsQuery'])('SQS in %s', (protocol) => {
  test('passes every kind of input member to the handler', async () => {
    const calls: { input: unknown; context: Record<string, unknown> }[] = [];
    const { client } = clientOf(protocol, queueService(calls));
    await expect(
      client.sendMessage({
        QueueUrl,
        MessageBody: 'grüße <&> "\u2028',
        DelaySeconds: 3,
        MessageAttributes: {
          text: { DataType: 'String', StringValue: 'a=b&c' },
          bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 200]) },
        },
      }),
    ).resolves.toMatchObject({ MessageId: 'id-1', MD5OfMessageBody: 'abc' });
    expect(calls).toMatchObject([
      {
        input: {
          QueueUrl,
          MessageBody: 'grüße <&> "\u2028',
          DelaySeconds: 3,
          MessageAttributes: {
            text: { DataType: 'String', StringValue: 'a=b&c' },
            bytes: { DataType: 'Binary', BinaryValue: Buffer.from([0, 200]) },
          },
        },
        context: {
          account: '111122223333',
          region: 'eu-west-1',
          service: 'sqs',
          operation: 'SendMessage',
          origin: 'http://127.0.0.1:4566',
          caller: { kind: 'developer', account: '111122223333' },
        },
      },
    ]);
  });

  test('passes lists of structures both ways', async () => {
    const { client } = clientOf(protocol);
    const output = await client.sendMessageBatch({
      QueueUrl,
      Entries: ['a', 'b', 'c'].map((Id) => ({ Id, MessageBody: `body ${Id}` })),
    });
    expect(output.Successful?.map(({ Id, MessageId }) => [Id, MessageId])).toEqual([
      ['a', 'body a'],
      ['b', 'body b'],
      ['c', 'body c'],
    ]);
  });

  test('passes maps of strings', async () => {
    const calls: unknown[] = [];
    const { client } = clientOf(protocol, queueService(calls));
    await client.tagQueue({ QueueUrl, Tags: { team: 'orders', '': 'empty' } });
    expect(calls).toEqual([{ QueueUrl, Tags: { team: 'orders', '': 'empty' } }]);
  });

  test('answers an operation without output', async () => {
    const { client } = clientOf(protocol);
    await expect(client.deleteMessage({ QueueUrl, ReceiptHandle: 'x' })).resolves.toMatchObject({
      $metadata: { httpStatusCode: 200, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });
  });

  test('lets emulated time pass while a long poll is parked, and not after it has been woken', async () => {
    const calls: unknown[] = [];
    const { client, clock } = clientOf(protocol, queueService(calls));
    const received = client.receiveMessage({ QueueUrl, WaitTimeSeconds: 20 });
    await clock.settle();
    while (calls.length === 0) await clock.settle();
    await clock.advance(1000);
    const [wake] = calls;
    if (typeof wake !== 'function') throw new Error('not parked');
    wake('late');
    expect(clock.pending().join()).toContain('sqs.ReceiveMessage');
    const { Messages } = await received;
    expect(Messages?.[0]?.Body).toBe('late');
    expect(Messages?.[0]?.MessageAttributes?.bytes?.BinaryValue).toEqual(
      new Uint8Array([1, 2, 255]),
    );
    expect(clock.pending().join()).not.toContain('sqs.ReceiveMessage');
  });

  test('answers with errors that the model knows, by name and by query code', async () => {
    const { client } = clientOf(protocol);
    const error = await client.deleteQueue({ QueueUrl }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(sqs.QueueDoesNotExist);
    expect(error).toMatchObject({
      message:
        protocol === 'awsQuery'
          ? 'The specified queue does not exist for this wsdl version.'
          : 'The specified queue does not exist.',
      $fault: 'client',
      $metadata: { httpStatusCode: 400 },
      Code: 'AWS.SimpleQueueService.NonExistentQueue',
    });
  });

  test('answers with exceptions of the SDK that a handler throws', async () => {
    const { client } = clientOf(protocol);
    await expect(client.purgeQueue({ QueueUrl })).rejects.toThrow(sqs.PurgeQueueInProgress);
  });

  test('fails when a required member is missing', async () => {
    const { client } = clientOf(protocol);
    await expect(client.sendMessage({ QueueUrl, MessageBody: undefined })).rejects.toMatchObject({
      name: 'MissingParameter',
      message: 'The request must contain the parameter MessageBody.',
    });
  });

  test('fails when a required member is missing in a batch', async () => {
    const { client } = clientOf(protocol);
    const Entries = [
      { Id: 'a', MessageBody: 'a' },
      { Id: 'b', MessageBody: undefined },
    ];
    await expect(client.sendMessageBatch({ QueueUrl, Entries })).rejects.toMatchObject({
      message: 'The request must contain the parameter SendMessageBatchRequestEntry.2.MessageBody.',
    });
  });

  test('fails with HTTP 501 naming an operation that the emulator lacks', async () => {
    const { client } = clientOf(protocol);
    await expect(client.listQueues({})).rejects.toMatchObject({
      name: 'NotImplemented',
      message: expect.stringContaining('sqs.ListQueues'),
      $metadata: { httpStatusCode: 501 },
    });
  });

  test('fails when a handler returns a member that the schema lacks, and says so once', async () => {
    const stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    const { client } = clientOf(protocol);
    await expect(client.getQueueUrl({ QueueName: 'x' })).rejects.toMatchObject({
      name: 'InternalFailure',
      message: expect.stringContaining('QueueUrll'),
      $metadata: { httpStatusCode: 500 },
    });
    expect(stderr).toHaveBeenCalledTimes(1);
    stderr.mockRestore();
  });
});

test('null counts as absent in JSON, in structures and in maps', async () => {
  const calls: unknown[] = [];
  const { dispatcher } = clientOf('awsJson1_0', queueService(calls));
  const { status } = await dispatcher.handle({
    method: 'POST',
    path: '/',
    query: '',
    headers: { 'x-amz-target': 'AmazonSQS.TagQueue' },
    body: Buffer.from(JSON.stringify({ QueueUrl, Tags: { a: null, b: 'c' } })),
    origin: 'http://127.0.0.1:4566',
    signal: new AbortController().signal,
  });
  expect(status).toBe(200);
  expect(calls).toEqual([{ QueueUrl, Tags: { b: 'c' } }]);
});

describe('errors of SQS, byte for byte', () => {
  const answerTo = async (headers: Record<string, string>, body: string) => {
    const { dispatcher } = clientOf('awsJson1_0');
    return dispatcher.handle({
      method: 'POST',
      path: '/',
      query: '',
      headers,
      body: Buffer.from(body),
      origin: 'http://127.0.0.1:4566',
      signal: new AbortController().signal,
    });
  };

  test('name the shape in JSON and the older code in a header', async () => {
    const answer = await answerTo({ 'x-amz-target': 'AmazonSQS.SendMessage' }, '{}');
    expect(answer.headers).toMatchObject({ 'x-amzn-query-error': 'MissingParameter;Sender' });
    expect(JSON.parse(String(answer.body))).toEqual({
      __type: 'com.amazon.coral.service#MissingRequiredParameterException',
      message: 'The request must contain the parameter QueueUrl.',
    });
  });

  test('have an empty detail in XML', async () => {
    const { body } = await answerTo(
      { 'content-type': 'application/x-www-form-urlencoded' },
      `Action=DeleteQueue&Version=2012-11-05&QueueUrl=${encodeURIComponent(QueueUrl)}`,
    );
    expect(body).toContain(
      '<Error><Type>Sender</Type><Code>AWS.SimpleQueueService.NonExistentQueue</Code>' +
        '<Message>The specified queue does not exist for this wsdl version.</Message><Detail/></Error>',
    );
  });
});

describe('STS', () => {
  test('speaks the query protocol', async () => {
    const { dispatcher } = dispatcherOf([
      fakeService('sts', sts, {
        GetCallerIdentity: (_input, { caller }) => ({ Account: caller.account, Arn: caller.arn }),
        AssumeRole: () => ({ Credentials: undefined }),
      }),
    ]);
    const client = new sts.STS({
      ...clientSettings,
      requestHandler: new InProcessTransport(dispatcher),
    });
    await expect(client.getCallerIdentity({})).resolves.toMatchObject({
      Account: '111122223333',
      Arn: 'arn:aws:iam::111122223333:root',
    });
    await expect(
      client.assumeRole({ RoleArn: undefined, RoleSessionName: undefined }),
    ).rejects.toMatchObject({
      name: 'ValidationError',
      message:
        "2 validation errors detected: Value null at 'roleArn' failed to satisfy constraint: Member must not be null; " +
        "Value null at 'roleSessionName' failed to satisfy constraint: Member must not be null",
    });
  });
});
