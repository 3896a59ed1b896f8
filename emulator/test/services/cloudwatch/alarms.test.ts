import { CloudWatch, type PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import { createCloudWatch } from '../../../src/services/cloudwatch';
import { clientOf, environment } from '../../support/service-harness';

const minute = 60_000;
const functionArn = 'arn:aws:lambda:eu-west-1:111122223333:function:tell';

function start() {
  const { env, clock, metrics } = environment();
  const told: { arn: string; event: Record<string, unknown>; service: string }[] = [];
  const service = createCloudWatch(env, {
    metrics,
    topics: { publish: () => 'id' },
    scaling: { run: () => undefined },
    functions: {
      invoke: (arn, payload, caller) =>
        told.push({ arn, event: JSON.parse(payload), service: caller.service }),
    },
  });
  const cloudWatch = new CloudWatch(clientOf(env, [service]));
  const alarm = (more: Partial<PutMetricAlarmCommandInput> = {}) =>
    cloudWatch.putMetricAlarm({
      AlarmName: 'slow',
      Namespace: 'Shop',
      MetricName: 'Latency',
      Statistic: 'Maximum',
      Period: 60,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2,
      Threshold: 100,
      ComparisonOperator: 'GreaterThanThreshold',
      ...more,
    });
  /** A minute in which these were measured. */
  const measure = async (...Values: number[]) => {
    if (Values.length > 0)
      await cloudWatch.putMetricData({
        Namespace: 'Shop',
        MetricData: [{ MetricName: 'Latency', Values }],
      });
    await clock.advance(minute);
  };
  const described = async () => {
    const { MetricAlarms = [] } = await cloudWatch.describeAlarms({ AlarmNames: ['slow'] });
    return MetricAlarms[0];
  };
  const state = async () => (await described())?.StateValue;
  return { clock, cloudWatch, alarm, measure, described, state, told };
}

test('two of three: the reason says which datapoints, in words and for programs', async () => {
  const { alarm, measure, described, state } = start();
  await alarm();
  await measure(200);
  expect(await state()).toBe('INSUFFICIENT_DATA');
  await measure(50);
  expect(await state()).toBe('OK');
  await measure(150.5);
  const found = await described();
  expect(found).toMatchObject({
    StateValue: 'ALARM',
    StateReason:
      'Threshold Crossed: 2 out of the last 3 datapoints [150.5 (01/01/35 00:02:00), 200.0 (01/01/35 00:00:00)] were greater than the threshold (100.0) (minimum 2 datapoints for OK -> ALARM transition).',
    StateTransitionedTimestamp: new Date('2035-01-01T00:03:00Z'),
  });
  expect(JSON.parse(found?.StateReasonData ?? '')).toEqual({
    version: '1.0',
    queryDate: '2035-01-01T00:03:00.000+0000',
    startDate: '2035-01-01T00:00:00.000+0000',
    statistic: 'Maximum',
    period: 60,
    recentDatapoints: [200, 50, 150.5],
    threshold: 100,
    evaluatedDatapoints: [
      { timestamp: '2035-01-01T00:02:00.000+0000', sampleCount: 1, value: 150.5 },
      { timestamp: '2035-01-01T00:01:00.000+0000', sampleCount: 1, value: 50 },
      { timestamp: '2035-01-01T00:00:00.000+0000', sampleCount: 1, value: 200 },
    ],
  });
});

test('an alarm without data says so', async () => {
  const { alarm, measure, described } = start();
  await alarm({ EvaluationPeriods: 1, DatapointsToAlarm: 1 });
  await measure(1);
  for (let i = 0; i < 3; i += 1) await measure();
  expect(await described()).toMatchObject({
    StateValue: 'INSUFFICIENT_DATA',
    StateReason: 'Insufficient Data: 1 datapoint was unknown.',
  });
  await alarm({ EvaluationPeriods: 1, DatapointsToAlarm: 1, TreatMissingData: 'breaching' });
  await measure();
  expect((await described())?.StateReason).toBe(
    'Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [Breaching].',
  );
});

test('a function hears of it as CloudWatch tells functions, unless actions are disabled', async () => {
  const { alarm, cloudWatch, measure, told } = start();
  await alarm({ EvaluationPeriods: 1, DatapointsToAlarm: 1, AlarmActions: [functionArn] });
  await measure(101);
  expect(told).toMatchObject([
    {
      arn: functionArn,
      service: 'lambda.alarms.cloudwatch.amazonaws.com',
      event: {
        source: 'aws.cloudwatch',
        alarmArn: 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:slow',
        accountId: '111122223333',
        region: 'eu-west-1',
        alarmData: {
          alarmName: 'slow',
          state: { value: 'ALARM' },
          previousState: { value: 'INSUFFICIENT_DATA' },
        },
      },
    },
  ]);
  await cloudWatch.disableAlarmActions({ AlarmNames: ['slow'] });
  await measure(1);
  await measure(101);
  expect(told).toHaveLength(1);
});

test('a state that is set lasts until the next evaluation', async () => {
  const { alarm, cloudWatch, measure, state } = start();
  await alarm({ EvaluationPeriods: 1, DatapointsToAlarm: 1 });
  await measure(1);
  await cloudWatch.setAlarmState({ AlarmName: 'slow', StateValue: 'ALARM', StateReason: 'drill' });
  expect(await state()).toBe('ALARM');
  await measure(1);
  expect(await state()).toBe('OK');
  const { AlarmHistoryItems = [] } = await cloudWatch.describeAlarmHistory({
    AlarmName: 'slow',
    HistoryItemType: 'StateUpdate',
    ScanBy: 'TimestampAscending',
  });
  expect(AlarmHistoryItems.map(({ HistorySummary }) => HistorySummary)).toEqual([
    'Alarm updated from INSUFFICIENT_DATA to OK',
    'Alarm updated from OK to ALARM',
    'Alarm updated from ALARM to OK',
  ]);
});

test('an alarm on percentiles with few samples may be left as it is', async () => {
  const { alarm, measure, state } = start();
  await alarm({
    Statistic: undefined,
    ExtendedStatistic: 'p90',
    EvaluateLowSampleCountPercentile: 'ignore',
    EvaluationPeriods: 1,
    DatapointsToAlarm: 1,
  });
  await measure(200);
  expect(await state()).toBe('INSUFFICIENT_DATA');
  await measure(...Array.from({ length: 100 }, (_, i) => 150 + i));
  expect(await state()).toBe('ALARM');
});

test('an alarm with periods of ten seconds is evaluated as often', async () => {
  const { alarm, clock, cloudWatch, state } = start();
  await alarm({ Period: 10, EvaluationPeriods: 1, DatapointsToAlarm: 1 });
  const MetricData = [{ MetricName: 'Latency', Value: 500, StorageResolution: 1 }];
  await cloudWatch.putMetricData({ Namespace: 'Shop', MetricData });
  await clock.advance(10_000);
  expect(await state()).toBe('ALARM');
});

test.each<[string, Partial<PutMetricAlarmCommandInput>, RegExp]>([
  ['more datapoints than periods', { DatapointsToAlarm: 4 }, /DatapointsToAlarm/],
  ['a period of 45 seconds', { Period: 45 }, /Period/],
  ['no threshold', { Threshold: undefined }, /Threshold/],
  ['both statistics', { ExtendedStatistic: 'p99' }, /Statistic/],
  ['anomaly detection', { ComparisonOperator: 'GreaterThanUpperThreshold' }, /does not implement/],
  ['an action of EC2', { AlarmActions: ['arn:aws:automate:eu-west-1:ec2:stop'] }, /ec2:stop/],
  ['more than a day', { EvaluationPeriods: 1441 }, /more than a day|across/],
])('PutMetricAlarm refuses %s', async (_what, more, reason) => {
  const { alarm } = start();
  await expect(alarm(more)).rejects.toThrow(reason);
});
