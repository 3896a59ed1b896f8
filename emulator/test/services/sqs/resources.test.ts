import type { ResourceProperties } from '../../../src/cloudformation/provider';
import { resources } from '../../support/service-harness';
import { arnOf, startSqs } from './support';

function started() {
  const all = startSqs();
  const stack = resources(all.service);
  const createQueue = (properties: ResourceProperties) =>
    stack.create('AWS::SQS::Queue', properties);
  return { ...all, stack, createQueue };
}

test('a queue has its URL as Ref, and its ARN, name and URL as attributes', async () => {
  const { createQueue, attributes } = started();
  const { physicalId, attributes: attached } = await createQueue({
    QueueName: 'orders',
    VisibilityTimeout: 90,
    DelaySeconds: '5',
    Tags: [{ Key: 'team', Value: 'a' }],
  });
  expect(physicalId).toBe('http://127.0.0.1:4566/111122223333/orders');
  expect(attached).toEqual({ Arn: arnOf('orders'), QueueName: 'orders', QueueUrl: physicalId });
  expect(await attributes(physicalId)).toMatchObject({
    VisibilityTimeout: '90',
    DelaySeconds: '5',
  });
});

test('a queue without a name is given one, with the suffix of FIFO queues', async () => {
  const { createQueue, attributes } = started();
  const standard = await createQueue({});
  expect(standard.attributes.QueueName).toBe('test-thing-abcdefghijkl');
  const fifo = await createQueue({
    FifoQueue: true,
    ContentBasedDeduplication: true,
    DeduplicationScope: 'messageGroup',
    FifoThroughputLimit: 'perMessageGroupId',
  });
  expect(fifo.attributes.QueueName).toBe('test-thing-abcdefghijkl.fifo');
  expect(await attributes(fifo.physicalId)).toMatchObject({
    FifoQueue: 'true',
    ContentBasedDeduplication: 'true',
    FifoThroughputLimit: 'perMessageGroupId',
  });
});

test('redrive policies are objects in a template', async () => {
  const { createQueue, attributes } = started();
  await createQueue({ QueueName: 'dlq', RedriveAllowPolicy: { redrivePermission: 'allowAll' } });
  const { physicalId } = await createQueue({
    QueueName: 'orders',
    RedrivePolicy: { deadLetterTargetArn: arnOf('dlq'), maxReceiveCount: 3 },
  });
  const { RedrivePolicy = '' } = await attributes(physicalId, 'RedrivePolicy');
  expect(JSON.parse(RedrivePolicy)).toEqual({
    deadLetterTargetArn: arnOf('dlq'),
    maxReceiveCount: 3,
  });
});

test('stack and queue tags are both there', async () => {
  const { createQueue, service } = started();
  await createQueue({ QueueName: 'orders', Tags: [{ Key: 'team', Value: 'a' }] });
  expect(Object.fromEntries(service.queue(arnOf('orders'))?.tags ?? [])).toEqual({
    project: 'test',
    team: 'a',
  });
});

test('fails when the queue exists already', async () => {
  const { createQueue } = started();
  await createQueue({ QueueName: 'orders' });
  await expect(createQueue({ QueueName: 'orders' })).rejects.toThrow('already exists');
});

test('properties that are not known are named', () => {
  const { stack } = started();
  expect(stack.unsupported('AWS::SQS::Queue', { QueueName: 'x', Colour: 'red' })).toEqual([
    'Property Colour is not supported',
  ]);
});

test('a deleted queue leaves nothing, and its name is free at once', async () => {
  const { createQueue, stack, service } = started();
  const { physicalId } = await createQueue({ QueueName: 'orders' });
  await stack.delete('AWS::SQS::Queue', physicalId, {});
  expect(service.leaks()).toEqual([]);
  await stack.delete('AWS::SQS::Queue', physicalId, {});
  await createQueue({ QueueName: 'orders' });
});

const PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: '*' }],
};

test.each([
  ['AWS::SQS::QueuePolicy', (url: string) => ({ Queues: [url], PolicyDocument })],
  ['AWS::SQS::QueueInlinePolicy', (url: string) => ({ Queue: url, PolicyDocument })],
])('%s sets the queue’s policy and takes it away', async (type, properties) => {
  const { createQueue, stack, attributes } = started();
  const { physicalId: url } = await createQueue({ QueueName: 'orders' });
  const { physicalId } = await stack.create(type, properties(url));
  const { Policy = '' } = await attributes(url, 'Policy');
  expect(JSON.parse(Policy)).toEqual(PolicyDocument);
  await stack.delete(type, physicalId, properties(url));
  expect(await attributes(url, 'Policy')).toEqual({});
});
