import { Duration, type Stack } from 'aws-cdk-lib';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as sns from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { InstanceWriteBuffer, Sink } from 'cdk-decouple';
import { InstanceFleet } from '../patterns/instance-fleet';

interface AlarmNotification {
  readonly AlarmName: string;
  readonly NewStateValue: string;
}

function shop(stack: Stack) {
  const alarmTopic = new sns.Topic(stack, 'Alarms');
  const heard = new Queue(stack, 'Heard');
  alarmTopic.addSubscription(new SqsSubscription(heard, { rawMessageDelivery: true }));
  const table = new TableV2(stack, 'Table', {
    partitionKey: { name: 'order_id', type: AttributeType.STRING },
  });
  const buffer = new InstanceWriteBuffer(stack, 'Buffer', {
    vpc: new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1 }),
    sink: Sink.dynamoDb({
      table,
      attributes: { order_id: '$.orderId' },
      // A message comes back after two minutes.
      timeout: Duration.seconds(20),
    }),
    minCapacity: 1,
    alarmTopic,
  });
  return { buffer, heard };
}

let fleet: InstanceFleet;
let app: ReturnType<typeof shop>;
beforeAll(async () => {
  [fleet, app] = await InstanceFleet.deploy(shop);
});
afterAll(() => fleet.aws.stop());

test('the alarms on the sink go off when its table throttles instances, and end when it takes orders again', async () => {
  const { buffer, heard } = app;
  const { sinkErrors, sinkThrottles } = buffer.alarms;
  if (!sinkThrottles) throw new Error('there is no alarm');
  const names = [fleet.physicalId(sinkErrors), fleet.physicalId(sinkThrottles)];

  /** Waits until both have told of a state. */
  const both = async (state: string): Promise<void> => {
    await fleet.take<AlarmNotification>(heard, (told) =>
      names.every((name) =>
        told.some(({ AlarmName, NewStateValue }) => AlarmName === name && NewStateValue === state),
      ),
    );
  };

  const end = fleet.aws.faults.throttleTable({ operations: ['PutItem'] });
  await fleet.send(
    buffer.queue,
    Array.from({ length: 10 }, (_, index) => JSON.stringify({ orderId: `order-${index}` })),
  );
  await both('ALARM');
  end();
  await both('OK');
  // What could not be written has waited.
  expect(await fleet.depth(buffer.deadLetterQueue)).toBe(0);
});
