import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { S3 } from '@aws-sdk/client-s3';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { App, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Emulator } from '../../src';
import type { ManualClock } from '../../src/clock/clock';

function shopStack(): Stack {
  const stack = new Stack(new App(), 'Shop');
  const removalPolicy = RemovalPolicy.DESTROY;
  const encryptionKey = new Key(stack, 'Key', { enableKeyRotation: true, removalPolicy });
  new Alias(stack, 'Alias', { aliasName: 'alias/shop', targetKey: encryptionKey });
  const bucket = new Bucket(stack, 'Orders', {
    removalPolicy,
    encryptionKey,
    encryption: BucketEncryption.KMS,
    enforceSSL: true,
    versioned: true,
    lifecycleRules: [{ noncurrentVersionExpiration: Duration.days(30) }],
  });
  const role = new Role(stack, 'Worker', {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    managedPolicies: [
      ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSLambdaBasicExecutionRole'),
    ],
  });
  bucket.grantReadWrite(role);
  const parameter = new StringParameter(stack, 'Parameter', { stringValue: bucket.bucketName });
  new CfnOutput(stack, 'ParameterName', { value: parameter.parameterName });
  return stack;
}

let aws: Emulator<ManualClock>;

beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
});

afterEach(() => aws.stop());

test('a stack of buckets, keys, roles and parameters comes, works and goes', async () => {
  const stack = shopStack();
  const deployment = await aws.deploy(stack);
  const { Parameter: parameter } = await aws
    .client(SSMClient)
    .send(new GetParameterCommand({ Name: deployment.output('ParameterName') }));
  const s3 = aws.client(S3);
  const request = { Bucket: parameter?.Value, Key: 'a' };
  const { KeyMetadata: key } = await aws
    .client(KMSClient)
    .send(new DescribeKeyCommand({ KeyId: 'alias/shop' }));
  const { SSEKMSKeyId: keyArn, VersionId } = await s3.putObject({ ...request, Body: 'order' });
  expect(keyArn).toBe(key?.Arn);
  expect(aws.leaks()).not.toEqual([]);

  await s3.deleteObject({ ...request, VersionId });
  await aws.destroy(stack);
  expect(aws.leaks()).toEqual([]);
});
