// Two stacks, one of which needs the other and has a nested stack, a custom resource and a large asset.
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');
const {
  App,
  CfnOutput,
  CustomResource,
  Duration,
  NestedStack,
  RemovalPolicy,
  Stack,
} = require('aws-cdk-lib');
const { Code, Function: LambdaFunction, Runtime } = require('aws-cdk-lib/aws-lambda');
const { Bucket } = require('aws-cdk-lib/aws-s3');
const { Asset } = require('aws-cdk-lib/aws-s3-assets');
const { Queue } = require('aws-cdk-lib/aws-sqs');
const { StringParameter } = require('aws-cdk-lib/aws-ssm');

const version = process.env.VERSION ?? 'first';
const isChanged = version !== 'first';
const app = new App();

const producer = new Stack(app, 'Producer');
const queue = new Queue(producer, 'Queue');

const consumer = new Stack(app, 'Consumer');
new StringParameter(consumer, 'QueueArn', { stringValue: queue.queueArn });

const nested = new NestedStack(consumer, 'Nested');
const inner = new Queue(nested, 'Inner', {
  visibilityTimeout: Duration.seconds(isChanged ? 20 : 10),
});
new CfnOutput(consumer, 'InnerUrl', { value: inner.queueUrl });

const functionOf = (id, code) =>
  new LambdaFunction(consumer, id, {
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: Code.fromInline(code),
  });
const answers = functionOf('Function', `exports.handler = async () => '${version}'`);
new CfnOutput(consumer, 'FunctionName', { value: answers.functionName });

const handler = functionOf(
  'CustomHandler',
  `const response = require('cfn-response');
exports.handler = (event, context) => {
  const before = event.OldResourceProperties || { Version: 'nothing' };
  const data = { Was: before.Version };
  response.send(event, context, response.SUCCESS, data, 'id-' + event.ResourceProperties.Version);
};`,
);
const custom = new CustomResource(consumer, 'Custom', {
  serviceToken: handler.functionArn,
  properties: { Version: isChanged ? 'second' : 'first' },
});
new CfnOutput(consumer, 'Was', { value: custom.getAttString('Was') });

new Bucket(consumer, 'Bucket', { removalPolicy: RemovalPolicy.DESTROY, autoDeleteObjects: true });

// Above 5 MB an asset is uploaded in parts.
const large = join(app.outdir, 'large.bin');
writeFileSync(large, Buffer.alloc(6_000_000, 'large'));
const asset = new Asset(consumer, 'Large', { path: large });
new CfnOutput(consumer, 'LargeUrl', { value: asset.s3ObjectUrl });
