import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ProducerGrants, StreamDataEvents, StreamEndpoint } from 'cdk-decouple';
import { failuresOf } from '../stream-delivery/fixtures';

function needs() {
  const stack = new Stack(new App(), 'Test');
  const stream = new kinesis.Stream(stack, 'Stream', { encryptionKey: new kms.Key(stack, 'Key') });
  return { stack, stream };
}

describe('producers', () => {
  type Grant = (stream: kinesis.IStream, grantee: iam.IGrantable) => void;

  test.each<[string, Grant, string[]]>([
    [
      'the SDK',
      ProducerGrants.sdk,
      ['kms:GenerateDataKey', 'kinesis:PutRecord', 'kinesis:PutRecords'],
    ],
    [
      'the Kinesis Producer Library',
      (stream, grantee) => ProducerGrants.kpl(stream, grantee),
      [
        'cloudwatch:PutMetricData',
        'kms:GenerateDataKey',
        'kinesis:PutRecord',
        'kinesis:PutRecords',
        'kinesis:DescribeStream',
        'kinesis:DescribeStreamSummary',
        'kinesis:ListShards',
      ],
    ],
    [
      'the Kinesis Agent',
      ProducerGrants.agent,
      [
        'cloudwatch:PutMetricData',
        'kms:GenerateDataKey',
        'kinesis:PutRecord',
        'kinesis:PutRecords',
      ],
    ],
  ])('%s may do what it does, and no more', (_name, grant, expected) => {
    const { stack, stream } = needs();
    const role = new iam.Role(stack, 'Producer', { assumedBy: new iam.AccountRootPrincipal() });
    grant(stream, role);

    const [policy] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
    const actions = policy?.Properties.PolicyDocument.Statement.flatMap(
      ({ Action }: { Action: string | string[] }) => Action,
    );
    expect(actions).toEqual(expected);
  });
});

describe('a VPC endpoint', () => {
  test('lets principals of the account use the streams, and no others', () => {
    const { stack, stream } = needs();
    new StreamEndpoint(stack, 'Endpoint', {
      vpc: new ec2.Vpc(stack, 'Vpc', { maxAzs: 2 }),
      streams: [stream],
    });

    Template.fromStack(stack).hasResourceProperties('AWS::EC2::VPCEndpoint', {
      VpcEndpointType: 'Interface',
      PrivateDnsEnabled: true,
      PolicyDocument: {
        Statement: [
          Match.objectLike({
            Effect: 'Allow',
            Condition: { StringEquals: { 'aws:PrincipalAccount': { Ref: 'AWS::AccountId' } } },
            Resource: [
              stack.resolve(stream.streamArn),
              { 'Fn::Join': ['', [stack.resolve(stream.streamArn), '/consumer/*']] },
            ],
          }),
        ],
      },
    });
  });

  test('fails for no streams', () => {
    const { stack } = needs();
    const vpc = new ec2.Vpc(stack, 'Vpc');

    expect(failuresOf(() => new StreamEndpoint(stack, 'Endpoint', { vpc, streams: [] }))).toEqual([
      'streams must have at least one',
    ]);
  });
});

describe('data events', () => {
  test('of streams and their consumers are logged to a bucket that CloudTrail may write to', () => {
    const { stack, stream } = needs();
    new StreamDataEvents(stack, 'Events', { streams: [stream] });

    const template = Template.fromStack(stack);
    template.hasResource('AWS::CloudTrail::Trail', {
      Properties: {
        EnableLogFileValidation: true,
        IsLogging: true,
        AdvancedEventSelectors: [
          {
            Name: 'Streams',
            FieldSelectors: [
              { Field: 'eventCategory', Equals: ['Data'] },
              { Field: 'resources.type', Equals: ['AWS::Kinesis::Stream'] },
              { Field: 'resources.ARN', Equals: [stack.resolve(stream.streamArn)] },
            ],
          },
          Match.objectLike({ Name: 'Consumers' }),
        ],
      },
      DependsOn: [Match.stringLikeRegexp('^EventsBucketPolicy')],
    });
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Action: 's3:GetBucketAcl' }),
          Match.objectLike({
            Action: 's3:PutObject',
            Principal: { Service: 'cloudtrail.amazonaws.com' },
            Condition: {
              StringEquals: Match.objectLike({ 's3:x-amz-acl': 'bucket-owner-full-control' }),
            },
          }),
        ]),
      },
    });
  });

  test('may go to a bucket of your own', () => {
    const { stack, stream } = needs();
    const bucket = new s3.Bucket(stack, 'Bucket');
    new StreamDataEvents(stack, 'Events', { streams: [stream], bucket });

    Template.fromStack(stack).resourceCountIs('AWS::S3::Bucket', 1);
  });

  test('fail for no streams', () => {
    const { stack } = needs();

    expect(failuresOf(() => new StreamDataEvents(stack, 'Events', { streams: [] }))).toHaveLength(
      1,
    );
  });
});
