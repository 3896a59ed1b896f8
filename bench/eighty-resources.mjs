// A CDK app of about 80 resources, as the CLI benchmark deploys it; RELEASE=second is its next version.
import { createRequire } from 'node:module';
import { Duration } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';

const require = createRequire(import.meta.url);
// The same copy of aws-cdk-lib as the constructs', which are CommonJS.
const { App, RemovalPolicies } = require('aws-cdk-lib');
const { SaleDayStack } = require('../dist/bin/sale-day.js');
const { Sink, WorkQueue, WriteBuffer } = require('../dist/lib/index.js');

const isSecond = process.env.RELEASE === 'second';
const stack = new SaleDayStack(new App(), 'EightyResources', {
  connectionBudget: isSecond ? 6 : 4,
});
const encryptionKey = new Key(stack, 'Key', { enableKeyRotation: true });
const alarmTopic = new Topic(stack, 'Alarms', { masterKey: encryptionKey });

for (const name of ['Invoices', 'Parcels', 'Letters']) {
  new WorkQueue(stack, name, {
    consumerTimeout: Duration.seconds(isSecond ? 40 : 20),
    encryptionKey,
    alarmTopic,
  });
}
const handler = new LambdaFunction(stack, 'Returns', {
  runtime: Runtime.NODEJS_22_X,
  handler: 'index.handler',
  code: Code.fromInline('exports.handler = async () => ({ batchItemFailures: [] });'),
  timeout: Duration.seconds(10),
});
new WriteBuffer(stack, 'ReturnsBuffer', { sink: Sink.function(handler), alarmTopic });
const bucket = new Bucket(stack, 'Archive', { versioned: true, enforceSSL: true });
for (const name of ['One', 'Two', 'Three']) {
  new StringParameter(stack, `Parameter${name}`, { stringValue: `${bucket.bucketName}/${name}` });
}
RemovalPolicies.of(stack).destroy();
