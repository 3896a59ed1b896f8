import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Emulator } from '../../../src';

test('what a function prints to a group with a key is kept under it, and counted by a metric filter', async () => {
  const aws = await Emulator.start({ clock: 'manual' });
  try {
    const stack = new Stack(new App(), 'Shop');
    const key = new Key(stack, 'Key');
    key.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal(`logs.${stack.region}.amazonaws.com`)],
        actions: ['kms:GenerateDataKey*', 'kms:Decrypt'],
        resources: ['*'],
      }),
    );
    const logGroup = new LogGroup(stack, 'Logs', { encryptionKey: key, logGroupName: 'shop' });
    new MetricFilter(stack, 'Errors', {
      logGroup,
      filterPattern: FilterPattern.allTerms('payment refused'),
      metricNamespace: 'Shop',
      metricName: 'Refused',
    });
    new LambdaFunction(stack, 'Pay', {
      functionName: 'pay',
      code: Code.fromInline("exports.handler = async () => console.error('payment refused');"),
      handler: 'index.handler',
      logGroup,
      runtime: Runtime.NODEJS_22_X,
    });
    await aws.deploy(stack);
    const began = new Date(aws.clock.now());
    for (let i = 0; i < 3; i += 1)
      await aws.client(LambdaClient).send(new InvokeCommand({ FunctionName: 'pay' }));
    await aws.clock.advance(Duration.minutes(1));
    const { Datapoints } = await aws.client(CloudWatch).getMetricStatistics({
      Namespace: 'Shop',
      MetricName: 'Refused',
      StartTime: began,
      EndTime: new Date(aws.clock.now()),
      Period: 60,
      Statistics: ['Sum'],
    });
    expect(Datapoints?.map(({ Sum }) => Sum)).toEqual([3]);
    const { events } = await aws
      .client(CloudWatchLogs)
      .filterLogEvents({ logGroupName: 'shop', filterPattern: '%pay.*refused$%' });
    expect(events).toHaveLength(3);
  } finally {
    await aws.stop();
  }
});
