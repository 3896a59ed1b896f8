// A bucket with a web site from a directory, whose uploads a queue is told of.
const { mkdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { App, RemovalPolicy, Stack } = require('aws-cdk-lib');
const { Bucket, EventType } = require('aws-cdk-lib/aws-s3');
const { BucketDeployment, Source } = require('aws-cdk-lib/aws-s3-deployment');
const { SqsDestination } = require('aws-cdk-lib/aws-s3-notifications');
const { Queue } = require('aws-cdk-lib/aws-sqs');

const version = process.env.VERSION ?? 'first';
const directory = join(process.cwd(), `site-${version}`);
mkdirSync(directory, { recursive: true });
writeFileSync(join(directory, 'index.html'), `<p>${version}</p>`);
writeFileSync(join(directory, `${version}.txt`), version);

const stack = new Stack(new App(), 'Site');
const queue = new Queue(stack, 'Uploads', { queueName: 'uploads' });
const bucket = new Bucket(stack, 'Bucket', {
  bucketName: 'site',
  autoDeleteObjects: true,
  removalPolicy: RemovalPolicy.DESTROY,
});
bucket.addEventNotification(EventType.OBJECT_CREATED, new SqsDestination(queue), {
  suffix: '.txt',
});
const deployment = new BucketDeployment(stack, 'Deploy', {
  sources: [Source.asset(directory), Source.data('queue.json', queue.queueName)],
  destinationBucket: bucket,
});
deployment.node.addDependency(bucket.node.findChild('Notifications'));
