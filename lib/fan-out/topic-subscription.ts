import { Annotations, type RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct, type IDependable } from 'constructs';
import { deadLettersAlarm } from '../alarms/dead-letters-alarm';
import { makeDeadLetterQueue } from '../dead-letters/dead-letter-queue';
import { allowEventSource } from '../work-queue/event-sources';
import type { RawSubscriptionOptions } from './subscription-options';

/** What a {@link TopicSubscription} is made of: where messages go, and what they may wait for. */
export interface TopicSubscriptionProps extends RawSubscriptionOptions {
  readonly topic: sns.ITopic;
  readonly protocol: sns.SubscriptionProtocol;
  /** ARN of a queue, function or delivery stream, URL, address or number. */
  readonly endpoint: string;
  readonly deliveryPolicy?: sns.DeliveryPolicy;
  /** Of a delivery stream: the role that SNS writes to it as. */
  readonly subscriptionRoleArn?: string;
  /** Key of the dead-letter queue. @default - a key that SQS owns */
  readonly encryptionKey?: kms.IKey;
  readonly removalPolicy?: RemovalPolicy;
  /** What has to be there before the first message: the endpoint's policy. */
  readonly after?: IDependable;
}

/** The alarms of a subscription. */
export interface TopicSubscriptionAlarms {
  /** Goes off when the dead-letter queue is not empty; undefined where its metrics are in another region, or there is none. */
  readonly deadLetters?: cloudwatch.Alarm;
}

/**
 * A subscription with a dead-letter queue of its own for what cannot be delivered.
 *
 * SNS tries a queue, function or delivery stream again for 23 days if it does not answer; a policy that does not admit
 * the topic or an endpoint that is gone is a client-side error, for which there is no second try: without a
 * dead-letter queue the message would be lost at once.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html
 */
export class TopicSubscription extends Construct {
  /** The subscription. */
  public readonly subscription: sns.Subscription;

  /**
   * Where messages go that could not be delivered; undefined for a topic of another region, unless one was given. SQS
   * cannot redrive them: their source is no queue.
   */
  public readonly deadLetterQueue?: sqs.IQueue;

  /** Its alarms. */
  public readonly alarms: TopicSubscriptionAlarms;

  constructor(scope: Construct, id: string, props: TopicSubscriptionProps) {
    super(scope, id);
    const { topic } = props;
    const region = regionOf(topic, this);
    this.deadLetterQueue =
      props.deadLetterQueue ?? (region === undefined ? this.makeDeadLetterQueue(props) : undefined);
    if (this.deadLetterQueue === undefined) {
      Annotations.of(this).addWarningV2(
        'cdk-decouple:noDeadLetterQueue',
        `The topic is in ${region}, and so must be the dead-letter queue of its subscription: without one, messages that cannot be delivered are lost. Make a queue there, and give it as 'deadLetterQueue'.`,
      );
    }
    const admitted =
      this.deadLetterQueue &&
      allowEventSource(this.deadLetterQueue, {
        service: 'sns.amazonaws.com',
        sourceArn: topic.topicArn,
      });
    this.subscription = new sns.Subscription(this, 'Resource', {
      topic,
      protocol: props.protocol,
      endpoint: props.endpoint,
      rawMessageDelivery: props.rawMessageDelivery,
      deliveryPolicy: props.deliveryPolicy,
      subscriptionRoleArn: props.subscriptionRoleArn,
      region,
    });
    this.complete(props);
    for (const needed of [admitted, props.after]) {
      if (needed !== undefined) this.subscription.node.addDependency(needed);
    }
    this.alarms = {
      deadLetters:
        this.deadLetterQueue && region === undefined
          ? deadLettersAlarm(
              this,
              'DeadLettersAlarm',
              this.deadLetterQueue,
              `SNS could not deliver messages to ${id}. Once the cause is mended, receive them from the dead-letter queue and send them on by hand.`,
            )
          : undefined,
    };
  }

  private makeDeadLetterQueue({
    encryptionKey,
    removalPolicy,
    topic,
  }: TopicSubscriptionProps): sqs.Queue {
    return makeDeadLetterQueue(this, 'DeadLetterQueue', {
      // SNS takes a dead-letter queue of the topic's type, in the account and region of the subscription.
      fifo: topic.fifo,
      of: 'a subscription, which its policy names',
      encryptionKey,
      removalPolicy,
    });
  }

  /** What aws-cdk-lib's own subscription cannot express: the whole filter language, and a policy of the queue that is ours. */
  private complete({ filterPolicy, filterPolicyWithMessageBody }: TopicSubscriptionProps): void {
    const resource = this.subscription.node.defaultChild;
    if (!(resource instanceof sns.CfnSubscription)) {
      throw new Error('unreachable: a Subscription is made of a CfnSubscription');
    }
    if (this.deadLetterQueue !== undefined) {
      resource.redrivePolicy = { deadLetterTargetArn: this.deadLetterQueue.queueArn };
    }
    if (filterPolicyWithMessageBody !== undefined) {
      resource.filterPolicy = filterPolicyWithMessageBody;
      resource.filterPolicyScope = 'MessageBody';
    } else if (filterPolicy !== undefined) {
      resource.filterPolicy = filterPolicy;
    }
  }
}

/** The topic's region if it is known to be another than the stack's. */
function regionOf(topic: sns.ITopic, scope: Construct): string | undefined {
  const { region } = topic.env;
  return Token.isUnresolved(region) || region === Stack.of(scope).region ? undefined : region;
}
