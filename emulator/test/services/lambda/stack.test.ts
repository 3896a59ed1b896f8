import { IAM } from '@aws-sdk/client-iam';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { App, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Emulator } from '../../../src';

const forwarder = `
  const { SQS } = require('@aws-sdk/client-sqs');
  exports.handler = async ({ Records }) => {
    for (const { body } of Records)
      await new SQS({}).sendMessage({ QueueUrl: process.env.OUTBOX, MessageBody: body });
  };`;

test('a stack of the CDK runs: queue, event source, function, custom resource; and leaves nothing', async () => {
  const aws = await Emulator.start({ clock: 'manual' });
  const stack = new Stack(new App(), 'Shop');
  const inbox = new Queue(stack, 'Inbox');
  const outbox = new Queue(stack, 'Outbox');
  const fn = new LambdaFunction(stack, 'Forwarder', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline(forwarder),
    environment: { OUTBOX: outbox.queueUrl },
    logGroup: new LogGroup(stack, 'Log', { removalPolicy: RemovalPolicy.DESTROY }),
  });
  outbox.grantSendMessages(fn);
  fn.addEventSource(new SqsEventSource(inbox, { maxConcurrency: 2 }));
  new Bucket(stack, 'Bucket', { autoDeleteObjects: true, removalPolicy: RemovalPolicy.DESTROY });
  new CfnOutput(stack, 'InboxUrl', { value: inbox.queueUrl });
  new CfnOutput(stack, 'OutboxUrl', { value: outbox.queueUrl });

  const deployment = await aws.deploy(stack);
  const sqs = aws.client(SQSClient);
  const QueueUrl = deployment.output('OutboxUrl');
  await sqs.send(
    new SendMessageCommand({ QueueUrl: deployment.output('InboxUrl'), MessageBody: 'hello' }),
  );
  await aws.clock.advance(Duration.seconds(1));
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  expect(Messages.map((message) => message.Body)).toEqual(['hello']);

  await aws.destroy(stack);
  expect(aws.leaks()).toEqual([]);
  await aws.stop();
});

test('what S3 says of a function’s code is told as Lambda tells it', async () => {
  const aws = await Emulator.start({ clock: 'manual' });
  const AssumeRolePolicyDocument = JSON.stringify({
    Statement: {
      Effect: 'Allow',
      Principal: { Service: 'lambda.amazonaws.com' },
      Action: 'sts:AssumeRole',
    },
  });
  await aws.client(IAM).createRole({ RoleName: 'worker', AssumeRolePolicyDocument });
  const creation = aws.client(LambdaClient).send(
    new CreateFunctionCommand({
      FunctionName: 'fn',
      Role: 'arn:aws:iam::000000000000:role/worker',
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { S3Bucket: 'none', S3Key: 'code.zip' },
    }),
  );
  await expect(creation).rejects.toMatchObject({
    name: 'InvalidParameterValueException',
    message:
      'Error occurred while GetObject. S3 Error Code: NoSuchBucket. S3 Error Message: The specified bucket does not exist',
  });
  await aws.stop();
});
