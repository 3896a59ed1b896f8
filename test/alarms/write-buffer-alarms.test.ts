import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Attribute, Sink, WriteBuffer } from 'cdk-decouple';
import { AlarmBench } from './alarm-bench';

let aws: AlarmBench;
let buffer: WriteBuffer;

beforeAll(async () => {
  [aws, buffer] = await AlarmBench.deploy((stack) => {
    const table = new TableV2(stack, 'Table', {
      partitionKey: { name: 'order_id', type: AttributeType.STRING },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    return new WriteBuffer(stack, 'Buffer', {
      sink: Sink.dynamoDb({
        table,
        attributes: { order_id: '$.orderId', ordered_at: Attribute.sentTimestamp() },
      }),
    });
  });
});
afterAll(() => aws.aws.stop());

/** Sends an order every minute. */
async function orders(minutes: number): Promise<void> {
  for (let i = 0; i < minutes; i += 1) {
    const orderId = `order-${aws.aws.clock.now()}`;
    await aws.send(buffer.queue, JSON.stringify({ orderId }));
    await aws.minutes(1);
  }
}

async function states(): Promise<(string | undefined)[]> {
  const { sinkErrors, sinkThrottles, functionErrors } = buffer.alarms;
  if (!sinkErrors || !sinkThrottles) throw new Error('there are no alarms');
  return Promise.all([sinkErrors, sinkThrottles, functionErrors].map((alarm) => aws.state(alarm)));
}

test('the alarms on the sink go off when its table throttles, and end when it takes orders again', async () => {
  await orders(3);
  expect(await states()).toEqual(['OK', 'OK', 'OK']);
  const end = aws.aws.faults.throttleTable({ operations: ['PutItem'] });
  await orders(15);
  expect(await states()).toEqual(['ALARM', 'ALARM', 'OK']);
  end();
  await aws.minutes(60);
  expect(await states()).toEqual(['OK', 'OK', 'OK']);
});

test('the alarm on the function goes off when its environments die, and ends when they live', async () => {
  const end = aws.aws.faults.tableLatency({
    operations: ['PutItem'],
    milliseconds: Duration.seconds(2).toMilliseconds(),
  });
  for (let i = 0; i < 15; i += 1) {
    await aws.send(buffer.queue, JSON.stringify({ orderId: `killed-${i}` }));
    await aws.aws.clock.advance(Duration.seconds(1));
    await aws.aws.faults.killFunction(aws.arnOf(buffer.function));
    await aws.aws.clock.advance(Duration.seconds(59));
  }
  expect((await states())[2]).toBe('ALARM');
  end();
  await aws.minutes(60);
  expect(await states()).toEqual(['OK', 'OK', 'OK']);
});
