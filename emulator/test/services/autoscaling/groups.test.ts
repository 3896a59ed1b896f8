import { autoScalingSetup, minute } from './setup';

test('a group starts the instances that it is to have, spread over its zones, and says why', async () => {
  const { causes, client, clock, described, fleet, group } = autoScalingSetup();
  await group({
    MinSize: 2,
    DesiredCapacity: 4,
    Tags: [{ Key: 'team', Value: 'a', PropagateAtLaunch: true }],
  });
  const { Instances = [], ...shown } = await described();
  expect(shown).toMatchObject({
    AutoScalingGroupARN: expect.stringMatching(
      /^arn:aws:autoscaling:eu-west-1:111122223333:autoScalingGroup:[0-9a-f-]{36}:autoScalingGroupName\/workers$/,
    ),
    AvailabilityZones: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'],
    DefaultCooldown: 300,
    DesiredCapacity: 4,
    HealthCheckType: 'EC2',
    TerminationPolicies: ['Default'],
  });
  expect(Instances.map(({ AvailabilityZone: zone }) => zone?.at(-1))).toEqual(['a', 'b', 'c', 'a']);
  expect(Instances.every(({ LifecycleState }) => LifecycleState === 'InService')).toBe(true);
  expect(fleet.machines[0]?.launch.tags).toEqual({
    team: 'a',
    'aws:autoscaling:groupName': 'workers',
  });
  expect((await causes())[0]).toBe(
    'At 2035-01-01T00:00:00Z a user request created an AutoScalingGroup changing the desired capacity from 0 to 4.  At 2035-01-01T00:00:00Z an instance was started in response to a difference between desired and actual capacity, increasing the capacity from 0 to 4.',
  );
  const { Activities = [] } = await client.describeScalingActivities({});
  expect(Activities[0]).toMatchObject({
    Description: 'Launching a new EC2 instance: i-00000000000000003',
    StatusCode: 'Successful',
    Progress: 100,
    EndTime: new Date(clock.now() - minute + 30_000),
  });
});

test('a smaller desired capacity takes instances from the fullest zones, the oldest template first', async () => {
  const { causes, client, clock, group, instances } = autoScalingSetup();
  await group({ DesiredCapacity: 4 });
  await client.setDesiredCapacity({ AutoScalingGroupName: 'workers', DesiredCapacity: 2 });
  await clock.advance(2 * minute);
  expect((await instances()).map(({ InstanceId }) => InstanceId)).toEqual([
    'i-00000000000000001',
    'i-00000000000000002',
  ]);
  expect((await causes())[0]).toBe(
    'At 2035-01-01T00:01:00Z a user request explicitly set group desired capacity changing the desired capacity from 4 to 2.  At 2035-01-01T00:01:00Z an instance was taken out of service in response to a difference between desired and actual capacity, shrinking the capacity from 4 to 2.  At 2035-01-01T00:01:00Z instance i-00000000000000003 was selected for termination.',
  );
});

test('instances that are protected from scaling in stay until they no longer are', async () => {
  const { client, clock, group, instances } = autoScalingSetup();
  await group({ DesiredCapacity: 2, NewInstancesProtectedFromScaleIn: true });
  await client.setDesiredCapacity({ AutoScalingGroupName: 'workers', DesiredCapacity: 0 });
  await clock.advance(10 * minute);
  expect(await instances()).toHaveLength(2);
  await client.setInstanceProtection({
    AutoScalingGroupName: 'workers',
    InstanceIds: ['i-00000000000000001'],
    ProtectedFromScaleIn: false,
  });
  await clock.advance(2 * minute);
  expect((await instances()).map(({ InstanceId }) => InstanceId)).toEqual(['i-00000000000000000']);
});

test('an instance that EC2 has terminated is replaced', async () => {
  const { causes, clock, fleet, group, instances } = autoScalingSetup();
  await group({ DesiredCapacity: 1 });
  fleet.terminate({ account: '111122223333', region: 'eu-west-1' }, 'i-00000000000000000');
  await clock.advance(2 * minute);
  expect(await instances()).toMatchObject([
    { InstanceId: 'i-00000000000000001', LifecycleState: 'InService', HealthStatus: 'Healthy' },
  ]);
  expect((await causes()).slice(0, 2)).toEqual([
    'At 2035-01-01T00:01:00Z an instance was launched in response to an unhealthy instance needing to be replaced.',
    'At 2035-01-01T00:01:00Z an instance was taken out of service in response to an EC2 health check indicating it has been terminated or stopped.',
  ]);
});

test('failing status checks count after the grace period', async () => {
  const { clock, fleet, group, instances } = autoScalingSetup();
  await group({ DesiredCapacity: 2, HealthCheckGracePeriod: 300 });
  fleet.check('i-00000000000000000', false);
  fleet.check('i-00000000000000001', false);
  fleet.check('i-00000000000000001', true);
  await clock.advance(4 * minute);
  expect(await instances()).toHaveLength(2);
  await clock.advance(2 * minute + 30_000);
  expect((await instances()).map(({ InstanceId }) => InstanceId)).toEqual([
    'i-00000000000000001',
    'i-00000000000000002',
  ]);
});

test('a lost zone is left to the others, and filled again once it is back', async () => {
  const { causes, client, clock, fleet, group, instances } = autoScalingSetup();
  const zones = async () =>
    (await instances()).map(({ AvailabilityZone: zone }) => zone?.at(-1)).sort();
  fleet.lost.add('eu-west-1b');
  await group({ DesiredCapacity: 6 });
  expect(await zones()).toEqual(['a', 'a', 'a', 'c', 'c', 'c']);
  fleet.lost.delete('eu-west-1b');
  await client.setInstanceHealth({ InstanceId: 'i-00000000000000000', HealthStatus: 'Healthy' });
  await clock.advance(10 * minute);
  expect(await zones()).toEqual(['a', 'a', 'b', 'b', 'c', 'c']);
  expect(
    (await causes()).filter((cause) => cause.endsWith("balancing the group's zones.")),
  ).toEqual([
    expect.stringContaining('availability zones eu-west-1c eu-west-1b had 3 1 instances'),
    expect.stringContaining('availability zones eu-west-1a eu-west-1b had 3 0 instances'),
  ]);
});

test('what cannot be launched is told and tried again, later each time', async () => {
  const { client, clock, fleet, group, instances } = autoScalingSetup();
  for (const zone of ['a', 'b', 'c']) fleet.lost.add(`eu-west-1${zone}`);
  await group({ DesiredCapacity: 1 });
  await clock.advance(2 * minute);
  const failed = async () => {
    const { Activities = [] } = await client.describeScalingActivities({});
    return Activities.filter(({ StatusCode }) => StatusCode === 'Failed');
  };
  expect((await failed())[0]).toMatchObject({
    Description: 'Launching a new EC2 instance',
    StatusMessage:
      'We currently do not have sufficient capacity in eu-west-1c. Launching EC2 instance failed.',
  });
  // At once, after 1 minute and after 2 more, in three zones each.
  expect(await failed()).toHaveLength(9);
  fleet.lost.clear();
  await clock.advance(5 * minute);
  expect(await instances()).toHaveLength(1);
});

test('group metrics are published once they are enabled', async () => {
  const { client, clock, cloudWatch, group } = autoScalingSetup();
  await group({ DesiredCapacity: 2 });
  await client.enableMetricsCollection({ AutoScalingGroupName: 'workers', Granularity: '1Minute' });
  await clock.advance(2 * minute);
  await client.setDesiredCapacity({ AutoScalingGroupName: 'workers', DesiredCapacity: 3 });
  await clock.advance(2 * minute);
  const average = async (MetricName: string) => {
    const { Datapoints = [] } = await cloudWatch.getMetricStatistics({
      Namespace: 'AWS/AutoScaling',
      MetricName,
      Dimensions: [{ Name: 'AutoScalingGroupName', Value: 'workers' }],
      StartTime: new Date(clock.now() - 60 * minute),
      EndTime: new Date(clock.now()),
      Period: 60,
      Statistics: ['Average'],
    });
    return Datapoints.sort((a, b) => Number(a.Timestamp) - Number(b.Timestamp)).map(
      ({ Average }) => Average,
    );
  };
  expect(await average('GroupInServiceInstances')).toEqual([2, 2, 3, 3]);
  expect(await average('GroupDesiredCapacity')).toEqual([2, 2, 3, 3]);
  expect(await average('GroupPendingInstances')).toEqual([0, 0, 0, 0]);
});

test('a group with instances is deleted by force only, and takes them along', async () => {
  const { client, fleet, group, service } = autoScalingSetup();
  await group({ DesiredCapacity: 1 });
  const name = { AutoScalingGroupName: 'workers' };
  await expect(client.deleteAutoScalingGroup(name)).rejects.toMatchObject({
    name: 'ResourceInUseFault',
  });
  await client.deleteAutoScalingGroup({ ...name, ForceDelete: true });
  expect(service.leaks()).toEqual([]);
  expect(fleet.machines[0]?.state).toBe('shutting-down');
});

test.each([
  [{ MinSize: 3, MaxSize: 2 }, 'max size must be greater than or equal to min size'],
  [
    { DesiredCapacity: 11 },
    'Desired capacity:11 must be between the specified min size:0 and max size:10',
  ],
  [{ VPCZoneIdentifier: 'subnet-x' }, "The subnet ID 'subnet-x' does not exist"],
  [{ LaunchTemplate: { LaunchTemplateName: 'missing' } }, 'with template name missing'],
  [{ LaunchTemplate: undefined }, 'Valid requests must contain either LaunchTemplate'],
  [
    { MixedInstancesPolicy: { InstancesDistribution: { SpotMaxPrice: '1' } } },
    'does not implement parameter MixedInstancesPolicy of CreateAutoScalingGroup',
  ],
  [{ LaunchConfigurationName: 'old' }, 'does not implement parameter LaunchConfigurationName'],
  [{ HealthCheckType: 'EBS' }, 'does not implement health checks of type EBS'],
  [{ TerminationPolicies: ['Newest'] }, 'Termination policy Newest is not valid.'],
])('a group with %p is refused', async (settings, message) => {
  const { group } = autoScalingSetup();
  await expect(group(settings)).rejects.toThrow(message);
});
