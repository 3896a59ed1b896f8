import { EventBridge } from '@aws-sdk/client-eventbridge';
import { account, EventBench, region } from './support';

let bench: EventBench;
let events: EventBridge;

beforeEach(async () => {
  bench = await EventBench.start();
  ({ events } = bench);
});

afterEach(() => bench.stop());

const EventPattern = '{"source":["shop"]}';
const queueArn = `arn:aws:sqs:${region}:${account}:orders`;
const validation = (message: string) => ({ name: 'ValidationException', message });

describe('buses', () => {
  test('are made, described, changed, listed and deleted', async () => {
    const arn = `arn:aws:events:${region}:${account}:event-bus/orders`;
    expect(await events.createEventBus({ Name: 'orders', Description: 'one' })).toMatchObject({
      EventBusArn: arn,
    });
    const created = new Date('2035-01-01T00:00:00Z');
    expect(await events.describeEventBus({ Name: arn })).toMatchObject({
      Name: 'orders',
      Arn: arn,
      Description: 'one',
      CreationTime: created,
      LastModifiedTime: created,
    });
    await events.updateEventBus({ Name: 'orders', Description: 'two' });
    const { EventBuses } = await events.listEventBuses({ NamePrefix: 'ord' });
    expect(EventBuses).toMatchObject([{ Name: 'orders', Description: 'two' }]);
    const first = await events.listEventBuses({ Limit: 1 });
    const second = await events.listEventBuses({ Limit: 1, NextToken: first.NextToken });
    expect([first, second].map((page) => page.EventBuses?.[0]?.Name)).toEqual([
      'default',
      'orders',
    ]);
    expect(second.NextToken).toBeUndefined();
    await events.deleteEventBus({ Name: 'orders' });
    await events.deleteEventBus({ Name: 'orders' });
    await expect(events.describeEventBus({ Name: 'orders' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Event bus orders does not exist.',
    });
  });

  test('have names of their own, and the default one stays', async () => {
    await events.createEventBus({ Name: 'orders' });
    await expect(events.createEventBus({ Name: 'orders' })).rejects.toMatchObject({
      name: 'ResourceAlreadyExistsException',
      message: 'Event bus orders already exists.',
    });
    await expect(events.createEventBus({ Name: 'a b' })).rejects.toMatchObject({
      name: 'ValidationException',
    });
    await expect(events.deleteEventBus({ Name: 'default' })).rejects.toMatchObject(
      validation('Cannot delete event bus default.'),
    );
  });

  test('with rules stay until the rules are gone', async () => {
    await events.createEventBus({ Name: 'orders' });
    await events.putRule({ Name: 'all', EventBusName: 'orders', EventPattern });
    await expect(events.deleteEventBus({ Name: 'orders' })).rejects.toMatchObject({
      name: 'ValidationException',
    });
    await events.deleteRule({ Name: 'all', EventBusName: 'orders' });
    await events.deleteEventBus({ Name: 'orders' });
    expect(bench.aws.leaks()).toEqual([]);
  });

  test('keep a policy of statements', async () => {
    const put = (StatementId: string, Principal: string) =>
      events.putPermission({ StatementId, Principal, Action: 'events:PutEvents' });
    await expect(events.removePermission({ StatementId: 'one' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'EventBus does not have a policy.',
    });
    await put('one', '111122223333');
    await put('two', '*');
    const { Arn, Policy = '' } = await events.describeEventBus({});
    expect(JSON.parse(Policy)).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'one',
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::111122223333:root' },
          Action: 'events:PutEvents',
          Resource: Arn,
        },
        { Sid: 'two', Effect: 'Allow', Principal: '*', Action: 'events:PutEvents', Resource: Arn },
      ],
    });
    await expect(events.removePermission({ StatementId: 'three' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Statement with the provided id does not exist.',
    });
    await events.removePermission({ RemoveAllPermissions: true });
    expect((await events.describeEventBus({})).Policy).toBeUndefined();
    await expect(
      events.putPermission({
        Policy: JSON.stringify({
          Version: '2012-10-17',
          Statement: {
            Effect: 'Allow',
            Principal: '*',
            Action: 'events:PutEvents',
            Resource: Arn,
            Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o'.repeat(10_240) } },
          },
        }),
      }),
    ).rejects.toMatchObject({ name: 'PolicyLengthExceededException' });
  });
});

describe('rules', () => {
  test('are put, described, listed, disabled and deleted', async () => {
    const RuleArn = `arn:aws:events:${region}:${account}:rule/all`;
    expect(
      await events.putRule({
        Name: 'all',
        EventPattern,
        Description: 'everything',
        Tags: [{ Key: 'team', Value: 'shop' }],
      }),
    ).toMatchObject({ RuleArn });
    const rule = {
      Name: 'all',
      Arn: RuleArn,
      EventPattern,
      State: 'ENABLED',
      Description: 'everything',
      EventBusName: 'default',
    };
    expect(await events.describeRule({ Name: 'all' })).toMatchObject({
      ...rule,
      CreatedBy: account,
    });
    expect((await events.listRules({ NamePrefix: 'a' })).Rules).toEqual([rule]);
    expect((await events.listTagsForResource({ ResourceARN: RuleArn })).Tags).toEqual([
      { Key: 'team', Value: 'shop' },
    ]);
    // Whatever a second call leaves out is gone, but for the tags.
    await events.putRule({ Name: 'all', EventPattern, State: 'DISABLED', Tags: [] });
    const changed = await events.describeRule({ Name: 'all' });
    expect(changed).toMatchObject({ State: 'DISABLED' });
    expect(changed.Description).toBeUndefined();
    await events.untagResource({ ResourceARN: RuleArn, TagKeys: ['team'] });
    expect((await events.listTagsForResource({ ResourceARN: RuleArn })).Tags).toEqual([]);
    await events.enableRule({ Name: 'all' });
    expect((await events.describeRule({ Name: 'all' })).State).toBe('ENABLED');
    await events.deleteRule({ Name: 'all' });
    await events.deleteRule({ Name: 'all' });
    await expect(events.describeRule({ Name: 'all' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Rule all does not exist on EventBus default.',
    });
  });

  test('that are disabled get no events', async () => {
    const queue = await bench.queue('orders');
    await bench.rule('all', { source: ['shop'] }, [{ Arn: queue.arn }]);
    await events.disableRule({ Name: 'all' });
    await bench.put({ order: 1 });
    await events.enableRule({ Name: 'all' });
    await bench.put({ order: 2 });
    expect((await queue.bodies()).map((body) => JSON.parse(body).detail)).toEqual([{ order: 2 }]);
  });

  test.each([
    [{}, 'Parameter(s) EventPattern or ScheduleExpression must be specified.'],
    [{ ScheduleExpression: 'rate(1 minutes)' }, 'Parameter ScheduleExpression is not valid.'],
    [{ ScheduleExpression: 'rate(0 minutes)' }, 'Parameter ScheduleExpression is not valid.'],
    [{ ScheduleExpression: 'cron(0 12 * * ?)' }, 'Parameter ScheduleExpression is not valid.'],
    [{ ScheduleExpression: 'cron(0 12 * * * *)' }, 'Parameter ScheduleExpression is not valid.'],
    [
      { ScheduleExpression: 'rate(5 minutes)', EventBusName: 'orders' },
      'ScheduleExpression is supported only on the default event bus.',
    ],
  ])('%j is no rule', async (input, message) => {
    await events.createEventBus({ Name: 'orders' });
    await expect(events.putRule({ Name: 'all', ...input })).rejects.toMatchObject(
      validation(message),
    );
  });
});

describe('targets', () => {
  beforeEach(() => events.putRule({ Name: 'all', EventPattern }));

  test('are put, listed, found by their ARN, and removed before the rule goes', async () => {
    const Targets = [
      { Id: 'a', Arn: queueArn, RetryPolicy: { MaximumRetryAttempts: 3 } },
      { Id: 'b', Arn: queueArn, Input: '{"a":1}' },
    ];
    expect(await events.putTargets({ Rule: 'all', Targets })).toMatchObject({
      FailedEntryCount: 0,
      FailedEntries: [],
    });
    expect((await events.listTargetsByRule({ Rule: 'all' })).Targets).toEqual(Targets);
    const { RuleNames } = await events.listRuleNamesByTarget({ TargetArn: queueArn });
    expect(RuleNames).toEqual(['all']);
    await expect(events.deleteRule({ Name: 'all' })).rejects.toMatchObject(
      validation("Rule can't be deleted since it has targets."),
    );
    await events.removeTargets({ Rule: 'all', Ids: ['a', 'b', 'c'] });
    await events.deleteRule({ Name: 'all' });
    await expect(events.putTargets({ Rule: 'all', Targets })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  test('are five at most', async () => {
    const Targets = Array.from({ length: 6 }, (_, index) => ({ Id: `t${index}`, Arn: queueArn }));
    await expect(events.putTargets({ Rule: 'all', Targets })).rejects.toMatchObject({
      name: 'LimitExceededException',
    });
    expect((await events.listTargetsByRule({ Rule: 'all' })).Targets).toEqual([]);
  });

  test.each([
    [{ Arn: 'queue' }, /^Parameter Arn is not valid/],
    [{ Arn: `${queueArn}.fifo` }, /^Parameter\(s\) MessageGroupId must be specified for target: t/],
    [{ Arn: queueArn, Input: '{' }, /^JSON syntax error in input for target t/],
    [{ Arn: queueArn, Input: '1', InputPath: '$.detail' }, /^Only one of Input, InputPath/],
    [{ Arn: queueArn, InputPath: 'detail' }, /^Invalid JSON path/],
    [{ Arn: queueArn, InputTransformer: { InputTemplate: '<a>' } }, /^Invalid InputTemplate/],
    [{ Arn: queueArn, RetryPolicy: { MaximumRetryAttempts: 186 } }, /^MaximumRetryAttempts/],
    [{ Arn: queueArn, RetryPolicy: { MaximumEventAgeInSeconds: 59 } }, /^MaximumEventAge/],
    [
      { Arn: queueArn, DeadLetterConfig: { Arn: `${queueArn}.fifo` } },
      /must be a standard SQS queue/,
    ],
    [
      { Arn: `arn:aws:states:${region}:${account}:stateMachine:orders` },
      /does not implement arn:aws:states:\S+ as a target of a rule$/,
    ],
    [{ Arn: queueArn, EcsParameters: { TaskDefinitionArn: 'a' } }, /parameter EcsParameters/],
  ])('%j is none', async (target, message) => {
    await expect(
      events.putTargets({ Rule: 'all', Targets: [{ Id: 't', ...target }] }),
    ).rejects.toMatchObject({ message: expect.stringMatching(message) });
  });
});

test('rules of another account are refused by name', async () => {
  const other = bench.aws.client(EventBridge, { account: '111122223333' });
  await expect(
    other.putRule({
      Name: 'all',
      EventPattern,
      EventBusName: `arn:aws:events:${region}:${account}:event-bus/default`,
    }),
  ).rejects.toThrow("rules on another account's event bus");
});
