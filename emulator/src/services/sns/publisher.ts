import type { Deliveries } from './deliveries';
import {
  checkMessage,
  deduplicationIdOf,
  type GivenMessage,
  type MessageContent,
  type PublishedMessage,
} from './message';
import type { SnsState } from './sns-state';
import type { Topic } from './topic';

/** Publishes messages that may be published. */
export class Publisher {
  constructor(
    private readonly state: SnsState,
    private readonly deliveries: Deliveries,
  ) {}

  /** Checks a message against its topic. @throws InvalidParameter, ParameterValueInvalid */
  check(topic: Topic, given: GivenMessage): MessageContent {
    const { attributes, fifo } = topic;
    const content = checkMessage(given, attributes.maximumMessageSize);
    const { contentBasedDeduplication } = attributes;
    const deduplicationId = deduplicationIdOf(
      content,
      given.Message ?? '',
      fifo,
      contentBasedDeduplication,
    );
    return deduplicationId === content.deduplicationId ? content : { ...content, deduplicationId };
  }

  /**
   * Publishes a checked message. A duplicate on a FIFO topic gets the answer of its original and goes
   * nowhere.
   */
  publish(topic: Topic, content: MessageContent): Pick<PublishedMessage, 'id' | 'sequenceNumber'> {
    const { clock, journal } = this.state.environment;
    const now = clock.now();
    topic.metrics.add('NumberOfMessagesPublished', now);
    topic.metrics.add('PublishSize', now, content.size);
    const { groupId = '', deduplicationId } = content;
    const original =
      deduplicationId === undefined ? undefined : topic.duplicateOf(groupId, deduplicationId, now);
    if (original) {
      journal.record('deduplicated', original.id, topic.arn, {
        deduplicationId: deduplicationId ?? '',
      });
      return original;
    }
    // Named one by one: a spread takes longer here than all the rest.
    const message: PublishedMessage = {
      subject: content.subject,
      text: content.text,
      texts: content.texts,
      attributes: content.attributes,
      groupId: content.groupId,
      deduplicationId,
      size: content.size,
      id: this.state.randomOf(topic.address).uuid(),
      publishedAt: now,
      sequenceNumber: topic.fifo ? topic.nextSequenceNumber() : undefined,
    };
    if (deduplicationId !== undefined) topic.remember(message, deduplicationId, now);
    journal.record('published', message.id, topic.arn);
    this.deliveries.fanOut(topic, message);
    return message;
  }
}
