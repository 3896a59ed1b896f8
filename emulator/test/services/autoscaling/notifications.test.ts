import { autoScalingSetup, minute } from './setup';

const topicArn = 'arn:aws:sns:eu-west-1:111122223333:scaling';
const slr = 'arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForAutoScaling/AutoScaling';

test('topics are told of launches and terminations, by the service-linked role, in the form of AWS', async () => {
  const { client, clock, events, fleet, group, told } = autoScalingSetup();
  await group();
  await client.putNotificationConfiguration({
    AutoScalingGroupName: 'workers',
    TopicARN: topicArn,
    NotificationTypes: ['autoscaling:EC2_INSTANCE_LAUNCH', 'autoscaling:EC2_INSTANCE_LAUNCH_ERROR'],
  });
  expect(told.splice(0)).toEqual([
    {
      to: topicArn,
      by: slr,
      subject: 'Auto Scaling: test notification for group "workers"',
      message: {
        AccountId: '111122223333',
        AutoScalingGroupARN: expect.stringContaining(':autoScalingGroupName/workers'),
        AutoScalingGroupName: 'workers',
        Event: 'autoscaling:TEST_NOTIFICATION',
        RequestId: expect.any(String),
        Service: 'AWS Auto Scaling',
        Time: '2035-01-01T00:01:00.000Z',
      },
    },
  ]);
  const size = (DesiredCapacity: number) =>
    client.setDesiredCapacity({ AutoScalingGroupName: 'workers', DesiredCapacity });
  await size(1);
  await clock.advance(minute);
  const activity = {
    AutoScalingGroupName: 'workers',
    Cause: expect.stringMatching(/increasing the capacity from 0 to 1\.$/),
    Description: 'Launching a new EC2 instance: i-00000000000000000',
    Destination: 'AutoScalingGroup',
    Details: { 'Availability Zone': 'eu-west-1a', 'Subnet ID': 'subnet-a' },
    EC2InstanceId: 'i-00000000000000000',
    EndTime: '2035-01-01T00:01:30.000Z',
    Origin: 'EC2',
    StartTime: '2035-01-01T00:01:00.000Z',
    StatusCode: 'InProgress',
    StatusMessage: '',
  };
  expect(told).toMatchObject([
    {
      by: slr,
      subject: 'Auto Scaling: launch for group "workers"',
      message: { ...activity, Event: 'autoscaling:EC2_INSTANCE_LAUNCH', Progress: 50 },
    },
  ]);
  for (const zone of ['a', 'b', 'c']) fleet.lost.add(`eu-west-1${zone}`);
  await size(2);
  expect(told[1]).toMatchObject({
    subject: 'Auto Scaling: failed launch for group "workers"',
    message: { Event: 'autoscaling:EC2_INSTANCE_LAUNCH_ERROR', StatusCode: 'Failed' },
  });
  await size(0);
  await clock.advance(2 * minute);
  expect(events.map(({ detailType }) => detailType)).toEqual([
    'EC2 Instance Launch Successful',
    'EC2 Instance Launch Unsuccessful',
    'EC2 Instance Launch Unsuccessful',
    'EC2 Instance Launch Unsuccessful',
    'EC2 Instance Terminate Successful',
  ]);
  expect(events[0]).toMatchObject({
    resources: [
      expect.stringContaining(':autoScalingGroupName/workers'),
      'arn:aws:ec2:eu-west-1:111122223333:instance/i-00000000000000000',
    ],
    detail: activity,
  });
});

test('notifications, tags and limits are described', async () => {
  const { client, group } = autoScalingSetup();
  await group({ Tags: [{ Key: 'team', Value: 'a', PropagateAtLaunch: true }] });
  await client.putNotificationConfiguration({
    AutoScalingGroupName: 'workers',
    TopicARN: topicArn,
    NotificationTypes: ['autoscaling:EC2_INSTANCE_TERMINATE'],
  });
  expect(await client.describeNotificationConfigurations({})).toMatchObject({
    NotificationConfigurations: [
      {
        AutoScalingGroupName: 'workers',
        NotificationType: 'autoscaling:EC2_INSTANCE_TERMINATE',
        TopicARN: topicArn,
      },
    ],
  });
  expect(await client.describeTags({ Filters: [{ Name: 'key', Values: ['team'] }] })).toMatchObject(
    { Tags: [{ Key: 'team', Value: 'a', ResourceId: 'workers' }] },
  );
  expect(await client.describeAccountLimits({})).toMatchObject({ NumberOfAutoScalingGroups: 1 });
  await client.deleteNotificationConfiguration({
    AutoScalingGroupName: 'workers',
    TopicARN: topicArn,
  });
  expect(await client.describeNotificationConfigurations({})).toMatchObject({
    NotificationConfigurations: [],
  });
});

test('instances are moved to standby and back, detached, and attached again', async () => {
  const { client, clock, described, group, instances } = autoScalingSetup();
  const AutoScalingGroupName = 'workers';
  const InstanceIds = ['i-00000000000000000'];
  await group({ DesiredCapacity: 2 });
  await client.enterStandby({
    AutoScalingGroupName,
    InstanceIds,
    ShouldDecrementDesiredCapacity: true,
  });
  await clock.advance(minute);
  expect((await instances()).map(({ LifecycleState }) => LifecycleState)).toEqual([
    'Standby',
    'InService',
  ]);
  await client.exitStandby({ AutoScalingGroupName, InstanceIds });
  await client.detachInstances({
    AutoScalingGroupName,
    InstanceIds,
    ShouldDecrementDesiredCapacity: true,
  });
  expect(await described()).toMatchObject({ DesiredCapacity: 1, Instances: [{}] });
  await client.attachInstances({ AutoScalingGroupName, InstanceIds });
  await clock.advance(minute);
  expect(await described()).toMatchObject({ DesiredCapacity: 2 });
  expect((await instances()).every(({ LifecycleState }) => LifecycleState === 'InService')).toBe(
    true,
  );
});

test('everything is asked for by its action and the ARN of the group', async () => {
  const { asked, client, group } = autoScalingSetup();
  await group();
  asked.length = 0;
  await client.setDesiredCapacity({ AutoScalingGroupName: 'workers', DesiredCapacity: 0 });
  await client.describeAutoScalingGroups({});
  expect(asked.map(({ action, resource }) => [action, resource])).toEqual([
    [
      'autoscaling:SetDesiredCapacity',
      expect.stringMatching(/:autoScalingGroup:[0-9a-f-]{36}:autoScalingGroupName\/workers$/),
    ],
    ['autoscaling:DescribeAutoScalingGroups', '*'],
  ]);
});
