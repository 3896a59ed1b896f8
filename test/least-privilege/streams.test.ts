import { Firehose } from '@aws-sdk/client-firehose';
import { Kinesis } from '@aws-sdk/client-kinesis';
import { S3 } from '@aws-sdk/client-s3';
import { SNS } from '@aws-sdk/client-sns';
import { SQS } from '@aws-sdk/client-sqs';
import { CfnOutput, Duration, SecretValue, type Stack } from 'aws-cdk-lib';
import * as glue from 'aws-cdk-lib/aws-glue';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import { Key } from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Domain } from 'aws-cdk-lib/aws-opensearchservice';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import {
  BackedUpRecords,
  type BackupOptions,
  Destination,
  FailureDestination,
  FanOut,
  Format,
  type IDestination,
  Processor,
  Source,
  StreamConsumer,
  type StreamConsumerProps,
  StreamDelivery,
} from 'cdk-decouple';
import type { Deployment, Emulator, ManualClock } from 'cdk-decouple-emulator';
import { everyRightCounts } from './variants';

const notAsked = 'AWS asks for it, the emulator does not';

const sparedOfDelivery = {
  's3:GetBucketLocation': notAsked,
  's3:ListBucket': notAsked,
  's3:AbortMultipartUpload': notAsked,
  's3:GetObject': notAsked,
  'lambda:GetFunctionConfiguration': notAsked,
};

async function put(aws: Emulator, deployment: Deployment, text: string): Promise<void> {
  await aws.client(Kinesis).putRecord({
    StreamName: deployment.output('StreamName'),
    PartitionKey: 'a',
    Data: Buffer.from(text),
  });
}

/** Whether there is an object below `records/` once everything had time to arrive. */
async function arrives(aws: Emulator<ManualClock>, deployment: Deployment): Promise<boolean> {
  await aws.clock.advance(Duration.minutes(10));
  const { Contents = [] } = await aws
    .client(S3)
    .listObjectsV2({ Bucket: deployment.output('BucketName'), Prefix: 'records/' });
  return Contents.length > 0;
}

function bucketIn(stack: Stack, encryptionKey?: Key): s3.Bucket {
  const bucket = new s3.Bucket(stack, 'Bucket', { encryptionKey });
  new CfnOutput(stack, 'BucketName', { value: bucket.bucketName });
  return bucket;
}

everyRightCounts('a delivery from an encrypted stream, by a function', {
  spared: sparedOfDelivery,
  build(stack) {
    const { stream } = new StreamDelivery(stack, 'Delivery', {
      source: Source.stream({ shardCount: 1, encryptionKey: new Key(stack, 'Key') }),
      destination: Destination.s3({ bucket: bucketIn(stack), prefix: 'records/' }),
      processors: [Processor.jsonRecords()],
    });
    new CfnOutput(stack, 'StreamName', { value: stream?.streamName ?? '' });
  },
  async works(aws, deployment) {
    await put(aws, deployment, '{"a":1}');
    return arrives(aws, deployment);
  },
});

everyRightCounts('a topic to an encrypted bucket, as Parquet', {
  spared: {
    ...sparedOfDelivery,
    'kms:Decrypt': 'for objects that are so large that Firehose writes them in parts',
    'firehose:DescribeDeliveryStream': notAsked,
    'firehose:ListDeliveryStreams': notAsked,
    'firehose:ListTagsForDeliveryStream': notAsked,
    'firehose:PutRecordBatch': notAsked,
    SubscriptionDeadLetterQueuePolicy: 'for messages that cannot be delivered',
  },
  build(stack) {
    const databaseName = 'web';
    const database = new glue.CfnDatabase(stack, 'Database', {
      catalogId: stack.account,
      databaseInput: { name: databaseName },
    });
    const table = new glue.CfnTable(stack, 'Table', {
      catalogId: stack.account,
      databaseName,
      tableInput: {
        name: 'clicks',
        storageDescriptor: { columns: [{ name: 'a', type: 'bigint' }] },
      },
    });
    table.addResourceDependency(database);
    const topic = new FanOut(stack, 'Topic');
    const delivery = new StreamDelivery(stack, 'Delivery', {
      source: Source.directPut(),
      destination: Destination.s3({
        bucket: bucketIn(stack, new Key(stack, 'Key')),
        prefix: 'records/',
        format: Format.parquet(table),
      }),
    });
    topic.addDelivery('Archive', delivery, { rawMessageDelivery: true });
    new CfnOutput(stack, 'TopicArn', { value: topic.topic.topicArn });
  },
  async works(aws, deployment) {
    await aws.client(SNS).publish({ TopicArn: deployment.output('TopicArn'), Message: '{"a":1}' });
    return arrives(aws, deployment);
  },
});

/** A function that fails for what is no JSON. */
function consumerIn(stack: Stack, props: Partial<StreamConsumerProps>): void {
  const stream = new kinesis.Stream(stack, 'Stream', {
    shardCount: 1,
    encryptionKey: new Key(stack, 'Key'),
  });
  const fn = new lambda.Function(stack, 'Function', {
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline(`exports.handler = async ({ Records }) => {
      for (const { kinesis } of Records) JSON.parse(Buffer.from(kinesis.data, 'base64'));
    };`),
  });
  const { deadLetterQueue } = new StreamConsumer(stack, 'Consumer', {
    stream,
    function: fn,
    retryAttempts: 0,
    ...props,
  });
  new CfnOutput(stack, 'StreamName', { value: stream.streamName });
  new CfnOutput(stack, 'Queue', { value: deadLetterQueue?.queueUrl ?? '' });
}

/** Whether the queue is told of the one record that fails. */
async function consumes(aws: Emulator<ManualClock>, deployment: Deployment): Promise<boolean> {
  await put(aws, deployment, '{}');
  await put(aws, deployment, 'no JSON');
  await aws.clock.advance(Duration.minutes(2));
  const { Messages = [] } = await aws
    .client(SQS)
    .receiveMessage({ QueueUrl: deployment.output('Queue'), MaxNumberOfMessages: 10 });
  return Messages.length === 1;
}

everyRightCounts('a consumer that polls', {
  spared: { 'kinesis:DescribeStreamSummary': notAsked },
  build: (stack) => consumerIn(stack, {}),
  works: consumes,
});

everyRightCounts('a consumer whose failures go to an encrypted bucket', {
  spared: { 'kinesis:DescribeStreamSummary': notAsked, 's3:ListBucket': notAsked },
  build(stack) {
    const bucket = bucketIn(stack, new Key(stack, 'BucketKey'));
    consumerIn(stack, { onFailure: FailureDestination.bucket(bucket) });
  },
  async works(aws, deployment) {
    await put(aws, deployment, 'no JSON');
    await aws.clock.advance(Duration.minutes(2));
    const { Contents = [] } = await aws
      .client(S3)
      .listObjectsV2({ Bucket: deployment.output('BucketName'), Prefix: 'aws/lambda/' });
    return Contents.length === 1;
  },
});

everyRightCounts('a consumer with enhanced fan-out', {
  spared: {
    'kinesis:DescribeStream': notAsked,
    'kinesis:ListShards': notAsked,
  },
  build: (stack) => consumerIn(stack, { enhancedFanOut: true }),
  works: consumes,
});

/** Whether what is put straight into a delivery stream is sent to where nothing is kept back. */
async function isSent(aws: Emulator<ManualClock>, deployment: Deployment): Promise<boolean> {
  await aws.client(Firehose).putRecord({
    DeliveryStreamName: deployment.output('DeliveryStreamName'),
    Record: { Data: Buffer.from('{"a":1}') },
  });
  await aws.clock.advance(Duration.minutes(10));
  const { Contents = [] } = await aws
    .client(S3)
    .listObjectsV2({ Bucket: deployment.output('BucketName') });
  return aws.firehose.captured().length === 1 && Contents.length === 1;
}

/** Everything is backed up, so that the rights for it count as well. */
function sentTo(stack: Stack, make: (backup: BackupOptions) => IDestination): void {
  const backup = { bucket: bucketIn(stack), records: BackedUpRecords.ALL };
  const { deliveryStream } = new StreamDelivery(stack, 'Delivery', {
    source: Source.directPut(),
    destination: make(backup),
  });
  new CfnOutput(stack, 'DeliveryStreamName', { value: deliveryStream.deliveryStreamName });
}

everyRightCounts('a delivery to an HTTP endpoint, with an encrypted secret', {
  spared: sparedOfDelivery,
  build(stack) {
    const accessKey = new Secret(stack, 'Secret', {
      secretObjectValue: { api_key: SecretValue.unsafePlainText('secret') },
      encryptionKey: new Key(stack, 'Key'),
    });
    sentTo(stack, (backup) =>
      Destination.http({ url: 'https://intake.example.com/in', accessKey, backup }),
    );
  },
  works: isSent,
});

everyRightCounts('a delivery to OpenSearch', {
  spared: {
    ...sparedOfDelivery,
    'es:Describe': notAsked,
    'es:ESHttpPut': notAsked,
    'es:ESHttpGet': notAsked,
  },
  build(stack) {
    const domain = Domain.fromDomainAttributes(stack, 'Domain', {
      domainArn: 'arn:aws:es:us-east-1:000000000000:domain/clicks',
      domainEndpoint: 'search-clicks.us-east-1.es.amazonaws.com',
    });
    sentTo(stack, (backup) => Destination.openSearch({ domain, indexName: 'clicks', backup }));
  },
  works: isSent,
});
