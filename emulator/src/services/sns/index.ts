import { createPrivateKey } from 'node:crypto';
import type { Caller } from '../../iam/caller';
import type { UsableKeys } from '../key-use';
import type { Service, ServiceEnvironment } from '../service';
import { Confirmations } from './confirmations';
import { Deliveries } from './deliveries';
import type { TopicQueues } from './delivery';
import { deliveryStreamChannel, type TopicDeliveryStreams } from './delivery-stream-channel';
import type { DocumentSurroundings } from './documents';
import { notFound } from './errors';
import { functionChannel, type TopicFunctions } from './function-channel';
import { HttpChannel } from './http-channel';
import { parseTopicArn } from './names';
import { Outbox } from './outbox';
import { mailChannel, pushChannel, smsChannel } from './outbox-channel';
import { platformOperations } from './platform-operations';
import { publishOperations } from './publish-operations';
import { Publisher } from './publisher';
import { queueChannel } from './queue-channel';
import { snsResourceProviders } from './resources';
import { SnsState } from './sns-state';
import { Subscriber } from './subscriber';
import { subscriptionOperations } from './subscription-operations';
import type { Topic } from './topic';
import { TopicKeys } from './topic-keys';
import { topicOperations } from './topic-operations';

export { Outbox, type OutboxEntry } from './outbox';

type SnsClientModule = typeof import('@aws-sdk/client-sns');

/** What SNS needs of other services and of the emulator. */
export interface SnsOptions {
  readonly queues: TopicQueues;
  readonly functions: TopicFunctions;
  readonly deliveryStreams: TopicDeliveryStreams;
  readonly keys: UsableKeys;
  /** Key and certificate (PEM) that documents are signed with. */
  readonly signingCertificate: () => Promise<{
    readonly key: string;
    readonly certificate: string;
  }>;
  /** Has a certificate (PEM) served over TLS. @returns its URL */
  readonly serveCertificate: (certificate: string) => Promise<string>;
  /** PEM of the local certificate authority. */
  readonly certificateAuthority: () => Promise<string>;
}

/** Amazon SNS. */
export interface SnsService extends Service<SnsClientModule> {
  /** Mails, text messages, pushes, and what is for endpoints on other machines. */
  readonly outbox: Outbox;
  /**
   * Publishes a message on behalf of another service, as Publish does.
   *
   * @returns its MessageId
   * @throws ServiceError AuthorizationError, NotFound, InvalidParameter, KMSAccessDenied and the like
   */
  publish(
    topicArn: string,
    message: { readonly subject?: string; readonly text: string },
    caller: Caller,
  ): string;
  /**
   * Asks whether a caller may publish to a topic.
   *
   * @throws ServiceError AuthorizationError, NotFound
   */
  checkPublish(topicArn: string, caller: Caller): void;
  /** The topic of that ARN, if it exists. */
  topic(topicArn: string): Topic | undefined;
}

/** Makes SNS. */
export function createSns(environment: ServiceEnvironment, options: SnsOptions): SnsService {
  const { clock, authorize } = environment;
  const state = new SnsState(environment);
  const outbox = new Outbox();
  const mail = mailChannel(outbox, clock);
  const http = new HttpChannel({
    clock,
    outbox,
    certificateAuthority: options.certificateAuthority,
  });
  let made: Promise<DocumentSurroundings> | undefined;
  const surroundings = () => {
    made ??= documentSurroundings(environment, options);
    return made;
  };
  const deliveries = new Deliveries(
    environment,
    {
      application: pushChannel(outbox, clock, (arn) => {
        const [, , , region = '', account = ''] = arn.split(':');
        return state.in(account, region).platforms;
      }),
      email: mail,
      'email-json': mail,
      firehose: deliveryStreamChannel(environment, options.deliveryStreams),
      http,
      https: http,
      lambda: functionChannel(options.functions),
      sms: smsChannel(outbox, clock),
      sqs: queueChannel(options.queues),
    },
    options.queues,
    surroundings,
  );
  const publisher = new Publisher(state, deliveries);
  const confirmations = new Confirmations(state, deliveries);
  const subscriber = new Subscriber(state, confirmations);
  const keys = new TopicKeys(options.keys, authorize);
  const find = (arn: string) => state.find(parseTopicArn(arn));
  const publishable = (topicArn: string, caller: Caller) => {
    authorize({ caller, action: 'sns:Publish', resource: topicArn });
    const topic = find(topicArn);
    if (!topic) throw notFound('Topic');
    return topic;
  };
  return {
    signingName: 'sns',
    loadClient: (): SnsClientModule => require('@aws-sdk/client-sns'),
    handlers: {
      ...topicOperations(state),
      ...subscriptionOperations(state, subscriber, confirmations, surroundings),
      ...publishOperations(state, publisher, outbox, keys),
      ...platformOperations(state),
    },
    resourceProviders: snsResourceProviders({ state, subscriber, surroundings }),
    resourceRights(arn) {
      const [, , , region = '', account = '', name = '', ...more] = arn.split(':');
      const topic = more.length === 0 ? state.find({ account, region, name }) : undefined;
      return topic && { account, policies: [topic.policy], tags: topic.tags };
    },
    outbox,
    publish(topicArn, { subject, text }, caller) {
      const topic = publishable(topicArn, caller);
      const content = publisher.check(topic, { Subject: subject, Message: text });
      keys.use(topic, caller);
      return publisher.publish(topic, content).id;
    },
    checkPublish: publishable,
    topic: find,
    leaks: () =>
      state
        .all()
        .flatMap(({ topics, platforms }) => [
          ...topics.list().map(({ arn }) => `SNS topic ${arn}`),
          ...platforms.applications.list().map(({ arn }) => `SNS platform application ${arn}`),
        ]),
    async stop() {},
  };
}

async function documentSurroundings(
  environment: ServiceEnvironment,
  options: SnsOptions,
): Promise<DocumentSurroundings> {
  const { key, certificate } = await options.signingCertificate();
  return {
    origin: await environment.endpoint(),
    signing: {
      key: createPrivateKey(key),
      certificateUrl: await options.serveCertificate(certificate),
    },
  };
}
