// The reference app in several versions: what VERSION names is what is deployed.
const { App, CfnOutput } = require('aws-cdk-lib');
const { CfnQueue, Queue } = require('aws-cdk-lib/aws-sqs');
const { SaleDayStack } = require('../../../dist/bin/sale-day.js');

const version = process.env.VERSION ?? 'first';
const isSecond = version.startsWith('second');
const stack = new SaleDayStack(new App(), 'SaleDay', { connectionBudget: isSecond ? 6 : 4 });
const named = new Queue(stack, 'Named', { queueName: isSecond ? 'named-two' : 'named-one' });
new CfnOutput(stack, 'NamedUrl', { value: named.queueUrl });
if (version.endsWith('broken')) {
  new CfnQueue(stack, 'Broken', {
    redrivePolicy: {
      deadLetterTargetArn: `arn:aws:sqs:${stack.region}:${stack.account}:nowhere`,
      maxReceiveCount: 3,
    },
  });
}
