// Apps as others write them, with nothing of cdk-decouple: VERSION chooses one.
const { mkdtempSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const {
  App,
  CfnOutput,
  CrossStackReferences,
  Duration,
  NestedStack,
  ReferenceStrength,
  RemovalPolicy,
  Stack,
  Stage,
} = require('aws-cdk-lib');
const { Alarm } = require('aws-cdk-lib/aws-cloudwatch');
const { DockerImageAsset } = require('aws-cdk-lib/aws-ecr-assets');
const { Code, Function: LambdaFunction, Runtime } = require('aws-cdk-lib/aws-lambda');
const { SqsEventSource } = require('aws-cdk-lib/aws-lambda-event-sources');
const { Bucket, EventType } = require('aws-cdk-lib/aws-s3');
const { SqsDestination } = require('aws-cdk-lib/aws-s3-notifications');
const { Topic } = require('aws-cdk-lib/aws-sns');
const { Queue } = require('aws-cdk-lib/aws-sqs');
const { StringParameter } = require('aws-cdk-lib/aws-ssm');

/** Uploads to a bucket go through a queue to a function, which notes the last one in a parameter. */
function events(app) {
  const stack = new Stack(app, 'Uploads');
  const uploads = new Bucket(stack, 'Bucket', {
    removalPolicy: RemovalPolicy.DESTROY,
    autoDeleteObjects: true,
    enforceSSL: true,
  });
  const failed = new Queue(stack, 'Failed', { retentionPeriod: Duration.days(14) });
  const queue = new Queue(stack, 'Queue', {
    visibilityTimeout: Duration.seconds(60),
    deadLetterQueue: { queue: failed, maxReceiveCount: 3 },
  });
  uploads.addEventNotification(EventType.OBJECT_CREATED, new SqsDestination(queue));
  const last = new StringParameter(stack, 'Last', { stringValue: 'none' });
  const worker = new LambdaFunction(stack, 'Worker', {
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    environment: { LAST: last.parameterName },
    code: Code.fromInline(`const { SSM } = require('@aws-sdk/client-ssm');
exports.handler = async ({ Records }) => {
  for (const { body } of Records) {
    const key = JSON.parse(body).Records?.[0]?.s3.object.key;
    if (!key) continue;
    await new SSM({}).putParameter({ Name: process.env.LAST, Value: key, Overwrite: true });
  }
};`),
  });
  worker.addEventSource(new SqsEventSource(queue, { batchSize: 5 }));
  last.grantWrite(worker);
  new Alarm(stack, 'Failures', {
    metric: failed.metricApproximateNumberOfMessagesVisible(),
    threshold: 1,
    evaluationPeriods: 1,
  });
  new CfnOutput(stack, 'BucketName', { value: uploads.bucketName });
  new CfnOutput(stack, 'LastName', { value: last.parameterName });
}

/** Two nested stacks, the second of which needs what the first has; one of them holds another. */
function nested(app) {
  const stack = new Stack(app, 'Shop');
  const data = new NestedStack(stack, 'Data');
  const orders = new Queue(data, 'Orders', { fifo: true });
  const inner = new NestedStack(data, 'Inner');
  const topic = new Topic(inner, 'Topic');
  const workers = new NestedStack(stack, 'Workers');
  const settings = new StringParameter(workers, 'Settings', {
    stringValue: `${orders.queueArn} ${topic.topicArn} ${process.env.CHANGE ?? ''}`,
  });
  new CfnOutput(stack, 'SettingsName', { value: settings.parameterName });
}

/** Two stages, one of them in another account and Region, each with a stack that reads another's across Regions. */
function stages(app) {
  const environments = {
    Dev: { account: '000000000000', region: 'us-east-1' },
    Prod: { account: '111111111111', region: 'eu-west-1' },
  };
  for (const [name, env] of Object.entries(environments)) {
    const stage = new Stage(app, name, { env });
    const core = new Stack(stage, 'Core');
    const jobs = new Queue(core, 'Jobs');
    CrossStackReferences.of(jobs).produce(ReferenceStrength.WEAK);
    const copy = new Stack(stage, 'Copy', { env: { ...env, region: 'eu-central-1' } });
    new StringParameter(copy, 'JobsUrl', { parameterName: '/jobs', stringValue: jobs.queueUrl });
    const near = new Stack(stage, 'Near');
    new StringParameter(near, 'JobsArn', { parameterName: '/near', stringValue: jobs.queueArn });
  }
}

/** An image of a container, which the emulator cannot take. */
function image(app) {
  const directory = mkdtempSync(join(tmpdir(), 'image-'));
  writeFileSync(join(directory, 'Dockerfile'), 'FROM scratch\n');
  new DockerImageAsset(new Stack(app, 'Pictures'), 'Image', { directory });
}

/** What somebody has made before there was a stack. */
function existing(app) {
  const stack = new Stack(app, 'Legacy');
  new Bucket(stack, 'Bucket', { bucketName: 'made-by-hand' });
}

/** Adds the stacks of one of the apps. */
function build(name, app) {
  ({ events, nested, stages, image, existing })[name](app);
}

module.exports = { build };

if (require.main === module) {
  const app = new App();
  build(process.env.VERSION, app);
}
