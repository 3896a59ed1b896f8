import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { VideoIngest, type VideoIngestProps } from 'cdk-decouple';
import { failuresOf } from '../stream-delivery/fixtures';

function ingestWith(changes: (stack: Stack) => VideoIngestProps = () => ({})) {
  const stack = new Stack(new App(), 'Test');
  return { stack, ingest: new VideoIngest(stack, 'Gate', changes(stack)) };
}

test('the whole template', () => {
  expect(Template.fromStack(ingestWith().stack).toJSON()).toMatchSnapshot();
});

test('video is kept for a day, and with the stack', () => {
  Template.fromStack(ingestWith().stack).hasResource('AWS::KinesisVideo::Stream', {
    Properties: { DataRetentionInHours: 24, MediaType: 'video/h264' },
    DeletionPolicy: 'Retain',
  });
});

test('the stream is as it is told', () => {
  const { stack } = ingestWith((scope) => ({
    streamName: 'gate',
    retentionPeriod: Duration.days(3_650),
    mediaType: 'video/h265,audio/aac',
    encryptionKey: new kms.Key(scope, 'Key'),
    alarmTopic: new sns.Topic(scope, 'Topic'),
  }));
  const template = Template.fromStack(stack);

  template.hasResourceProperties('AWS::KinesisVideo::Stream', {
    Name: 'gate',
    DataRetentionInHours: 87_600,
    MediaType: 'video/h265,audio/aac',
    KmsKeyId: Match.anyValue(),
  });
  template.allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: [Match.anyValue()] });
});

test('cameras may send and not watch, guards may watch and not send', () => {
  const { ingest, stack } = ingestWith((scope) => ({ encryptionKey: new kms.Key(scope, 'Key') }));
  const roleOf = (id: string) =>
    new iam.Role(stack, id, { assumedBy: new iam.AccountRootPrincipal() });
  ingest.grantIngest(roleOf('Camera'));
  ingest.grantPlayback(roleOf('Guard'));

  const template = Template.fromStack(stack);
  const actionsOf = (role: string) =>
    JSON.stringify(
      Object.entries(template.findResources('AWS::IAM::Policy')).filter(([id]) =>
        id.startsWith(role),
      ),
    );
  expect(actionsOf('Camera')).toContain('kinesisvideo:PutMedia');
  expect(actionsOf('Camera')).toContain('kms:GenerateDataKey');
  expect(actionsOf('Camera')).not.toContain('kinesisvideo:GetMedia');
  expect(actionsOf('Guard')).toContain('kinesisvideo:GetMedia');
  expect(actionsOf('Guard')).toContain('kms:Decrypt');
  expect(actionsOf('Guard')).not.toContain('kinesisvideo:PutMedia');
});

test('two of them fit in one scope', () => {
  const { stack } = ingestWith();
  new VideoIngest(stack, 'Door');

  Template.fromStack(stack).resourceCountIs('AWS::KinesisVideo::Stream', 2);
});

test.each<[string, VideoIngestProps, RegExp]>([
  ['a name', { streamName: 'a b' }, /streamName must be/],
  ['minutes', { retentionPeriod: Duration.minutes(90) }, /whole hours, got 5400 seconds/],
  ['more than ten years', { retentionPeriod: Duration.hours(87_601) }, /up to 87,600 whole hours/],
  ['no media type', { mediaType: 'video' }, /mediaType must be/],
])('fails for %s', (_what, props, message) => {
  expect(failuresOf(() => ingestWith(() => props))).toEqual([expect.stringMatching(message)]);
});
