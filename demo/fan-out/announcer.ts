import { PublishBatchCommand, type SNSClient } from '@aws-sdk/client-sns';
import { orderMessage } from '../shop/order';
import type { Announcement, Kind } from './announcement';

/** The shop's side: it publishes each order once, and knows of no queue. */
export class Announcer {
  private readonly kinds = new Map<string, Kind>();

  constructor(
    private readonly sns: SNSClient,
    private readonly topicArn: string,
  ) {}

  /** The kind of every order that the topic has taken in, by its id. */
  get published(): ReadonlyMap<string, Kind> {
    return this.kinds;
  }

  /** @param batch - up to ten */
  async publish(batch: readonly Announcement[]): Promise<void> {
    const { Failed = [] } = await this.sns.send(
      new PublishBatchCommand({
        TopicArn: this.topicArn,
        PublishBatchRequestEntries: batch.map(({ kind, order }, index) => ({
          Id: String(index),
          Message: orderMessage(order),
          MessageAttributes: { kind: { DataType: 'String', StringValue: kind } },
        })),
      }),
    );
    const refused = new Set(Failed.map(({ Id }) => Id));
    for (const [index, { kind, order }] of batch.entries()) {
      if (!refused.has(String(index))) this.kinds.set(order.orderId, kind);
    }
  }
}
