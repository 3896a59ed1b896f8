import { autoScalingSetup, minute } from './setup';

const hook = { AutoScalingGroupName: 'workers', LifecycleHookName: 'hook' };
const queueArn = 'arn:aws:sqs:eu-west-1:111122223333:hooks';
const roleArn = 'arn:aws:iam::111122223333:role/hooks';

/** A group of one, with a hook on termination that tells a queue, whose desired capacity goes to zero. */
async function leaving(settings: object = {}) {
  const setup = autoScalingSetup();
  const { client, clock, group } = setup;
  await group({ DesiredCapacity: 1 });
  await client.putLifecycleHook({
    ...hook,
    LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
    NotificationTargetARN: queueArn,
    RoleARN: roleArn,
    NotificationMetadata: 'finish',
    HeartbeatTimeout: 300,
    ...settings,
  });
  setup.told.length = 0;
  setup.events.length = 0;
  await client.setDesiredCapacity({ AutoScalingGroupName: 'workers', DesiredCapacity: 0 });
  await clock.advance(minute);
  return {
    ...setup,
    state: async () => (await setup.instances())[0]?.LifecycleState,
  };
}

test('a hook holds an instance that is to go, and tells a queue and EventBridge', async () => {
  const { events, fleet, state, told } = await leaving();
  expect(await state()).toBe('Terminating:Wait');
  expect(fleet.machines[0]?.state).toBe('running');
  const detail = {
    AutoScalingGroupName: 'workers',
    Destination: 'EC2',
    EC2InstanceId: 'i-00000000000000000',
    LifecycleActionToken: expect.stringMatching(/^[0-9a-f-]{36}$/),
    LifecycleHookName: 'hook',
    LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
    NotificationMetadata: 'finish',
    Origin: 'AutoScalingGroup',
  };
  expect(events).toMatchObject([
    { detailType: 'EC2 Instance-terminate Lifecycle Action', source: 'aws.autoscaling', detail },
  ]);
  expect(told).toMatchObject([
    {
      to: queueArn,
      by: 'arn:aws:sts::111122223333:assumed-role/hooks/AutoScaling',
      message: { ...detail, AccountId: '111122223333', Service: 'AWS Auto Scaling' },
    },
  ]);
});

test('the instance goes when its action is completed, by token or by instance', async () => {
  const { client, clock, instances, told } = await leaving();
  await client.completeLifecycleAction({
    ...hook,
    LifecycleActionToken: String(told[0]?.message.LifecycleActionToken),
    LifecycleActionResult: 'CONTINUE',
  });
  await clock.advance(minute);
  expect(await instances()).toEqual([]);
  await expect(
    client.completeLifecycleAction({
      ...hook,
      InstanceId: 'i-00000000000000000',
      LifecycleActionResult: 'CONTINUE',
    }),
  ).rejects.toThrow('No active Lifecycle Action found with instance ID i-00000000000000000');
});

test('without a word the instance goes after the heartbeat timeout, which a heartbeat begins anew', async () => {
  const { client, clock, state } = await leaving();
  await clock.advance(3 * minute);
  await client.recordLifecycleActionHeartbeat({ ...hook, InstanceId: 'i-00000000000000000' });
  await clock.advance(4 * minute);
  expect(await state()).toBe('Terminating:Wait');
  await clock.advance(minute);
  expect(await state()).toBe('Terminating:Proceed');
});

test('a hook says for how long it holds an instance at the most', async () => {
  const { client } = await leaving({ HeartbeatTimeout: 30 });
  expect(await client.describeLifecycleHooks({ AutoScalingGroupName: 'workers' })).toMatchObject({
    LifecycleHooks: [{ HeartbeatTimeout: 30, GlobalTimeout: 3000, DefaultResult: 'ABANDON' }],
  });
});

test('an instance whose launch is abandoned is replaced', async () => {
  const { client, clock, group, instances } = autoScalingSetup();
  await group({
    DesiredCapacity: 1,
    LifecycleHookSpecificationList: [
      {
        LifecycleHookName: 'hook',
        LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
        HeartbeatTimeout: 120,
      },
    ],
  });
  expect(await instances()).toMatchObject([{ LifecycleState: 'Pending:Wait' }]);
  await client.completeLifecycleAction({
    ...hook,
    InstanceId: 'i-00000000000000000',
    LifecycleActionResult: 'ABANDON',
  });
  await clock.advance(2 * minute);
  expect(await instances()).toMatchObject([
    { InstanceId: 'i-00000000000000001', LifecycleState: 'Pending:Wait' },
  ]);
  await client.completeLifecycleAction({
    ...hook,
    InstanceId: 'i-00000000000000001',
    LifecycleActionResult: 'CONTINUE',
  });
  expect(await instances()).toMatchObject([{ LifecycleState: 'InService' }]);
  const { Activities = [] } = await client.describeScalingActivities({});
  expect(Activities.map(({ StatusCode }) => StatusCode)).toEqual([
    'Successful',
    'Successful',
    'Failed',
  ]);
});

test('connections drain before an instance goes', async () => {
  const arn = 'arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/web/1';
  const { client, clock, fleet, group, targetGroups } = autoScalingSetup();
  await group({ DesiredCapacity: 1, TargetGroupARNs: [arn] });
  expect([...targetGroups.targets]).toEqual([`${arn} i-00000000000000000`]);
  targetGroups.drains = 5 * minute;
  await client.setDesiredCapacity({ AutoScalingGroupName: 'workers', DesiredCapacity: 0 });
  await clock.advance(4 * minute);
  expect(targetGroups.targets.size).toBe(0);
  expect(fleet.machines[0]?.state).toBe('running');
  await clock.advance(minute);
  expect(fleet.machines[0]?.state).toBe('shutting-down');
});

test('a target that a load balancer finds unhealthy is replaced where the group asks for that', async () => {
  const arn = 'arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/web/1';
  const { causes, clock, group, instances, targetGroups } = autoScalingSetup();
  await group({ DesiredCapacity: 1, TargetGroupARNs: [arn], HealthCheckType: 'ELB' });
  targetGroups.find(arn, 'i-00000000000000000', false);
  await clock.advance(2 * minute);
  expect((await instances()).map(({ InstanceId }) => InstanceId)).toEqual(['i-00000000000000001']);
  expect((await causes())[1]).toMatch(/in response to an ELB system health check failure\.$/);
});

test.each([
  [{ HeartbeatTimeout: 10 }, 'Heartbeat Timeout must be between 30 and 7200 seconds.'],
  [{ LifecycleTransition: 'starting' }, 'Invalid Lifecycle Transition.'],
  [{ DefaultResult: 'MAYBE' }, 'The lifecycle action result must be CONTINUE or ABANDON.'],
  [{ NotificationTargetARN: queueArn }, 'A RoleARN must be given'],
])('a hook with %p is refused', async (settings, message) => {
  const { client, group } = autoScalingSetup();
  await group();
  await expect(
    client.putLifecycleHook({
      ...hook,
      LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
      ...settings,
    }),
  ).rejects.toThrow(message);
});
