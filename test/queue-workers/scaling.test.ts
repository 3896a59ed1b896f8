import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import {
  type IScaling,
  PropsValidationError,
  QueueWorkers,
  Scaling,
  type StepScalingOptions,
  WorkerProgram,
  WorkQueue,
} from 'cdk-decouple';

function templateWith(scaling: IScaling | undefined, minCapacity = 1): Template {
  const stack = new Stack(new App(), 'Test', {
    env: { account: '123456789012', region: 'eu-west-1' },
  });
  new QueueWorkers(stack, 'Workers', {
    vpc: new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1 }),
    queue: new WorkQueue(stack, 'Jobs').queue,
    program: WorkerProgram.directory({
      path: join(__dirname, 'program'),
      command: ['node', 'main.js'],
    }),
    minCapacity,
    maxCapacity: 8,
    scaling,
  });
  return Template.fromStack(stack);
}

/** The alarms that act on the policy whose logical id begins so. */
function alarmsOf(template: Template, policy: string) {
  return Object.values(
    template.findResources('AWS::CloudWatch::Alarm', {
      Properties: { AlarmActions: [{ Ref: Match.stringLikeRegexp(`^WorkersScaling${policy}`) }] },
    }),
  ).map(({ Properties }) => Properties);
}

test('the group grows by what waits, in steps', () => {
  const template = templateWith(
    Scaling.step({
      scaleOut: [
        { messages: 200, instances: 1 },
        { messages: 1_000, instances: 4 },
      ],
      scaleOutAfter: Duration.minutes(2),
    }),
  );
  expect(alarmsOf(template, 'ScaleOut')).toMatchObject([
    {
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      Threshold: 200,
      EvaluationPeriods: 2,
      Period: 60,
    },
  ]);
  template.hasResourceProperties('AWS::AutoScaling::ScalingPolicy', {
    PolicyType: 'StepScaling',
    AdjustmentType: 'ChangeInCapacity',
    StepAdjustments: [
      { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 800, ScalingAdjustment: 1 },
      { MetricIntervalLowerBound: 800, ScalingAdjustment: 4 },
    ],
    Cooldown: Match.absent(),
  });
});

test('the group shrinks by what waits or is in flight', () => {
  const template = templateWith(Scaling.step({ scaleInBelow: 20, scaleInBy: 2 }));
  expect(alarmsOf(template, 'ScaleIn')).toMatchObject([
    {
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 20,
      EvaluationPeriods: 5,
      TreatMissingData: 'ignore',
      Metrics: [{ Expression: 'waiting + inFlight' }, {}, {}],
    },
  ]);
  template.hasResourceProperties('AWS::AutoScaling::ScalingPolicy', {
    StepAdjustments: [{ MetricIntervalUpperBound: 0, ScalingAdjustment: -2 }],
  });
});

test.each([
  ['step', Scaling.step()],
  [
    'backlogPerInstance',
    Scaling.backlogPerInstance({
      acceptableLatency: Duration.minutes(10),
      timePerMessage: Duration.seconds(2),
    }),
  ],
])('a group that may go to zero is woken by the first message: %s', (_name, scaling) => {
  const template = templateWith(scaling, 0);
  expect(alarmsOf(template, 'Wake')).toMatchObject([
    { Threshold: 1, Metrics: [{ Expression: 'IF(FILL(desired, 0) < 1, waiting, 0)' }, {}, {}] },
  ]);
  expect(alarmsOf(templateWith(scaling, 1), 'Wake')).toEqual([]);
});

test('a group that may go to zero shrinks once its queue is empty', () => {
  expect(alarmsOf(templateWith(undefined, 0), 'ScaleIn')).toMatchObject([{ Threshold: 1 }]);
  expect(alarmsOf(templateWith(undefined, 1), 'ScaleIn')).toMatchObject([{ Threshold: 100 }]);
});

test('the backlog of an instance is held at what it works off in the acceptable time', () => {
  const template = templateWith(
    Scaling.backlogPerInstance({
      acceptableLatency: Duration.minutes(10),
      timePerMessage: Duration.millis(2_500),
      concurrency: 4,
    }),
  );
  template.hasResourceProperties('AWS::AutoScaling::ScalingPolicy', {
    PolicyType: 'TargetTrackingScaling',
    TargetTrackingConfiguration: {
      TargetValue: 960,
      CustomizedMetricSpecification: {
        Metrics: [
          {
            Id: 'waiting',
            ReturnData: false,
            MetricStat: {
              Metric: {
                Namespace: 'AWS/SQS',
                MetricName: 'ApproximateNumberOfMessagesVisible',
                Dimensions: [{ Name: 'QueueName', Value: Match.anyValue() }],
              },
              Stat: 'Sum',
              Period: 60,
            },
          },
          {
            Id: 'instances',
            ReturnData: false,
            MetricStat: {
              Metric: {
                Namespace: 'AWS/AutoScaling',
                MetricName: 'GroupInServiceInstances',
                Dimensions: [{ Name: 'AutoScalingGroupName', Value: Match.anyValue() }],
              },
              Stat: 'Average',
              Period: 60,
            },
          },
          { Id: 'backlog', Expression: 'waiting / instances', ReturnData: true },
        ],
      },
    },
  });
});

test.each<[string, StepScalingOptions, string]>([
  ['no steps', { scaleOut: [] }, 'scaleOut must have 1 to 20 steps, got 0'],
  [
    'steps out of order',
    {
      scaleOut: [
        { messages: 100, instances: 1 },
        { messages: 100, instances: 2 },
      ],
    },
    'must ascend from step to step, got 100, 100',
  ],
  [
    'a step that adds nothing',
    { scaleOut: [{ messages: 100, instances: 0 }] },
    'whole numbers of at least 1',
  ],
  [
    'two policies against each other',
    { scaleOut: [{ messages: 100, instances: 1 }], scaleInBelow: 100 },
    'scaleInBelow must be less than the messages of the first step (100), got 100',
  ],
  ['half a minute', { scaleInAfter: Duration.seconds(90) }, 'scaleInAfter must be whole minutes'],
  ['hours', { scaleOutAfter: Duration.hours(2) }, 'scaleOutAfter must be whole minutes'],
  ['no step in', { scaleInBy: 0 }, 'scaleInBy must be a whole number'],
])('step scaling fails with %s', (_name, options, message) => {
  const make = () => templateWith(Scaling.step(options));
  expect(make).toThrow(PropsValidationError);
  expect(make).toThrow(`scaling: `);
  expect(make).toThrow(message);
});

test('step scaling fails where the last instance would leave while messages wait', () => {
  expect(() => templateWith(Scaling.step({ scaleInBelow: 10 }), 0)).toThrow(
    'scaleInBelow must be 1 where minCapacity is 0, got 10',
  );
});

test.each<[string, Duration, Duration, string]>([
  ['no time to work', Duration.seconds(2), Duration.seconds(2), 'must be longer than'],
  ['no work', Duration.minutes(1), Duration.seconds(0), 'timePerMessage must not be zero'],
])('scaling by backlog fails with %s', (_name, acceptableLatency, timePerMessage, message) => {
  expect(() =>
    templateWith(Scaling.backlogPerInstance({ acceptableLatency, timePerMessage })),
  ).toThrow(message);
});
