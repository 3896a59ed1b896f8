import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { createKms } from '../../../src/services/kms';
import { createLogs } from '../../../src/services/logs';
import { account, clientOf, environment, region } from '../../support/service-harness';

test('events in the embedded metric format become metrics, and others do not', async () => {
  const { env, clock, metrics } = environment();
  const logs = new CloudWatchLogs(clientOf(env, [createLogs(env, createKms(env))]));
  const stream = { logGroupName: 'shop', logStreamName: 's1' };
  await logs.createLogGroup(stream);
  await logs.createLogStream(stream);
  const timestamp = clock.now();
  const document = {
    _aws: {
      Timestamp: timestamp,
      CloudWatchMetrics: [
        {
          Namespace: 'Shop',
          Dimensions: [['service'], ['service', 'missing']],
          Metrics: [{ Name: 'Orders', Unit: 'Count' }, { Name: 'Sizes' }],
        },
      ],
    },
    service: 'front',
    Orders: 3,
    Sizes: [1, 5],
  };
  const messages = [JSON.stringify(document), 'plain', '{"_aws": {}}', '"_aws"'];
  await logs.putLogEvents({
    ...stream,
    logEvents: messages.map((message) => ({ message, timestamp })),
  });
  const found = metrics.list({ account, region }).map((metric) => ({
    ...metric.identity,
    units: [...metric.units.keys()],
    statistics: metric.periods(timestamp, timestamp + 60_000, 60_000).get(0),
  }));
  expect(found).toMatchObject([
    {
      namespace: 'Shop',
      name: 'Orders',
      dimensions: { service: 'front' },
      units: ['Count'],
      statistics: { sum: 3, sampleCount: 1 },
    },
    {
      name: 'Sizes',
      units: ['None'],
      statistics: { sum: 6, minimum: 1, maximum: 5, sampleCount: 2 },
    },
  ]);
});
