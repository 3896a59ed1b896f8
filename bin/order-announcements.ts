import { App, CfnOutput, Duration, RemovalPolicies, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { FanOut, type WorkQueue } from '../lib';

/** Properties of {@link OrderAnnouncementsStack}. */
export interface OrderAnnouncementsStackProps extends StackProps {
  /**
   * Where the archive takes orders, which has to confirm its subscription.
   * @default 'https://archive.example/orders'
   */
  readonly archiveUrl?: string;
}

/**
 * A shop that announces each order once, with a message attribute `kind` (`goods`, `download` or `voucher`), and what
 * wants to hear of it: invoices of every order, parcels of goods, loyalty points of all but vouchers, and an archive that
 * somebody else runs.
 */
export class OrderAnnouncementsStack extends Stack {
  readonly orders: FanOut;

  constructor(scope: Construct, id: string, props: OrderAnnouncementsStackProps = {}) {
    super(scope, id, props);
    const { archiveUrl = 'https://archive.example/orders' } = props;
    const consumerTimeout = Duration.minutes(1);

    this.orders = new FanOut(this, 'Orders');
    const queues: Readonly<Record<string, WorkQueue>> = {
      Invoices: this.orders.addQueue('Invoices', { consumerTimeout }),
      Parcels: this.orders.addQueue('Parcels', {
        consumerTimeout,
        filterPolicy: { kind: ['goods'] },
      }),
      Loyalty: this.orders.addQueue('Loyalty', {
        consumerTimeout,
        filterPolicy: { kind: [{ 'anything-but': ['voucher'] }] },
      }),
    };
    this.orders.addHttpEndpoint('Archive', archiveUrl, {
      allowPlainHttp: isOfThisMachine(archiveUrl),
      rawMessageDelivery: true,
      deliveryPolicy: {
        // With growing delays until SNS gives up, an hour after the first attempt.
        healthyRetryPolicy: {
          numRetries: 50,
          minDelayTarget: Duration.seconds(20),
          maxDelayTarget: Duration.minutes(2),
        },
        // Back after an outage, it is not to get everything that waits in the same second.
        throttlePolicy: { maxReceivesPerSecond: 5 },
      },
    });

    // A reference app leaves nothing behind.
    RemovalPolicies.of(this).destroy();

    new CfnOutput(this, 'TopicArn', { value: this.orders.topic.topicArn });
    for (const [name, { queue }] of Object.entries(queues)) {
      new CfnOutput(this, `${name}QueueUrl`, { value: queue.queueUrl });
    }
    for (const [name, { deadLetterQueue }] of this.orders.subscriptions) {
      if (deadLetterQueue === undefined) continue;
      new CfnOutput(this, `${name}UndeliveredQueueUrl`, { value: deadLetterQueue.queueUrl });
    }
  }
}

function isOfThisMachine(url: string): boolean {
  return url.startsWith('http://127.0.0.1:');
}

if (require.main === module) {
  new OrderAnnouncementsStack(new App(), 'OrderAnnouncements');
}
