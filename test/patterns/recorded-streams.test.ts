import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AnalyticsCode, StreamAnalytics, StreamDataEvents, VideoIngest } from 'cdk-decouple';
import { Emulator } from 'cdk-decouple-emulator';

test('Flink applications, video streams and trails are recorded, with what refers to them', async () => {
  const stack = new Stack(new App(), 'Recorded');
  const stream = new kinesis.Stream(stack, 'Stream');
  new StreamDataEvents(stack, 'DataEvents', { streams: [stream] });
  const analytics = new StreamAnalytics(stack, 'Sessions', {
    code: AnalyticsCode.fromBucket(
      s3.Bucket.fromBucketName(stack, 'Programs', 'programs'),
      'a.jar',
    ),
    applicationName: 'sessions',
    inputs: [stream],
  });
  const video = new VideoIngest(stack, 'Gate', { streamName: 'gate' });
  new CfnOutput(stack, 'Application', { value: analytics.application.ref });
  new CfnOutput(stack, 'VideoName', { value: video.streamName });
  new CfnOutput(stack, 'VideoArn', { value: video.streamArn });

  const aws = await Emulator.start({ clock: 'manual' });
  try {
    const deployment = await aws.deploy(stack);
    expect(deployment.summary()).toContain('4 recorded');
    expect(deployment.output('Application')).toBe('sessions');
    expect(deployment.output('VideoName')).toBe('gate');
    expect(deployment.output('VideoArn')).toMatch(
      /^arn:aws:kinesisvideo:us-east-1:000000000000:stream\/gate\/\d+$/,
    );
  } finally {
    await aws.stop();
  }
});
