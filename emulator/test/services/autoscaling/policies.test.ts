import { autoScalingSetup, minute } from './setup';

const common = { AutoScalingGroupName: 'workers', PolicyName: 'policy' };

/** A group with a step policy that an alarm on the metric `Depth` runs. */
async function stepSetup(initial = 1) {
  const setup = autoScalingSetup();
  const { client, clock, cloudWatch, group } = setup;
  await group({ DesiredCapacity: initial, DefaultInstanceWarmup: 120 });
  await clock.advance(5 * minute);
  const { PolicyARN = '' } = await client.putScalingPolicy({
    ...common,
    PolicyType: 'StepScaling',
    AdjustmentType: 'ChangeInCapacity',
    StepAdjustments: [
      { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 900, ScalingAdjustment: 1 },
      { MetricIntervalLowerBound: 900, ScalingAdjustment: 3 },
    ],
  });
  await cloudWatch.putMetricAlarm({
    AlarmName: 'deep',
    Namespace: 'Shop',
    MetricName: 'Depth',
    Statistic: 'Maximum',
    Period: 60,
    EvaluationPeriods: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    Threshold: 100,
    TreatMissingData: 'notBreaching',
    AlarmActions: [PolicyARN],
  });
  return {
    ...setup,
    /** Reports a depth for so many minutes, and returns the desired capacity after each. */
    async depth(value: number, minutes: number): Promise<number[]> {
      const sizes: number[] = [];
      for (let i = 0; i < minutes; i++) {
        await cloudWatch.putMetricData({
          Namespace: 'Shop',
          MetricData: [{ MetricName: 'Depth', Value: value }],
        });
        await clock.advance(minute);
        sizes.push((await setup.described()).DesiredCapacity ?? 0);
      }
      return sizes;
    },
  };
}

test('an alarm runs its step policy each minute, and what warms up is not asked for twice', async () => {
  const { causes, client, depth } = await stepSetup();
  // An instance takes half a minute to start and two minutes to warm up.
  expect(await depth(100, 6)).toEqual([2, 2, 2, 3, 3, 3]);
  expect((await causes())[0]).toMatch(
    /^At \S+ a monitor alarm deep in state ALARM triggered policy policy changing the desired capacity from 2 to 3\. {2}At /,
  );
  expect(await client.describePolicies({})).toMatchObject({
    ScalingPolicies: [{ PolicyType: 'StepScaling', Alarms: [{ AlarmName: 'deep' }] }],
  });
});

test('a larger step adds what the smaller one has not asked for', async () => {
  const { depth } = await stepSetup();
  expect(await depth(100, 1)).toEqual([2]);
  expect(await depth(5_000, 1)).toEqual([4]);
});

test('a suspended AlarmNotification keeps alarms from scaling', async () => {
  const { client, depth } = await stepSetup();
  await client.suspendProcesses({
    AutoScalingGroupName: 'workers',
    ScalingProcesses: ['AlarmNotification'],
  });
  expect(await depth(100, 2)).toEqual([1, 1]);
  await client.resumeProcesses({ AutoScalingGroupName: 'workers' });
  expect(await depth(100, 1)).toEqual([2]);
});

test('a simple policy waits for its cooldown, which begins when the instance is in service', async () => {
  const { client, clock, described, group } = autoScalingSetup();
  await group({ DesiredCapacity: 1 });
  await client.putScalingPolicy({
    ...common,
    AdjustmentType: 'PercentChangeInCapacity',
    ScalingAdjustment: 50,
    MinAdjustmentMagnitude: 2,
    Cooldown: 60,
  });
  const execute = () => client.executePolicy({ ...common, HonorCooldown: true });
  await execute();
  expect(await described()).toMatchObject({ DesiredCapacity: 3 });
  await clock.advance(minute);
  await expect(execute()).rejects.toMatchObject({ name: 'ScalingActivityInProgressFault' });
  await clock.advance(minute);
  await execute();
  expect(await described()).toMatchObject({ DesiredCapacity: 5 });
});

test('target tracking makes two alarms, grows at once, and shrinks slowly', async () => {
  const { client, clock, cloudWatch, described, group } = autoScalingSetup();
  await group({ DesiredCapacity: 2, MinSize: 1 });
  await client.putScalingPolicy({
    ...common,
    PolicyType: 'TargetTrackingScaling',
    EstimatedInstanceWarmup: 60,
    TargetTrackingConfiguration: {
      TargetValue: 100,
      CustomizedMetricSpecification: {
        Metrics: [
          {
            Id: 'load',
            ReturnData: false,
            MetricStat: { Metric: { Namespace: 'Shop', MetricName: 'Load' }, Stat: 'Average' },
          },
          { Id: 'each', Expression: 'load / 2' },
        ],
      },
    },
  });
  const { MetricAlarms = [] } = await cloudWatch.describeAlarms({});
  expect(MetricAlarms).toMatchObject([
    {
      AlarmName: expect.stringMatching(/^TargetTracking-workers-AlarmHigh-[0-9a-f-]{36}$/),
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 100,
      EvaluationPeriods: 3,
    },
    {
      AlarmName: expect.stringMatching(/^TargetTracking-workers-AlarmLow-[0-9a-f-]{36}$/),
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 70,
      EvaluationPeriods: 15,
    },
  ]);
  const load = async (value: number, minutes: number) => {
    for (let i = 0; i < minutes; i++) {
      await cloudWatch.putMetricData({
        Namespace: 'Shop',
        MetricData: [{ MetricName: 'Load', Value: value }],
      });
      await clock.advance(minute);
    }
    return (await described()).DesiredCapacity;
  };
  expect(await load(500, 2)).toBe(2);
  expect(await load(500, 1)).toBe(5);
  expect(await load(100, 14)).toBe(5);
  expect(await load(100, 1)).toBe(4);
  expect(await load(100, 1)).toBe(3);
  expect(await load(0, 1)).toBe(2);
  await client.deletePolicy(common);
  expect(await cloudWatch.describeAlarms({})).toMatchObject({ MetricAlarms: [] });
});

test('the requests for each target of a load balancer can be tracked', async () => {
  const { client, cloudWatch, group } = autoScalingSetup();
  await group();
  const put = (ResourceLabel: string) =>
    client.putScalingPolicy({
      ...common,
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingConfiguration: {
        TargetValue: 1000,
        DisableScaleIn: true,
        PredefinedMetricSpecification: {
          PredefinedMetricType: 'ALBRequestCountPerTarget',
          ResourceLabel,
        },
      },
    });
  await expect(put('shop')).rejects.toThrow("Invalid ResourceLabel: 'shop'");
  await put('app/shop/50dc6c495c0c9188/targetgroup/web/943f017f100becff');
  expect(await cloudWatch.describeAlarms({})).toMatchObject({
    MetricAlarms: [
      {
        Threshold: 1000,
        Metrics: [
          {
            MetricStat: {
              Metric: {
                Namespace: 'AWS/ApplicationELB',
                MetricName: 'RequestCountPerTarget',
                Dimensions: [
                  { Name: 'LoadBalancer', Value: 'app/shop/50dc6c495c0c9188' },
                  { Name: 'TargetGroup', Value: 'targetgroup/web/943f017f100becff' },
                ],
              },
              Stat: 'Sum',
            },
          },
        ],
      },
    ],
  });
});

test.each([
  [{ PolicyType: 'PredictiveScaling' }, 'does not implement policies of type PredictiveScaling'],
  [{ PolicyType: 'Other' }, 'Policy type: Other is not valid.'],
  [{ AdjustmentType: 'Double', ScalingAdjustment: 1 }, 'Double is not a valid AdjustmentType.'],
  [
    { PolicyType: 'StepScaling', AdjustmentType: 'ExactCapacity', Cooldown: 1 },
    'does not implement parameter Cooldown',
  ],
  [
    {
      PolicyType: 'StepScaling',
      AdjustmentType: 'ExactCapacity',
      StepAdjustments: [
        { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 2, ScalingAdjustment: 1 },
        { MetricIntervalLowerBound: 1, ScalingAdjustment: 1 },
      ],
    },
    'StepAdjustment intervals can not overlap.',
  ],
  [
    {
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingConfiguration: {
        TargetValue: 50,
        PredefinedMetricSpecification: {
          PredefinedMetricType: 'ASGAverageCPUUtilization' as const,
        },
      },
    },
    'does not implement the predefined metric ASGAverageCPUUtilization',
  ],
])('a policy with %p is refused', async (settings, message) => {
  const { client, group } = autoScalingSetup();
  await group();
  await expect(client.putScalingPolicy({ ...common, ...settings })).rejects.toThrow(message);
});
