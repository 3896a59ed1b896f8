import { SteppedClock } from '../../src/clock/manual-clock';
import { CustomResourceCallbacks, StackFailedError } from '../../src/cloudformation';
import { randomSource } from '../../src/random/random';
import { engine, holder } from './harness';

const serviceToken = 'arn:aws:lambda:us-east-1:000000000000:function:handler';
const custom = (properties: object = {}) => ({
  Resources: {
    Thing: { Type: 'Custom::Thing', Properties: { ServiceToken: serviceToken, ...properties } },
    Holder: holder({ 'Fn::GetAtt': ['Thing', 'Answer'] }),
  },
});

interface Request {
  readonly RequestType: string;
  readonly ResponseURL: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: Readonly<Record<string, unknown>>;
}

/** An engine whose custom resources are handled by `handler`, which returns what it puts to the URL. */
function setup(handler: (request: Request) => object | string | undefined) {
  const clock = new SteppedClock();
  const requests: Request[] = [];
  const callbacks: CustomResourceCallbacks = new CustomResourceCallbacks({
    clock,
    random: randomSource(1),
    responseUrl: async (token) => `https://127.0.0.1:4566/_emulator/responses/${token}`,
    invokeFunction: async (_arn, event) => {
      const request = event as Request;
      requests.push(request);
      const response = handler(request);
      if (response === undefined) return;
      const token = request.ResponseURL.slice(request.ResponseURL.lastIndexOf('/') + 1);
      callbacks.respond(token, typeof response === 'string' ? response : JSON.stringify(response));
    },
  });
  const base = engine({
    clock,
    invokeCustomResource: (event, target) => callbacks.invoke(event, target),
  });
  return { ...base, clock, requests, callbacks };
}

const success = { Status: 'SUCCESS', PhysicalResourceId: 'thing-1', Data: { Answer: '42' } };

test('custom resources are unsupported, by name, where nothing handles them', async () => {
  await expect(engine().create(custom())).rejects.toThrow('resource type Custom::Thing (Thing)');
});

describe('a custom resource behind a function', () => {
  test('is created and deleted by what the function puts to its ResponseURL', async () => {
    const { create, remove, parameters, requests } = setup(() => success);
    const stack = await create(custom({ Size: 3, Deep: { On: true } }));
    expect(stack.resource('Thing')?.state?.physicalId).toBe('thing-1');
    expect(parameters.properties('Holder').Value).toBe('42');
    await remove();
    expect(requests).toMatchObject([
      {
        RequestType: 'Create',
        ResourceType: 'Custom::Thing',
        LogicalResourceId: 'Thing',
        ServiceToken: serviceToken,
        ResponseURL: expect.stringMatching(/responses\/[0-9a-f]{32}$/),
        ResourceProperties: { ServiceToken: serviceToken, Size: '3', Deep: { On: 'true' } },
      },
      { RequestType: 'Delete', PhysicalResourceId: 'thing-1' },
    ]);
  });

  test('is asked to update, and to delete the old resource if it answers with another id', async () => {
    const { create, update, requests } = setup(({ ResourceProperties: properties }) => ({
      ...success,
      PhysicalResourceId: `thing-${properties.Size}`,
    }));
    const stack = await create(custom({ Size: 1 }));
    await update(custom({ Size: 2 }));
    expect(requests).toMatchObject([
      { RequestType: 'Create' },
      {
        RequestType: 'Update',
        PhysicalResourceId: 'thing-1',
        ResourceProperties: { Size: '2' },
        OldResourceProperties: { Size: '1' },
      },
      { RequestType: 'Delete', PhysicalResourceId: 'thing-1', ResourceProperties: { Size: '1' } },
    ]);
    expect(stack.resource('Thing')?.state?.physicalId).toBe('thing-2');
  });

  test('fails when an update names another function', async () => {
    const { create, update } = setup(() => success);
    await create(custom());
    await expect(update(custom({ ServiceToken: `${serviceToken}2` }))).rejects.toThrow(
      'Modifying service token is not allowed.',
    );
  });

  test('of the type AWS::CloudFormation::CustomResource takes any properties', async () => {
    const { create, requests } = setup(() => success);
    const { Thing: thing } = custom({ Any: 'thing' }).Resources;
    await create({
      Resources: { Thing: { ...thing, Type: 'AWS::CloudFormation::CustomResource' } },
    });
    expect(requests).toMatchObject([{ ResourceType: 'AWS::CloudFormation::CustomResource' }]);
  });

  test.each<[string, object | string, string]>([
    [
      'FAILED',
      { Status: 'FAILED', Reason: 'too big' },
      'Received response status [FAILED] from custom resource. Message returned: too big (RequestId: ',
    ],
    ['without a physical id', { Status: 'SUCCESS' }, 'Invalid PhysicalResourceId'],
    [
      'with more than 4 KiB',
      { ...success, Reason: 'x'.repeat(4096) },
      'Response object is too long.',
    ],
    ['that is not JSON', 'oops', 'Response is not valid JSON'],
  ])('fails on an answer %s', async (_name, response, reason) => {
    const { create } = setup(() => response);
    await expect(create(custom())).rejects.toThrow(`Thing (Custom::Thing): ${reason}`);
  });

  test('is asked to delete what it made before it failed', async () => {
    const { create, requests } = setup(({ RequestType: type }) =>
      type === 'Create'
        ? { Status: 'FAILED', Reason: 'half', PhysicalResourceId: 'half-1' }
        : success,
    );
    await expect(create(custom())).rejects.toThrow(StackFailedError);
    expect(requests).toMatchObject([
      { RequestType: 'Create' },
      { RequestType: 'Delete', PhysicalResourceId: 'half-1' },
    ]);
  });

  test('fails when the function fails without an answer', async () => {
    const { create } = setup(() => {
      throw new Error('boom');
    });
    await expect(create(custom())).rejects.toThrow('The handler failed without a response: boom');
  });

  test('fails when its service timeout passes without an answer', async () => {
    const { callbacks, clock } = setup(() => undefined);
    const answer = callbacks.invoke(
      {
        RequestType: 'Create',
        RequestId: 'r',
        StackId: 's',
        ResourceType: 'Custom::Thing',
        LogicalResourceId: 'Thing',
        ResourceProperties: { ServiceTimeout: '60' },
      },
      {
        serviceToken,
        account: '000000000000',
        region: 'us-east-1',
        caller: {
          kind: 'developer',
          account: '000000000000',
          arn: 'arn:aws:iam::000000000000:root',
        },
      },
    );
    const settled = expect(answer).rejects.toThrow('did not receive a response');
    await new Promise(setImmediate);
    await clock.advance(60_000);
    await settled;
  });

  test('refuses a topic as its handler, by name', async () => {
    const { create } = setup(() => success);
    const topic = 'arn:aws:sns:us-east-1:000000000000:topic';
    await expect(create(custom({ ServiceToken: topic }))).rejects.toThrow(
      `does not implement custom resources behind ${topic}`,
    );
  });

  test('nobody waits for an unknown token', () => {
    expect(setup(() => success).callbacks.respond('nope', '{}')).toBe(false);
  });
});
