import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { InstanceWriteBuffer, Sink } from 'cdk-decouple';
import { AlarmBench } from './alarm-bench';

let bench: AlarmBench;
let table: TableV2;
let buffer: InstanceWriteBuffer;

beforeAll(async () => {
  [bench, { buffer, table }] = await AlarmBench.deploy((stack) => {
    const table = new TableV2(stack, 'Table', {
      partitionKey: { name: 'order_id', type: AttributeType.STRING },
    });
    const buffer = new InstanceWriteBuffer(stack, 'Buffer', {
      vpc: new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1 }),
      sink: Sink.dynamoDb({ table, attributes: { order_id: '$.orderId' } }),
    });
    return { buffer, table };
  });
  await work();
});
afterAll(() => bench.aws.stop());

/**
 * Writes what is in the queue, and logs what the shipped program logs: on the manual clock no process of an instance runs, and the
 * emulator has no CloudWatch agent that would send the lines of its log file.
 */
async function work(): Promise<void> {
  const { aws } = bench;
  const dynamoDb = aws.client(DynamoDB);
  const logs = aws.client(CloudWatchLogs);
  const stream = { logGroupName: bench.idOf(buffer.workers.logGroup), logStreamName: 'worker' };
  await logs.createLogStream(stream);
  const { dimensions = [], namespace, metricName = '' } = metricStat();
  const log = async (errors: number): Promise<void> => {
    const timestamp = aws.clock.now();
    const message = JSON.stringify({
      _aws: {
        Timestamp: timestamp,
        CloudWatchMetrics: [
          {
            Namespace: namespace,
            Dimensions: [dimensions.map(({ name }) => name)],
            Metrics: [{ Name: metricName, Unit: 'Count' }],
          },
        ],
      },
      ...Object.fromEntries(dimensions.map(({ name, value }) => [name, value])),
      [metricName]: errors,
    });
    await logs.putLogEvents({ ...stream, logEvents: [{ timestamp, message }] });
  };
  aws.autoScaling.consume(
    bench.idOf(buffer.workers.autoScalingGroup),
    { queueUrl: bench.url(buffer.queue) },
    async ({ body }) => {
      const Item = { order_id: { S: JSON.parse(body).orderId } };
      try {
        await dynamoDb.putItem({ TableName: bench.idOf(table), Item });
      } catch (error) {
        await log(1);
        throw error;
      }
      await log(0);
    },
  );
}

/** The metric of the alarm on errors. */
function metricStat() {
  const { metricStat: stat } = buffer.sinkErrorsAlarm.metric.toMetricConfig();
  if (stat === undefined) throw new Error('the alarm is on an expression');
  return stat;
}

/** Sends an order every minute. */
async function orders(minutes: number): Promise<void> {
  for (let i = 0; i < minutes; i += 1) {
    const orderId = `order-${bench.aws.clock.now()}`;
    await bench.send(buffer.queue, JSON.stringify({ orderId }));
    await bench.minutes(1);
  }
}

async function states(): Promise<(string | undefined)[]> {
  const { sinkErrorsAlarm, sinkThrottlesAlarm } = buffer;
  if (sinkThrottlesAlarm === undefined) throw new Error('there is no alarm');
  return [await bench.state(sinkErrorsAlarm), await bench.state(sinkThrottlesAlarm)];
}

test('the alarms on the sink go off when its table throttles instances, and end when it takes orders again', async () => {
  await orders(10);
  expect(await states()).toEqual(['OK', 'OK']);
  const end = bench.aws.faults.throttleTable({ operations: ['PutItem'] });
  await orders(15);
  expect(await states()).toEqual(['ALARM', 'ALARM']);
  end();
  await bench.minutes(60);
  expect(await states()).toEqual(['OK', 'OK']);
});
