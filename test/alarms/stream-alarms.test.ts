import { Firehose } from '@aws-sdk/client-firehose';
import { Kinesis } from '@aws-sdk/client-kinesis';
import { Lambda } from '@aws-sdk/client-lambda';
import { S3 } from '@aws-sdk/client-s3';
import { Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Destination, Processor, Source, StreamConsumer, StreamDelivery } from 'cdk-decouple';
import { AlarmBench } from './alarm-bench';

let bench: AlarmBench | undefined;
afterEach(() => bench?.aws.stop());

async function opened<T>(make: (stack: Stack) => T): Promise<[AlarmBench, T]> {
  const all = await AlarmBench.deploy(make);
  [bench] = all;
  return all;
}

/** States of alarms, by their names. */
async function statesOf(
  aws: AlarmBench,
  alarms: Readonly<Record<string, Alarm | undefined>>,
): Promise<Record<string, string | undefined>> {
  const states: Record<string, string | undefined> = {};
  for (const [name, alarm] of Object.entries(alarms))
    if (alarm !== undefined) states[name] = await aws.state(alarm);
  return states;
}

/** Does something every minute. */
async function everyMinute(aws: AlarmBench, count: number, act: () => Promise<unknown>) {
  for (let i = 0; i < count; i += 1) {
    await act();
    await aws.minutes(1);
  }
}

function deliveryIn(stack: Stack, source: Source) {
  const bucket = new s3.Bucket(stack, 'Bucket', { removalPolicy: RemovalPolicy.DESTROY });
  const delivery = new StreamDelivery(stack, 'Delivery', {
    source,
    destination: Destination.s3({ bucket, bufferingInterval: Duration.minutes(1) }),
    processors: [Processor.jsonRecords()],
    maxFreshness: Duration.minutes(5),
  });
  return { bucket, delivery };
}

test('the alarms of a delivery go off when its bucket is closed, and end when it is open', async () => {
  const [aws, { bucket, delivery }] = await opened((stack) =>
    deliveryIn(stack, Source.stream({ shardCount: 1 })),
  );
  const { freshness, processing, success } = delivery.alarms;
  const states = () => statesOf(aws, { freshness, processing, success });
  const StreamName = aws.idOf(delivery.stream);
  const put = () =>
    aws.aws
      .client(Kinesis)
      .putRecord({ StreamName, PartitionKey: 'a', Data: Buffer.from('{"a":1}') });
  await everyMinute(aws, 6, put);
  expect(await states()).toEqual({ freshness: 'OK', processing: 'OK', success: 'OK' });

  const Bucket = aws.idOf(bucket);
  const client = aws.aws.client(S3);
  await client.putBucketPolicy({
    Bucket,
    Policy: JSON.stringify({
      Statement: [
        {
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:PutObject',
          Resource: `arn:aws:s3:::${Bucket}/*`,
        },
      ],
    }),
  });
  await everyMinute(aws, 20, put);
  expect(await states()).toEqual({ freshness: 'ALARM', processing: 'OK', success: 'ALARM' });

  await client.deleteBucketPolicy({ Bucket });
  await everyMinute(aws, 20, put);
  expect(await states()).toEqual({ freshness: 'OK', processing: 'OK', success: 'OK' });
});

test('the alarm on processing goes off when the function may not run, and ends when it may', async () => {
  const [aws, { delivery }] = await opened((stack) => deliveryIn(stack, Source.directPut()));
  const { processing, success } = delivery.alarms;
  const states = () => statesOf(aws, { processing, success });
  const DeliveryStreamName = aws.idOf(delivery.deliveryStream);
  const put = () =>
    aws.aws
      .client(Firehose)
      .putRecord({ DeliveryStreamName, Record: { Data: Buffer.from('{"a":1}') } });
  const client = aws.aws.client(Lambda);
  const { Functions = [] } = await client.listFunctions({});
  const FunctionName = Functions[0]?.FunctionName;

  await everyMinute(aws, 6, put);
  expect(await states()).toEqual({ processing: 'OK', success: 'OK' });
  await client.putFunctionConcurrency({ FunctionName, ReservedConcurrentExecutions: 0 });
  await everyMinute(aws, 20, put);
  expect(await states()).toEqual({ processing: 'ALARM', success: 'OK' });
  await client.deleteFunctionConcurrency({ FunctionName });
  await everyMinute(aws, 20, put);
  expect(await states()).toEqual({ processing: 'OK', success: 'OK' });
});

test('the alarm on throttles goes off when more is put than the quota allows, and ends', async () => {
  const [aws, { delivery }] = await opened((stack) => deliveryIn(stack, Source.directPut()));
  const { throttled } = delivery.alarms;
  const DeliveryStreamName = aws.idOf(delivery.deliveryStream);
  const client = aws.aws.client(Firehose);
  const Data = Buffer.from(`{"a":"${'x'.repeat(1_000_000)}"}`);
  // Three times 4 MB in a second, of which a region takes 5 at most.
  const put = () =>
    Promise.allSettled(
      [1, 2, 3].map(() =>
        client.putRecordBatch({
          DeliveryStreamName,
          Records: [{ Data }, { Data }, { Data }, { Data }],
        }),
      ),
    );

  await aws.minutes(2);
  expect(await statesOf(aws, { throttled })).toEqual({ throttled: 'OK' });
  await everyMinute(aws, 4, put);
  expect(await statesOf(aws, { throttled })).toEqual({ throttled: 'ALARM' });
  await aws.minutes(6);
  expect(await statesOf(aws, { throttled })).toEqual({ throttled: 'OK' });
});

test('the alarms of a stream go off at its limits and when a reader is far behind, and end', async () => {
  const [aws, { delivery }] = await opened((stack) =>
    deliveryIn(stack, Source.stream({ shardCount: 1 })),
  );
  const { iteratorAge, readLimit, writeLimit } = delivery.alarms;
  const states = () => statesOf(aws, { iteratorAge, readLimit, writeLimit });
  const StreamName = aws.idOf(delivery.stream);
  const client = aws.aws.client(Kinesis);
  const Data = Buffer.from('{"a":1}');
  const oldest = async () => {
    const { ShardIterator } = await client.getShardIterator({
      StreamName,
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'TRIM_HORIZON',
    });
    return client.getRecords({ ShardIterator, Limit: 1 });
  };
  await client.putRecord({ StreamName, PartitionKey: 'a', Data });
  await aws.minutes(70);
  await client.putRecord({ StreamName, PartitionKey: 'a', Data });
  await aws.minutes(2);
  expect(await states()).toEqual({ iteratorAge: 'OK', readLimit: 'OK', writeLimit: 'OK' });

  await everyMinute(aws, 4, oldest);
  expect(await states()).toEqual({ iteratorAge: 'ALARM', readLimit: 'OK', writeLimit: 'OK' });
  await aws.minutes(6);
  await everyMinute(aws, 4, async () => {
    await Promise.allSettled(Array.from({ length: 10 }, oldest));
    const Records = Array.from({ length: 500 }, () => ({ PartitionKey: 'a', Data }));
    for (let i = 0; i < 3; i += 1) await client.putRecords({ StreamName, Records });
  });
  expect(await states()).toMatchObject({ readLimit: 'ALARM', writeLimit: 'ALARM' });
  await aws.minutes(10);
  expect(await states()).toEqual({ iteratorAge: 'OK', readLimit: 'OK', writeLimit: 'OK' });
});

test('the alarms of a consumer go off when it fails, is behind and gives up, and end', async () => {
  const [aws, { consumer, stream }] = await opened((stack) => {
    const stream = new kinesis.Stream(stack, 'Stream', {
      shardCount: 1,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const fn = new lambda.Function(stack, 'Function', {
      runtime: lambda.Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: lambda.Code.fromInline(`exports.handler = async ({ Records }) => {
        for (const { kinesis } of Records)
          if (Buffer.from(kinesis.data, 'base64').toString() === 'poison') throw new Error('poison');
      };`),
    });
    const consumer = new StreamConsumer(stack, 'Consumer', {
      stream,
      function: fn,
      retryAttempts: -1,
      maxRecordAge: Duration.minutes(10),
      maxIteratorAge: Duration.minutes(3),
    });
    return { consumer, stream };
  });
  const { deadLetters, errors, iteratorAge } = consumer.alarms;
  const states = () => statesOf(aws, { deadLetters, errors, iteratorAge });
  const StreamName = aws.idOf(stream);
  const put = (text: string) =>
    aws.aws.client(Kinesis).putRecord({ StreamName, PartitionKey: 'a', Data: Buffer.from(text) });

  await put('good');
  await aws.minutes(2);
  expect(await states()).toEqual({ deadLetters: 'OK', errors: 'OK', iteratorAge: 'OK' });
  await put('poison');
  await aws.minutes(9);
  expect(await states()).toEqual({ deadLetters: 'OK', errors: 'ALARM', iteratorAge: 'ALARM' });
  await aws.minutes(10);
  expect(await states()).toMatchObject({ deadLetters: 'ALARM', errors: 'OK', iteratorAge: 'OK' });
  const { deadLetterQueue } = consumer;
  if (deadLetterQueue === undefined) throw new Error('there is no dead-letter queue');
  await aws.purge(deadLetterQueue);
  await aws.minutes(3);
  expect(await states()).toEqual({ deadLetters: 'OK', errors: 'OK', iteratorAge: 'OK' });
});
