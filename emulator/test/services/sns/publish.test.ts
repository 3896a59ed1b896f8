import { createHash } from 'node:crypto';
import { account, region, SnsBench } from './support';

let bench: SnsBench;

beforeEach(async () => {
  bench = await SnsBench.start();
});

afterEach(() => bench.stop());

test('a message that is published arrives in a queue, in the document that AWS sends', async () => {
  const topic = await bench.topic('orders');
  const queue = await bench.queue('work');
  const subscription = await bench.subscribe(topic, queue.arn);
  const { MessageId } = await bench.sns.publish({
    TopicArn: topic,
    Subject: 'New order',
    Message: 'Größe "5"\n',
    MessageAttributes: {
      kind: { DataType: 'String', StringValue: 'order' },
      bytes: { DataType: 'Binary', BinaryValue: Uint8Array.of(1, 2, 255) },
    },
  });
  const [message] = await queue.take();
  const body = message?.Body ?? '';
  const document = JSON.parse(body);
  const origin = await bench.aws.endpoint();
  expect(document).toEqual({
    Type: 'Notification',
    MessageId,
    TopicArn: `arn:aws:sns:${region}:${account}:orders`,
    Subject: 'New order',
    Message: 'Größe "5"\n',
    Timestamp: '2035-01-01T00:00:00.000Z',
    SignatureVersion: '1',
    Signature: expect.stringMatching(/^[A-Za-z0-9+/]{342}==$/),
    SigningCertURL: expect.stringMatching(
      /^https:\/\/127\.0\.0\.1:\d+\/_emulator\/SimpleNotificationService-[0-9a-f]{32}\.pem$/,
    ),
    UnsubscribeURL: `${origin}/?Action=Unsubscribe&SubscriptionArn=${subscription}&Version=2010-03-31`,
    MessageAttributes: {
      kind: { Type: 'String', Value: 'order' },
      bytes: { Type: 'Binary', Value: 'AQL/' },
    },
  });
  expect(body.split('\n').slice(0, 3)).toEqual([
    '{',
    '  "Type" : "Notification",',
    `  "MessageId" : "${MessageId}",`,
  ]);
  expect(message?.MD5OfBody).toBe(createHash('md5').update(body).digest('hex'));
  expect(message?.MessageAttributes).toBeUndefined();
});
