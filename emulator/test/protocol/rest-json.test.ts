import * as lambda from '@aws-sdk/client-lambda';
import { InProcessTransport } from '../../src/gateway/in-process';
import { ServiceError } from '../../src/protocol/errors';
import { clientSettings, dispatcherOf, fakeService } from '../support/fake-service';

describe('Lambda', () => {
  function functions(handlers: Parameters<typeof fakeService<typeof lambda>>[2]) {
    const { dispatcher } = dispatcherOf([fakeService('lambda', lambda, handlers)]);
    return new lambda.Lambda({
      ...clientSettings,
      requestHandler: new InProcessTransport(dispatcher),
    });
  }

  test('binds path, query, headers, status and payload', async () => {
    const inputs: unknown[] = [];
    const client = functions({
      Invoke(input) {
        inputs.push({ ...input, Payload: Buffer.from(input.Payload ?? '').toString() });
        return { StatusCode: 202, FunctionError: 'Unhandled', Payload: Buffer.from('{"a":1}') };
      },
    });
    const FunctionName = 'arn:aws:lambda:eu-west-1:111122223333:function:f';
    const output = await client.invoke({
      FunctionName,
      Qualifier: '$LATEST',
      InvocationType: 'Event',
      Payload: '{"b":"ü"}',
    });
    expect(inputs).toEqual([
      { FunctionName, Qualifier: '$LATEST', InvocationType: 'Event', Payload: '{"b":"ü"}' },
    ]);
    expect(output).toMatchObject({ StatusCode: 202, FunctionError: 'Unhandled' });
    expect(output.Payload?.transformToString()).toBe('{"a":1}');
  });

  test('reads and writes JSON documents', async () => {
    const inputs: unknown[] = [];
    const client = functions({
      CreateFunction(input) {
        inputs.push(input);
        return { FunctionName: input.FunctionName, Timeout: 3 };
      },
    });
    const input = {
      FunctionName: 'f',
      Role: 'arn:aws:iam::111122223333:role/r',
      Code: { ZipFile: new Uint8Array([1, 2, 3]) },
      Environment: { Variables: { A: 'b' } },
    };
    await expect(client.createFunction(input)).resolves.toMatchObject({
      FunctionName: 'f',
      Timeout: 3,
    });
    expect(inputs).toEqual([{ ...input, Code: { ZipFile: Buffer.from([1, 2, 3]) } }]);
  });

  test('passes lists in the query', async () => {
    const inputs: unknown[] = [];
    const client = functions({
      UntagResource(input) {
        inputs.push(input);
        return {};
      },
    });
    const Resource = 'arn:aws:lambda:eu-west-1:111122223333:function:f';
    await client.untagResource({ Resource, TagKeys: ['a', 'b'] });
    expect(inputs).toEqual([{ Resource, TagKeys: ['a', 'b'] }]);
  });

  test('answers errors with their type, members and headers', async () => {
    const client = functions({
      Invoke() {
        throw new ServiceError('TooManyRequestsException', 'Rate Exceeded.', {
          members: {
            Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
            retryAfterSeconds: '1',
          },
        });
      },
    });
    await expect(client.invoke({ FunctionName: 'f' })).rejects.toMatchObject({
      name: 'TooManyRequestsException',
      message: 'Rate Exceeded.',
      Type: 'User',
      Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
      retryAfterSeconds: '1',
      $metadata: { httpStatusCode: 429 },
    });
  });

  test('fails with HTTP 501 naming an operation that the emulator lacks', async () => {
    await expect(functions({}).listFunctions({})).rejects.toMatchObject({
      name: 'NotImplemented',
      message: expect.stringContaining('lambda.ListFunctions'),
      $metadata: { httpStatusCode: 501 },
    });
  });
});
