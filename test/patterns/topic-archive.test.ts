import { gunzipSync } from 'node:zlib';
import { S3 } from '@aws-sdk/client-s3';
import { SNS } from '@aws-sdk/client-sns';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { FanOut } from 'cdk-decouple';
import { Emulator } from 'cdk-decouple-emulator';

test('a topic archives its messages through a delivery stream, as the role of the subscription', async () => {
  const stack = new Stack(new App(), 'Orders');
  const fanOut = new FanOut(stack, 'Orders');
  const bucket = new Bucket(stack, 'Archive', { bucketName: 'archive' });
  fanOut.addArchive('Archived', bucket);
  const aws = await Emulator.start({ clock: 'manual' });
  await aws.deploy(stack);
  const sns = aws.client(SNS);
  const { Topics: [{ TopicArn } = {}] = [] } = await sns.listTopics({});
  for (const Message of ['one', 'two']) await sns.publish({ TopicArn, Message, Subject: 'Order' });
  await aws.clock.advance(Duration.minutes(5));
  const s3 = aws.client(S3);
  const { Contents: [{ Key } = {}, ...others] = [] } = await s3.listObjectsV2({
    Bucket: 'archive',
  });
  expect(others).toEqual([]);
  const { Body } = await s3.getObject({ Bucket: 'archive', Key });
  const lines = gunzipSync((await Body?.transformToByteArray()) ?? '')
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map(({ Message }) => Message)).toEqual(['one', 'two']);
  expect(lines[0]).toEqual({
    Type: 'Notification',
    MessageId: expect.any(String),
    TopicArn,
    Subject: 'Order',
    Message: 'one',
    Timestamp: expect.stringMatching(/^2035-01-01T00:00:0\d\.\d{3}Z$/),
    UnsubscribeURL: expect.stringContaining('Action=Unsubscribe'),
  });
  await aws.stop();
});
