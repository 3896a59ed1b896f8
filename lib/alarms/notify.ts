import { Stack } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { IConstruct } from 'constructs';
import { allowUseOfKey } from '../encryption/key-use';

const CLOUDWATCH = 'cloudwatch.amazonaws.com';

/**
 * Makes alarms, those of them that there are, tell a topic when they go off and when they end, and lets CloudWatch publish there and use its key.
 *
 * A topic without a policy takes what CloudWatch publishes; one with any policy, such as the one that `enforceSSL`
 * makes, drops it unless that policy says so.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export function notifyOn(
  scope: IConstruct,
  topic: sns.ITopic,
  alarms: readonly (cloudwatch.Alarm | undefined)[],
): void {
  for (const alarm of alarms) {
    const action = new SnsAction(topic);
    alarm?.addAlarmAction(action);
    alarm?.addOkAction(action);
  }
  const { account, partition, region } = Stack.of(scope);
  topic.addToResourcePolicy(
    new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal(CLOUDWATCH)],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: {
        StringEquals: { 'aws:SourceAccount': account },
        ArnLike: { 'aws:SourceArn': `arn:${partition}:cloudwatch:${region}:${account}:alarm:*` },
      },
    }),
  );
  allowUseOfKey(scope, topic.masterKey, new iam.ServicePrincipal(CLOUDWATCH), {
    id: 'cdk-decouple:alarmTopicKeyNotOurs',
    whose: "the alarm topic's key",
    otherwise: 'no alarm will arrive',
  });
}
