import { Annotations, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { SnsDestination } from 'aws-cdk-lib/aws-s3-notifications';
import * as sns from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { notifyOn } from '../alarms/notify';
import type { BucketEventOptions } from '../bucket-events';
import { addNotifications, notificationFailures } from '../bucket-events/notifications';
import { allowUseOfKey } from '../encryption/key-use';
import type { StreamDelivery } from '../stream-delivery';
import { failuresOf, isKnown, throwIfAny } from '../validation';
import { WorkQueue } from '../work-queue';
import { allowEventSource } from '../work-queue/event-sources';
import { archiveTo, subscriptionRole } from './archive';
import { addressFailures, numberFailures, urlFailures } from './endpoint-rules';
import { type FanOutAlarms, fanOutAlarms, isOfStack } from './fan-out-alarms';
import type { FanOutProps } from './fan-out-props';
import { FAN_OUT_RULES, subscriptionFailures, topicFailures } from './fan-out-rules';
import { keyUserOf, PUBLISHERS, type PublisherName, publishStatement } from './publishers';
import type {
  EmailOptions,
  HttpEndpointOptions,
  RawSubscriptionOptions,
  SubscribedQueueOptions,
  SubscriptionOptions,
} from './subscription-options';
import { makeTopic } from './topic';
import { TopicSubscription, type TopicSubscriptionProps } from './topic-subscription';

type Endpoint = Pick<
  TopicSubscriptionProps,
  'after' | 'deliveryPolicy' | 'endpoint' | 'protocol' | 'subscriptionRoleArn'
>;

/**
 * One message to every queue that wants it: a topic, and subscriptions that each have a filter, a dead-letter queue for
 * what cannot be delivered, and alarms.
 *
 * A producer that sends to three queues itself loses a message when it dies between the second and the third, and has
 * to be changed for a fourth. It publishes once instead; SNS delivers to each subscriber at least once.
 *
 * @example
 * const orders = new FanOut(this, 'Orders');
 * const invoices = orders.addQueue('Invoices', { consumerTimeout: Duration.seconds(30) });
 * const parcels = orders.addQueue('Parcels', { filterPolicy: { kind: ['goods', { prefix: 'gift-' }] } });
 * orders.grantPublish(shop);
 */
export class FanOut extends Construct {
  /** The topic that producers publish to. */
  public readonly topic: sns.ITopic;

  /** Its alarms; undefined for a topic of another account or region, whose metrics are there. */
  public readonly alarms?: FanOutAlarms;

  private readonly byId = new Map<string, TopicSubscription>();
  private readonly props: FanOutProps;

  constructor(scope: Construct, id: string, props: FanOutProps = {}) {
    throwIfAny(scope, id, FanOut.name, failuresOf(props, FAN_OUT_RULES));
    super(scope, id);
    this.props = props;
    this.topic = props.topic ?? makeTopic(this, props);
    if (isOfStack(this.topic, Stack.of(this))) {
      this.alarms = fanOutAlarms(this, this.topic);
      if (props.alarmTopic !== undefined) {
        const { failed, lost, redriven } = this.alarms;
        notifyOn(this, props.alarmTopic, [failed, redriven, lost]);
      }
    }
  }

  /** Every subscription made here, by the id that it was added with. */
  public get subscriptions(): ReadonlyMap<string, TopicSubscription> {
    return this.byId;
  }

  /**
   * Subscribes a new queue, which has all that a {@link WorkQueue} has. It gets what is published from then on.
   *
   * @returns the queue; its subscription is in {@link subscriptions}
   */
  public addQueue(id: string, options: SubscribedQueueOptions = {}): WorkQueue {
    const {
      deadLetterQueue,
      filterPolicy,
      filterPolicyWithMessageBody,
      rawMessageDelivery,
      ...own
    } = options;
    const fifo = options.fifo ?? this.topic.fifo;
    this.refuse(id, [
      ...subscriptionFailures(this.topic, options),
      ...topicFailures('sqs', this.topic, fifo),
    ]);
    const { alarmTopic, encryptionKey, removalPolicy } = this.props;
    const scope = new Construct(this, id);
    const workQueue = new WorkQueue(scope, 'Queue', {
      encryptionKey,
      alarmTopic,
      removalPolicy,
      ...own,
      fifo,
    });
    this.subscribeQueue(scope, id, workQueue.queue, options);
    return workQueue;
  }

  /**
   * Subscribes a queue that exists. Its policy lets the topic send; where that cannot be changed from here, it must
   * do so already.
   */
  public addExistingQueue(
    id: string,
    queue: sqs.IQueue,
    options: RawSubscriptionOptions = {},
  ): TopicSubscription {
    this.refuse(id, [
      ...subscriptionFailures(this.topic, options),
      ...topicFailures('sqs', this.topic, queue.fifo),
    ]);
    return this.subscribeQueue(new Construct(this, id), id, queue, options);
  }

  /** Subscribes a function, which is called for each message; a standard topic only. */
  public addFunction(
    id: string,
    fn: lambda.IFunction,
    options: SubscriptionOptions = {},
  ): TopicSubscription {
    this.refuse(id, [
      ...subscriptionFailures(this.topic, options),
      ...topicFailures('lambda', this.topic),
    ]);
    const scope = new Construct(this, id);
    fn.addPermission('AllowInvoke', {
      principal: new iam.ServicePrincipal('sns.amazonaws.com'),
      sourceArn: this.topic.topicArn,
      scope,
    });
    return this.subscribe(scope, id, options, {
      protocol: sns.SubscriptionProtocol.LAMBDA,
      endpoint: fn.functionArn,
      after: scope.node.tryFindChild('AllowInvoke'),
    });
  }

  /**
   * Subscribes an HTTPS endpoint; a standard topic only. It has to confirm the subscription: SNS sends it a URL to visit.
   *
   * @param url whose host is known; credentials in it end up in the template
   */
  public addHttpEndpoint(
    id: string,
    url: string,
    options: HttpEndpointOptions = {},
  ): TopicSubscription {
    const plain = isKnown(url) && url.startsWith('http://');
    this.refuse(id, [
      ...urlFailures(url, options.allowPlainHttp),
      ...subscriptionFailures(this.topic, options),
      ...topicFailures('http', this.topic, undefined, this.props.maxMessageSizeBytes),
    ]);
    return this.subscribe(new Construct(this, id), id, options, {
      protocol: plain ? sns.SubscriptionProtocol.HTTP : sns.SubscriptionProtocol.HTTPS,
      endpoint: url,
      deliveryPolicy: options.deliveryPolicy,
    });
  }

  /** Subscribes an email address; a standard topic only. Its owner has to confirm by a link in a first mail. */
  public addEmail(id: string, address: string, options: EmailOptions = {}): TopicSubscription {
    this.refuse(id, [
      ...addressFailures(address),
      ...subscriptionFailures(this.topic, options),
      ...topicFailures('email', this.topic, undefined, this.props.maxMessageSizeBytes),
    ]);
    return this.subscribe(new Construct(this, id), id, options, {
      protocol:
        options.json === true
          ? sns.SubscriptionProtocol.EMAIL_JSON
          : sns.SubscriptionProtocol.EMAIL,
      endpoint: address,
    });
  }

  /**
   * Subscribes a telephone; a standard topic only.
   *
   * @param number in E.164 form, such as `+15551234567`
   */
  public addSms(id: string, number: string, options: SubscriptionOptions = {}): TopicSubscription {
    this.refuse(id, [
      ...numberFailures(number),
      ...subscriptionFailures(this.topic, options),
      ...topicFailures('sms', this.topic, undefined, this.props.maxMessageSizeBytes),
    ]);
    return this.subscribe(new Construct(this, id), id, options, {
      protocol: sns.SubscriptionProtocol.SMS,
      endpoint: number,
    });
  }

  /** Keeps messages in a bucket, compressed, by a Firehose delivery stream; a standard topic only. */
  public addArchive(
    id: string,
    bucket: s3.IBucket,
    options: RawSubscriptionOptions = {},
  ): TopicSubscription {
    this.refuse(id, [
      ...subscriptionFailures(this.topic, options),
      ...topicFailures('firehose', this.topic),
    ]);
    const scope = new Construct(this, id);
    return this.subscribeDelivery(scope, id, archiveTo(scope, bucket), options);
  }

  /**
   * Delivers messages wherever a {@link StreamDelivery} does, whose source is direct put; a standard topic only.
   *
   * Each record is a message in SNS's JSON envelope, unless `rawMessageDelivery` is set.
   */
  public addDelivery(
    id: string,
    delivery: StreamDelivery,
    options: RawSubscriptionOptions = {},
  ): TopicSubscription {
    this.refuse(id, [
      ...(delivery.stream === undefined
        ? []
        : ['a topic puts straight into a delivery stream: give the delivery Source.directPut()']),
      ...subscriptionFailures(this.topic, options),
      ...topicFailures('firehose', this.topic),
    ]);
    return this.subscribeDelivery(new Construct(this, id), id, delivery.deliveryStream, options);
  }

  /**
   * Publishes what happens in a bucket, so that many queues can have it: S3 itself takes one destination for an event
   * and a prefix.
   */
  public addBucketSource(bucket: s3.IBucket, options: BucketEventOptions = {}): void {
    this.refuse('', notificationFailures(bucket, options, this.topic.fifo ? 'topic' : undefined));
    this.allowKey(new iam.ServicePrincipal('s3.amazonaws.com'));
    addNotifications(this, bucket, new SnsDestination(this.topic), options);
  }

  /** Lets a principal publish, and use the topic's key for it. */
  public grantPublish(grantee: iam.IGrantable): iam.Grant {
    return this.topic.grantPublish(grantee);
  }

  /**
   * Lets an AWS service publish for resources of this account: {@link PUBLISHERS} says as whom it comes.
   *
   * Throws for services that come as a principal of yours: `grantPublish` is for those.
   */
  public allowPublisher(name: PublisherName): void {
    const publisher = PUBLISHERS[name];
    this.refuse(
      '',
      publisher.as === 'your-principal'
        ? [`${name} publishes as ${publisher.whose}: call grantPublish with that principal`]
        : [],
    );
    if (publisher.as === 'service') {
      const { statementAdded } = this.topic.addToResourcePolicy(
        publishStatement(this, this.topic.topicArn, publisher),
      );
      if (!statementAdded) this.warnOfPolicy(publisher.principal, 'sns:Publish');
    }
    const principal = keyUserOf(this, publisher);
    if (principal !== undefined) this.allowKey(principal);
  }

  /**
   * The topic's half of subscriptions of another account: lets that account's own stacks subscribe their queues and functions.
   *
   * Their half is a `FanOut` around the topic, imported by its ARN. A subscription that its endpoint's owner makes needs
   * no confirmation.
   *
   * @param accountId 12 digits
   */
  public allowSubscriptionsOf(accountId: string): void {
    this.refuse(
      '',
      isKnown(accountId) && !/^\d{12}$/.test(accountId)
        ? [`accountId must be 12 digits, got '${accountId}'`]
        : [],
    );
    const { statementAdded } = this.topic.addToResourcePolicy(
      new iam.PolicyStatement({
        principals: [new iam.AccountPrincipal(accountId)],
        actions: ['sns:Subscribe'],
        resources: [this.topic.topicArn],
        // Neither mail nor web addresses: they could be anybody's.
        conditions: { StringEquals: { 'sns:Protocol': ['sqs', 'lambda'] } },
      }),
    );
    if (!statementAdded) this.warnOfPolicy(`account ${accountId}`, 'sns:Subscribe');
  }

  private subscribeQueue(
    scope: Construct,
    id: string,
    queue: sqs.IQueue,
    options: RawSubscriptionOptions,
  ): TopicSubscription {
    const after = allowEventSource(queue, {
      service: 'sns.amazonaws.com',
      sourceArn: this.topic.topicArn,
    });
    return this.subscribe(
      scope,
      id,
      { ...options, rawMessageDelivery: options.rawMessageDelivery ?? true },
      { protocol: sns.SubscriptionProtocol.SQS, endpoint: queue.queueArn, after },
    );
  }

  private subscribeDelivery(
    scope: Construct,
    id: string,
    deliveryStream: firehose.IDeliveryStream,
    options: RawSubscriptionOptions,
  ): TopicSubscription {
    const role = subscriptionRole(scope, deliveryStream);
    return this.subscribe(scope, id, options, {
      protocol: sns.SubscriptionProtocol.FIREHOSE,
      endpoint: deliveryStream.deliveryStreamArn,
      subscriptionRoleArn: role.roleArn,
      after: role,
    });
  }

  private subscribe(
    scope: Construct,
    id: string,
    options: RawSubscriptionOptions,
    endpoint: Endpoint,
  ): TopicSubscription {
    const { alarmTopic, encryptionKey, removalPolicy } = this.props;
    const subscription = new TopicSubscription(scope, 'Subscription', {
      ...options,
      ...endpoint,
      topic: this.topic,
      encryptionKey,
      removalPolicy,
    });
    const { deadLetters } = subscription.alarms;
    if (alarmTopic !== undefined && deadLetters !== undefined) {
      notifyOn(scope, alarmTopic, [deadLetters]);
    }
    this.byId.set(id, subscription);
    return subscription;
  }

  private allowKey(principal: iam.PrincipalBase): void {
    allowUseOfKey(this, this.topic.masterKey, principal, {
      id: 'cdk-decouple:topicKeyNotOurs',
      whose: "the topic's key",
      otherwise: 'messages will vanish',
    });
  }

  private warnOfPolicy(who: string, action: string): void {
    Annotations.of(this).addWarningV2(
      'cdk-decouple:topicPolicyNotOurs',
      `The policy of the topic cannot be changed from here: check that it lets ${who} call ${action}.`,
    );
  }

  private refuse(id: string, failures: readonly string[]): void {
    throwIfAny(this, id, FanOut.name, failures);
  }
}
