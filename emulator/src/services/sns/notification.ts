import { type DocumentSurroundings, SnsDocument } from './documents';
import { FilterableMessage } from './filter-policy';
import { type PublishedMessage, textFor } from './message';
import type { Subscription } from './subscription';
import type { Topic } from './topic';

/** A message on its way from a topic to its subscribers, with what can be made once for all of them. */
export class Notification {
  readonly filterable: FilterableMessage;
  private readonly documents = new Map<string, SnsDocument>();
  private readonly version: '1' | '2';

  constructor(
    readonly topic: Topic,
    readonly message: PublishedMessage,
    private readonly surroundings: DocumentSurroundings,
  ) {
    this.filterable = new FilterableMessage(message);
    this.version = topic.attributes.signatureVersion;
  }

  /** The message's text for a subscriber, as raw delivery sends it. */
  textFor(subscription: Subscription): string {
    return textFor(this.message, subscription.protocol);
  }

  /** The document that says it. */
  documentFor(subscription: Subscription): SnsDocument {
    const text = this.textFor(subscription);
    let document = this.documents.get(text);
    if (!document) {
      const { id, subject, attributes, sequenceNumber, publishedAt } = this.message;
      document = new SnsDocument(
        {
          type: 'Notification',
          id,
          topicArn: this.topic.arn,
          subject,
          text,
          time: publishedAt,
          attributes,
          sequenceNumber,
        },
        this.version,
        this.surroundings,
      );
      this.documents.set(text, document);
    }
    return document;
  }
}
