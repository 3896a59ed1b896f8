import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import { KclApplication, type KclApplicationProps } from 'cdk-decouple';
import { failuresOf } from '../stream-delivery/fixtures';

function applicationWith(changes: Partial<KclApplicationProps> = {}) {
  const stack = new Stack(new App(), 'Test');
  const stream = new kinesis.Stream(stack, 'Stream');
  const application = new KclApplication(stack, 'Counter', {
    stream,
    applicationName: 'counter',
    ...changes,
  });
  const role = new iam.Role(stack, 'Role', {
    assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com'),
  });
  application.grantRun(role);
  return { stack, application };
}

test('the whole template', () => {
  expect(Template.fromStack(applicationWith().stack).toJSON()).toMatchSnapshot();
});

test('the tables are those that KCL looks for, and are kept', () => {
  const template = Template.fromStack(applicationWith().stack);

  template.hasResource('AWS::DynamoDB::GlobalTable', {
    Properties: {
      TableName: 'counter',
      KeySchema: [{ AttributeName: 'leaseKey', KeyType: 'HASH' }],
      GlobalSecondaryIndexes: [
        Match.objectLike({
          IndexName: 'LeaseOwnerToLeaseKeyIndex',
          KeySchema: [
            { AttributeName: 'leaseOwner', KeyType: 'HASH' },
            { AttributeName: 'leaseKey', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        }),
      ],
    },
    DeletionPolicy: 'Retain',
  });
  for (const [TableName, AttributeName] of [
    ['counter-WorkerMetricStats', 'wid'],
    ['counter-CoordinatorState', 'key'],
  ]) {
    template.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      TableName,
      KeySchema: [{ AttributeName, KeyType: 'HASH' }],
    });
  }
});

test('the application may neither make tables nor publish metrics of others', () => {
  const template = Template.fromStack(applicationWith().stack);

  expect(JSON.stringify(template.toJSON())).not.toContain('CreateTable');
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Action: 'cloudwatch:PutMetricData',
          Condition: { StringEquals: { 'cloudwatch:namespace': 'counter' } },
        }),
      ]),
    },
  });
});

test('one that polls may not register', () => {
  const { stack } = applicationWith({ enhancedFanOut: false });

  expect(JSON.stringify(Template.fromStack(stack).toJSON())).not.toContain(
    'RegisterStreamConsumer',
  );
});

test.each(['a', 'a b', 'x'.repeat(238)])('fails for the name %j', (applicationName) => {
  expect(failuresOf(() => applicationWith({ applicationName }))).toEqual([
    expect.stringMatching(/applicationName must be 3 to 237/),
  ]);
});
