import type { CallContext } from '../../protocol/handlers';
import type { RandomStream } from '../../random/random';
import { Regional, type ServiceEnvironment } from '../service';
import { authorizationError, invalidParameter, notFound } from './errors';
import { parseSubscriptionArn, parseTopicArn, type TopicAddress, topicArn } from './names';
import { OrderedItems } from './ordered-items';
import { PlatformRegistry } from './platforms';
import type { Subscription } from './subscription';
import { Topic } from './topic';
import type { TopicAttributes } from './topic-attributes';

/** What an account has of SNS in a region. */
export interface SnsRegion {
  /** By name. */
  readonly topics: OrderedItems<Topic>;
  /** Subscriptions that the account owns, to topics of any account. */
  readonly subscriptions: OrderedItems<Subscription>;
  readonly platforms: PlatformRegistry;
  readonly smsAttributes: Map<string, string>;
}

/** All topics of all accounts and regions. */
export class SnsState {
  private readonly regions: Regional<SnsRegion>;

  constructor(readonly environment: ServiceEnvironment) {
    this.regions = new Regional((account, region) => ({
      topics: new OrderedItems<Topic>(({ address }) => address.name),
      subscriptions: new OrderedItems<Subscription>(({ arn }) => arn),
      platforms: new PlatformRegistry(account, region, environment.random),
      smsAttributes: new Map([['MonthlySpendLimit', '1']]),
    }));
  }

  in(account: string, region: string): SnsRegion {
    return this.regions.in(account, region);
  }

  all(): SnsRegion[] {
    return this.regions.all();
  }

  /** The topic at an address, if it exists. */
  find({ account, region, name }: TopicAddress): Topic | undefined {
    return this.in(account, region).topics.get(name);
  }

  /**
   * The topic that a call is about: its ARN is checked first, then authorization, then whether it exists.
   *
   * @throws InvalidParameter for another region's topic; AuthorizationError; NotFound
   */
  topic(
    context: CallContext,
    arn: string,
    action: string,
    conditions?: Readonly<Record<string, string>>,
    parameter = 'TopicArn',
  ): Topic {
    const address = parseTopicArn(arn, parameter);
    if (address.region !== context.region) throw invalidParameter(parameter);
    context.authorize(`sns:${action}`, arn, conditions);
    const topic = this.find(address);
    if (!topic) throw notFound('Topic');
    return topic;
  }

  /**
   * The subscription that a call is about, which is for its owner and for the topic's.
   *
   * @throws InvalidParameter, AuthorizationError, NotFound
   */
  subscription(context: CallContext, arn: string, action: string): Subscription {
    parseSubscriptionArn(arn);
    context.authorize(`sns:${action}`, '*');
    const subscription = this.findSubscription(arn);
    if (!subscription) throw notFound('Subscription');
    this.checkOwner(context, subscription, action);
    return subscription;
  }

  /** The subscription of that ARN, if it exists. @throws InvalidParameter */
  findSubscription(arn: string): Subscription | undefined {
    const { topic, id } = parseSubscriptionArn(arn);
    return this.find(topic)?.subscriptions.get(id);
  }

  checkOwner({ caller }: CallContext, { owner, topic, arn }: Subscription, action: string): void {
    if (caller.account === owner || caller.account === topic.address.account) return;
    throw authorizationError(
      `User: ${caller.arn} is not authorized to perform: SNS:${action} on resource: ${arn}`,
    );
  }

  addTopic(address: TopicAddress, attributes: TopicAttributes): Topic {
    const topic = new Topic(address, attributes, this.environment.metrics);
    this.in(address.account, address.region).topics.add(topic);
    return topic;
  }

  /** Deletes a topic and all its subscriptions. */
  deleteTopic(topic: Topic): void {
    const { account, region, name } = topic.address;
    for (const subscription of topic.subscriptions.list()) this.removeSubscription(subscription);
    this.in(account, region).topics.delete(name);
  }

  addSubscription(subscription: Subscription): void {
    const { topic, owner } = subscription;
    topic.addSubscription(subscription);
    this.in(owner, topic.address.region).subscriptions.add(subscription);
  }

  removeSubscription(subscription: Subscription): void {
    const { topic, owner, arn } = subscription;
    topic.removeSubscription(subscription);
    this.in(owner, topic.address.region).subscriptions.delete(arn);
  }

  /** Randomness for what a topic makes: message ids, ids of subscriptions, tokens. */
  randomOf(address: TopicAddress): RandomStream {
    return this.environment.random.stream(`sns/${topicArn(address)}`);
  }
}
