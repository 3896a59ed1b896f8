import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { Emulator, type ManualClock } from '../../../src';

let aws: Emulator<ManualClock>;
let stacks: CloudFormation;
beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  stacks = aws.client(CloudFormation);
});
afterEach(() => aws.stop());

const StackName = 'Shop';
const alarm = {
  AlarmName: 'deep',
  ComparisonOperator: 'GreaterThanThreshold',
  Dimensions: [{ Name: 'QueueName', Value: 'orders' }],
  EvaluationPeriods: 1,
  MetricName: 'ApproximateNumberOfMessagesVisible',
  Namespace: 'AWS/SQS',
  Period: 60,
  Statistic: 'Maximum',
  Threshold: 10,
};
const templateOf = (Properties: object, more: object = {}) =>
  JSON.stringify({
    Resources: { Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties, ...more } },
    Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Alarm', 'Arn'] } } },
  });

async function alarms() {
  const { MetricAlarms = [] } = await aws.client(CloudWatch).describeAlarms();
  return MetricAlarms.map(({ AlarmName, Threshold }) => [AlarmName, Threshold]);
}

test('an alarm is made, changed in place, replaced under another name, and deleted', async () => {
  await stacks.createStack({ StackName, TemplateBody: templateOf(alarm) });
  await aws.clock.settle();
  expect(await alarms()).toEqual([['deep', 10]]);
  const { Stacks = [] } = await stacks.describeStacks({ StackName });
  expect(Stacks[0]?.Outputs?.[0]?.OutputValue).toBe(
    'arn:aws:cloudwatch:us-east-1:000000000000:alarm:deep',
  );
  await stacks.updateStack({ StackName, TemplateBody: templateOf({ ...alarm, Threshold: 20 }) });
  await aws.clock.settle();
  expect(await alarms()).toEqual([['deep', 20]]);
  const renamed = { ...alarm, AlarmName: 'deeper' };
  await stacks.updateStack({ StackName, TemplateBody: templateOf(renamed) });
  await aws.clock.settle();
  expect(await alarms()).toEqual([['deeper', 10]]);
  await stacks.deleteStack({ StackName });
  await aws.clock.settle();
  expect(await alarms()).toEqual([]);
});

test('an alarm that exists is imported', async () => {
  await aws.client(CloudWatch).putMetricAlarm({
    ...alarm,
    ComparisonOperator: 'GreaterThanThreshold',
    Statistic: 'Maximum',
  });
  await stacks.createChangeSet({
    StackName,
    ChangeSetName: 'first',
    ChangeSetType: 'IMPORT',
    ResourcesToImport: [
      {
        LogicalResourceId: 'Alarm',
        ResourceType: 'AWS::CloudWatch::Alarm',
        ResourceIdentifier: { AlarmName: 'deep' },
      },
    ],
    TemplateBody: JSON.stringify({
      Resources: {
        Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: alarm, DeletionPolicy: 'Retain' },
      },
    }),
  });
  await stacks.executeChangeSet({ StackName, ChangeSetName: 'first' });
  await aws.clock.settle();
  const { Stacks = [] } = await stacks.describeStacks({ StackName });
  expect(Stacks[0]?.StackStatus).toBe('IMPORT_COMPLETE');
});

test('anomaly detection is refused before anything is made', async () => {
  const TemplateBody = templateOf({ ...alarm, ComparisonOperator: 'GreaterThanUpperThreshold' });
  await expect(stacks.createStack({ StackName, TemplateBody })).rejects.toThrow(
    /AWS::CloudWatch::Alarm does not support ComparisonOperator GreaterThanUpperThreshold/,
  );
});
