import { Match, Template } from 'aws-cdk-lib/assertions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { FanOut } from 'cdk-decouple';
import { functionIn, stackWith } from './support';

describe('other endpoints', () => {
  test('a function may be invoked by the topic only, before it is subscribed', () => {
    const { stack, orders } = stackWith();
    orders.addFunction('Notify', functionIn(stack));

    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Lambda::Permission', {
      Principal: 'sns.amazonaws.com',
      SourceArn: { Ref: Match.stringLikeRegexp('^OrdersTopic') },
    });
    template.hasResource('AWS::SNS::Subscription', {
      Properties: { Protocol: 'lambda' },
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('^OrdersNotifyAllowInvoke')]),
    });
  });

  test('an HTTPS endpoint has its delivery policy', () => {
    const { stack, orders } = stackWith();
    orders.addHttpEndpoint('Partner', 'https://partner.example/orders', {
      deliveryPolicy: { healthyRetryPolicy: { numRetries: 50 } },
    });

    Template.fromStack(stack).hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'https',
      Endpoint: 'https://partner.example/orders',
      DeliveryPolicy: { healthyRetryPolicy: { numRetries: 50 } },
    });
  });

  test.each([
    ['email', (orders: FanOut) => orders.addEmail('Mail', 'a@example.com')],
    ['email-json', (orders: FanOut) => orders.addEmail('Mail', 'a@example.com', { json: true })],
    ['sms', (orders: FanOut) => orders.addSms('Phone', '+15551234567')],
    [
      'http',
      (orders: FanOut) => orders.addHttpEndpoint('Plain', 'http://x', { allowPlainHttp: true }),
    ],
  ])('%s', (protocol, add) => {
    const { stack, orders } = stackWith();
    add(orders);

    Template.fromStack(stack).hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: protocol,
    });
  });

  test('an archive is a delivery stream that SNS writes to as a role', () => {
    const { stack, orders } = stackWith();
    orders.addArchive('Archive', new s3.Bucket(stack, 'Bucket'));

    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'firehose',
      SubscriptionRoleArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^OrdersArchiveRole'), 'Arn'] },
    });
    template.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      ExtendedS3DestinationConfiguration: { CompressionFormat: 'GZIP' },
    });
  });
});
