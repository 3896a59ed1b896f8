import { AutoScaling } from '@aws-sdk/client-auto-scaling';
import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { Duration } from 'aws-cdk-lib';
import { Emulator, type ManualClock } from '../../../src';

let aws: Emulator<ManualClock>;
let client: AutoScaling;
let cloudFormation: CloudFormation;
beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  client = aws.client(AutoScaling);
  cloudFormation = aws.client(CloudFormation);
});
afterEach(() => aws.stop());

const image =
  '{{resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64}}';

/** A group whose instances say `text` in their user data. */
function template(text: string, group: object = {}, attributes: object = {}) {
  return JSON.stringify({
    Resources: {
      Template: {
        Type: 'AWS::EC2::LaunchTemplate',
        Properties: {
          LaunchTemplateData: {
            ImageId: image,
            InstanceType: 't3.micro',
            UserData: Buffer.from(text).toString('base64'),
          },
        },
      },
      Group: {
        Type: 'AWS::AutoScaling::AutoScalingGroup',
        Properties: {
          AutoScalingGroupName: 'workers',
          AvailabilityZones: ['us-east-1a', 'us-east-1b'],
          LaunchTemplate: {
            LaunchTemplateId: { Ref: 'Template' },
            Version: { 'Fn::GetAtt': ['Template', 'LatestVersionNumber'] },
          },
          MinSize: '2',
          MaxSize: '4',
          ...group,
        },
        ...attributes,
      },
    },
  });
}

async function create(TemplateBody: string) {
  await cloudFormation.createStack({ StackName: 'Work', TemplateBody });
  await aws.clock.settle();
}

async function update(TemplateBody: string) {
  await cloudFormation.updateStack({ StackName: 'Work', TemplateBody });
  await aws.clock.advance(Duration.hours(1));
  const { Stacks: [stack] = [] } = await cloudFormation.describeStacks({ StackName: 'Work' });
  return stack?.StackStatus;
}

async function group() {
  const { AutoScalingGroups: [found] = [] } = await client.describeAutoScalingGroups({});
  if (!found) throw new Error('no group');
  return found;
}

const versions = async () =>
  (await group()).Instances?.map(({ LaunchTemplate }) => LaunchTemplate?.Version);
const rolling = (policy: object) => ({ UpdatePolicy: { AutoScalingRollingUpdate: policy } });

test('a group is there with its instances, without any time passing, and goes with them', async () => {
  const start = aws.clock.now();
  await create(template('one'));
  expect((await group()).Instances).toMatchObject([
    { LifecycleState: 'InService' },
    { LifecycleState: 'InService' },
  ]);
  await cloudFormation.deleteStack({ StackName: 'Work' });
  await aws.clock.settle();
  expect(aws.clock.now()).toBe(start);
  expect(aws.leaks().filter((leak) => !leak.includes(':instance/'))).toEqual([]);
});

test('a rolling update replaces the instances, new ones first where too few would be left', async () => {
  await create(template('one'));
  const policy = rolling({ MaxBatchSize: 1, MinInstancesInService: 2 });
  expect(await update(template('two', {}, policy))).toBe('UPDATE_COMPLETE');
  expect(await versions()).toEqual(['2', '2']);
  const { Activities = [] } = await client.describeScalingActivities({});
  // Launched, launched; then one more before each that goes.
  expect(Activities.reverse().map(({ Description = '' }) => Description.split(' ')[0])).toEqual([
    'Launching',
    'Launching',
    'Launching',
    'Terminating',
    'Launching',
    'Terminating',
  ]);
});

test('a rolling update waits for the hooks of the instances that go', async () => {
  const hook = {
    LifecycleHookSpecificationList: [
      {
        LifecycleHookName: 'finish',
        LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
        HeartbeatTimeout: 300,
      },
    ],
  };
  await create(template('one', hook));
  const start = aws.clock.now();
  await cloudFormation.updateStack({
    StackName: 'Work',
    TemplateBody: template('two', hook, rolling({ MaxBatchSize: 2 })),
  });
  await aws.clock.advance(Duration.minutes(4));
  expect((await group()).Instances?.map(({ LifecycleState }) => LifecycleState)).toEqual([
    'Terminating:Wait',
    'Terminating:Wait',
    'InService',
    'InService',
  ]);
  await aws.clock.advance(Duration.minutes(1));
  expect(await versions()).toEqual(['2', '2']);
  expect(aws.clock.now() - start).toBe(300_000);
});

test('functions of an update policy are evaluated with those of the properties', async () => {
  const policy = rolling({
    MaxBatchSize: { Ref: 'BatchSize' },
    MinInstancesInService: { 'Fn::If': ['Careful', 2, { Ref: 'AWS::NoValue' }] },
    WaitOnResourceSignals: { 'Fn::If': ['Careful', false, true] },
  });
  const parametrised = (text: string) =>
    JSON.stringify({
      Parameters: {
        BatchSize: { Type: 'Number', Default: 2 },
        Careful: { Type: 'String', Default: 'no' },
      },
      Conditions: { Careful: { 'Fn::Equals': [{ Ref: 'Careful' }, 'yes'] } },
      ...JSON.parse(template(text, {}, policy)),
    });
  const as = (Careful: string) => [{ ParameterKey: 'Careful', ParameterValue: Careful }];
  const create = (Careful: string) =>
    cloudFormation.createStack({
      StackName: 'Work',
      TemplateBody: parametrised('one'),
      Parameters: as(Careful),
    });
  await expect(create('no')).rejects.toThrow(
    'UpdatePolicy AutoScalingRollingUpdate with WaitOnResourceSignals of Group',
  );
  await create('yes');
  await aws.clock.settle();
  await cloudFormation.updateStack({
    StackName: 'Work',
    TemplateBody: parametrised('two'),
    Parameters: as('yes'),
  });
  await aws.clock.settle();
  expect(await versions()).toEqual(['2', '2']);
  const { Activities = [] } = await client.describeScalingActivities({});
  // Both at a time, and two new ones before any goes.
  expect(Activities.reverse().map(({ Description = '' }) => Description.split(' ')[0])).toEqual([
    'Launching',
    'Launching',
    'Launching',
    'Launching',
    'Terminating',
    'Terminating',
  ]);
});

test.each([
  [
    { PauseTime: 'PT' },
    'Invalid Autoscaling rolling update policy: PauseTime must be in the ISO8601 time period format',
  ],
  [{ PauseTime: 'PT1H1S' }, 'must be no greater than PT3600S seconds'],
  [
    { MinInstancesInService: 4 },
    "MinInstancesInService must be less than the autoscaling group's MaxSize",
  ],
])('an update policy of %j fails the update', async (policy, message) => {
  await create(template('one'));
  expect(await update(template('two', {}, rolling(policy)))).toBe('UPDATE_ROLLBACK_COMPLETE');
  const { StackEvents = [] } = await cloudFormation.describeStackEvents({ StackName: 'Work' });
  const failed = StackEvents.find(({ ResourceStatus }) => ResourceStatus === 'UPDATE_FAILED');
  expect(failed?.ResourceStatusReason).toContain(message);
});

test('without an update policy instances stay as they are', async () => {
  await create(template('one'));
  expect(await update(template('two'))).toBe('UPDATE_COMPLETE');
  expect(await versions()).toEqual(['1', '1']);
});

test('sizes that a template has not changed are left, if it says so', async () => {
  const keeping = {
    UpdatePolicy: { AutoScalingScheduledAction: { IgnoreUnmodifiedGroupSizeProperties: true } },
  };
  await create(template('one', { DesiredCapacity: '2' }, keeping));
  await client.setDesiredCapacity({ AutoScalingGroupName: 'workers', DesiredCapacity: 4 });
  await update(template('one', { DesiredCapacity: '2', Cooldown: '10' }, keeping));
  expect(await group()).toMatchObject({ DesiredCapacity: 4, DefaultCooldown: 10 });
  await update(template('one', { DesiredCapacity: '2', Cooldown: '20' }));
  expect(await group()).toMatchObject({ DesiredCapacity: 2, DefaultCooldown: 20 });
});

test('a group whose instances cannot be launched fails its stack, in the words of CloudFormation', async () => {
  for (const zone of ['a', 'b']) aws.faults.zone(`us-east-1${zone}`).lose();
  await create(template('one'));
  const { StackEvents = [] } = await cloudFormation.describeStackEvents({ StackName: 'Work' });
  const failed = StackEvents.find(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED');
  expect(failed).toMatchObject({
    LogicalResourceId: 'Group',
    ResourceStatusReason: expect.stringMatching(
      /^Group did not stabilize\. Last scaling activity: We currently do not have sufficient t3\.micro capacity/,
    ),
  });
});

test.each([
  [
    'a policy that waits for signals',
    {},
    rolling({ WaitOnResourceSignals: true }),
    'UpdatePolicy AutoScalingRollingUpdate with WaitOnResourceSignals',
  ],
  [
    'a share of instances that suffices',
    {},
    rolling({ MinActiveInstancesPercent: 50 }),
    'UpdatePolicy AutoScalingRollingUpdate with MinActiveInstancesPercent',
  ],
  [
    'a policy about what there is not',
    {},
    rolling({ MaxBatchSize: { Ref: 'Missing' } }),
    'Unresolved resource dependencies [Missing] in the Resources block of the template',
  ],
  [
    'a second group in its place',
    {},
    { UpdatePolicy: { AutoScalingReplacingUpdate: { WillReplace: true } } },
    'UpdatePolicy AutoScalingReplacingUpdate',
  ],
  [
    'a policy of another kind of resource',
    {},
    { UpdatePolicy: { CodeDeployLambdaAliasUpdate: { ApplicationName: 'app' } } },
    'UpdatePolicy CodeDeployLambdaAliasUpdate',
  ],
  ['a creation policy', {}, { CreationPolicy: { ResourceSignal: {} } }, 'CreationPolicy'],
  [
    'a launch configuration',
    { LaunchConfigurationName: 'old' },
    {},
    'AWS::AutoScaling::AutoScalingGroup does not support LaunchConfigurationName',
  ],
])(
  '%s is refused by name before anything is made',
  async (_what, properties, attributes, message) => {
    await expect(create(template('one', properties, attributes))).rejects.toThrow(message);
  },
);
