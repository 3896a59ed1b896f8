import {
  App,
  ArnFormat,
  CfnOutput,
  Duration,
  RemovalPolicies,
  Stack,
  type StackProps,
} from 'aws-cdk-lib';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { FanOut, type WorkQueue } from '../lib';

/** The topic has a name, so that the partner's account can name it without a reference across accounts. */
const TOPIC_NAME = 'shop-orders';

/** Properties of {@link ShopStack}. */
export interface ShopStackProps extends StackProps {
  /** Account that may subscribe to the orders. @default - the shop's own */
  readonly partnerAccount?: string;
}

/** A shop that announces its orders, to its own invoices and to a partner. */
export class ShopStack extends Stack {
  readonly invoices: WorkQueue;

  constructor(scope: Construct, id: string, props: ShopStackProps = {}) {
    super(scope, id, props);
    const orders = new FanOut(this, 'Orders', { topicName: TOPIC_NAME });
    this.invoices = orders.addQueue('Invoices', { consumerTimeout: Duration.seconds(30) });
    orders.allowSubscriptionsOf(props.partnerAccount ?? this.account);

    new CfnOutput(this, 'TopicArn', { value: orders.topic.topicArn });
    new CfnOutput(this, 'InvoicesUrl', { value: this.invoices.queue.queueUrl });
    // A reference app leaves nothing behind.
    RemovalPolicies.of(this).destroy();
  }
}

/** Properties of {@link PartnerStack}. */
export interface PartnerStackProps extends StackProps {
  /** Where the shop's topic is. @default - where this stack is */
  readonly shop?: { readonly account?: string; readonly region?: string };
}

/** A partner that sends parcels: a queue of its own, subscribed to the shop's topic from its own account and region. */
export class PartnerStack extends Stack {
  readonly parcels: WorkQueue;

  constructor(scope: Construct, id: string, props: PartnerStackProps = {}) {
    super(scope, id, props);
    const topicArn = this.formatArn({
      service: 'sns',
      resource: TOPIC_NAME,
      account: props.shop?.account,
      region: props.shop?.region,
      arnFormat: ArnFormat.NO_RESOURCE_NAME,
    });
    const orders = new FanOut(this, 'Orders', {
      topic: sns.Topic.fromTopicArn(this, 'Topic', topicArn),
    });
    this.parcels = orders.addQueue('Parcels', {
      consumerTimeout: Duration.seconds(30),
      filterPolicy: { kind: ['goods'] },
    });

    new CfnOutput(this, 'ParcelsUrl', { value: this.parcels.queue.queueUrl });
    RemovalPolicies.of(this).destroy();
  }
}

if (require.main === module) {
  // Without these variables both are in one account and region.
  const { PARTNER_ACCOUNT, PARTNER_REGION, SHOP_ACCOUNT, SHOP_REGION } = process.env;
  const app = new App();
  const shopEnv = { account: SHOP_ACCOUNT, region: SHOP_REGION };
  const shop = new ShopStack(app, 'Shop', { env: shopEnv, partnerAccount: PARTNER_ACCOUNT });
  const partner = new PartnerStack(app, 'Partner', {
    env: { account: PARTNER_ACCOUNT, region: PARTNER_REGION },
    shop: shopEnv,
  });
  partner.addStackDependency(shop, 'its topic is subscribed to');
}
