import { EventBridge } from '@aws-sdk/client-eventbridge';
import { IAM } from '@aws-sdk/client-iam';
import { SQS } from '@aws-sdk/client-sqs';
import { Emulator } from '../../src';
import type { ManualClock } from '../../src/clock/clock';
import { account, Roles } from './support';

let aws: Emulator<ManualClock>;
let roles: Roles;
let events: EventBridge;
let sqs: SQS;

const EventPattern = '{"source":["shop"]}';
const arnOf = (resource: string) => `arn:aws:events:us-east-1:${account}:${resource}`;
const queueArn = `arn:aws:sqs:us-east-1:${account}:jobs`;

beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  roles = new Roles(aws);
  events = aws.client(EventBridge);
  sqs = aws.client(SQS);
});

afterEach(() => aws.stop());

const put = (client: EventBridge, more: object = {}) =>
  client.putEvents({ Entries: [{ Source: 'shop', DetailType: 'a', Detail: '{}', ...more }] });

/** A queue, and a rule that sends to it with a role if there is one. @returns the queue's URL */
async function ruleToQueue(Policy = '', RoleArn?: string): Promise<string> {
  const { QueueUrl = '' } = await sqs.createQueue({ QueueName: 'jobs', Attributes: { Policy } });
  await events.putRule({ Name: 'all', EventPattern });
  await events.putTargets({ Rule: 'all', Targets: [{ Id: 'q', Arn: queueArn, RoleArn }] });
  return QueueUrl;
}

/** How many messages a queue has once an event has been put. */
async function received(QueueUrl: string): Promise<number> {
  await put(events);
  await aws.clock.settle();
  const { Messages = [] } = await sqs.receiveMessage({ QueueUrl });
  return Messages.length;
}

function queuePolicy(condition: object): string {
  const Statement = {
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: queueArn,
    Condition: condition,
  };
  return JSON.stringify({ Version: '2012-10-17', Statement });
}

test('a role puts events on the buses that its policy names', async () => {
  await events.createEventBus({ Name: 'orders' });
  const orders = arnOf('event-bus/orders');
  await roles.create('shop', { actions: ['events:PutEvents'], resource: orders });
  const shop = await roles.client(EventBridge, 'shop');
  await put(shop, { EventBusName: 'orders' });
  await expect(put(shop)).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining(
      `is not authorized to perform: events:PutEvents on resource: ${arnOf('event-bus/default')}`,
    ),
  });
});

test("a bus's policy decides by the source of events", async () => {
  await events.putPermission({
    Policy: JSON.stringify({
      Version: '2012-10-17',
      Statement: {
        Effect: 'Deny',
        Principal: '*',
        Action: 'events:PutEvents',
        Resource: arnOf('event-bus/default'),
        Condition: { StringNotEquals: { 'events:source': 'shop' } },
      },
    }),
  });
  await put(events);
  await expect(put(events, { Source: 'elsewhere' })).rejects.toMatchObject({
    name: 'AccessDeniedException',
  });
});

test.each([
  [{ ArnEquals: { 'aws:SourceArn': arnOf('rule/all') } }, 1],
  [{ ArnEquals: { 'aws:SourceArn': arnOf('rule/another') } }, 0],
  [{ StringEquals: { 'aws:SourceAccount': account } }, 1],
  [{ StringEquals: { 'aws:SourceAccount': '111111111111' } }, 0],
])('a queue that lets EventBridge in under %j gets %d', async (condition, count) => {
  expect(await received(await ruleToQueue(queuePolicy(condition)))).toBe(count);
});

test("a target's role calls the target in place of EventBridge, if it trusts it and may", async () => {
  const RoleName = 'delivery';
  await roles.create(RoleName, { actions: ['sqs:SendMessage'], resource: queueArn });
  const url = await ruleToQueue('', roles.arn(RoleName));
  expect(await received(url)).toBe(0);
  await aws.client(IAM).updateAssumeRolePolicy({
    RoleName,
    PolicyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sts:AssumeRole',
      },
    }),
  });
  expect(await received(url)).toBe(1);
  await roles.allow(RoleName, 'sqs:ReceiveMessage');
  expect(await received(url)).toBe(0);
});

test('whoever gives a target a role has to be allowed to pass it', async () => {
  await roles.create('delivery');
  await events.putRule({ Name: 'all', EventPattern });
  await roles.create('editor', 'events:PutTargets');
  const editor = await roles.client(EventBridge, 'editor');
  const Targets = [{ Id: 'q', Arn: queueArn, RoleArn: roles.arn('delivery') }];
  await expect(editor.putTargets({ Rule: 'all', Targets })).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining(
      `is not authorized to perform: iam:PassRole on resource: ${roles.arn('delivery')}`,
    ),
  });
  await roles.allow('editor', 'events:PutTargets', {
    actions: ['iam:PassRole'],
    resource: roles.arn('delivery'),
  });
  await editor.putTargets({ Rule: 'all', Targets });
});
