import type { Pattern } from '../../filters';
import { NotImplementedError } from '../../protocol/errors';
import { type DeliveryPolicy, parseSubscriptionDeliveryPolicy } from './delivery-policy';
import { invalidParameter } from './errors';
import { compileFilterPolicy, type FilterPolicyScope, parseScope } from './filter-policy';
import { accountOf } from './names';
import type { Protocol } from './protocols';

/** What a subscription's attributes are checked against. */
export interface SubscriptionTarget {
  readonly topicArn: string;
  readonly fifo: boolean;
  readonly protocol: Protocol;
  readonly endpoint: string;
}

const rawProtocols: ReadonlySet<Protocol> = new Set(['firehose', 'http', 'https', 'sqs']);
const httpProtocols: ReadonlySet<Protocol> = new Set(['http', 'https']);

/**
 * What can be set on a subscription.
 *
 * @see https://docs.aws.amazon.com/sns/latest/api/API_SetSubscriptionAttributes.html
 */
export class SubscriptionAttributes {
  rawDelivery = false;
  filterPolicy: string | undefined;
  filterScope: FilterPolicyScope = 'MessageAttributes';
  /** The compiled filter policy; undefined if every message passes. */
  filter: Pattern | undefined;
  redrivePolicy: string | undefined;
  deadLetterTargetArn: string | undefined;
  deliveryPolicyText: string | undefined;
  deliveryPolicy: DeliveryPolicy | undefined;
  /** As which SNS writes to a delivery stream. */
  roleArn: string | undefined;

  /**
   * Sets attributes, all of them or none.
   *
   * @throws InvalidParameter
   */
  set(target: SubscriptionTarget, given: Readonly<Record<string, string>>): void {
    const changed = this.copy();
    const { FilterPolicyScope: scope, ...others } = given;
    // The scope decides what the policy may hold, and comes first.
    if (scope !== undefined) changed.setScope(scope, 'FilterPolicy' in others);
    for (const [name, value] of Object.entries(others)) changed.setOne(target, name, value);
    Object.assign(this, changed);
  }

  /** Those that are set, as GetSubscriptionAttributes shows them. */
  entries(): Record<string, string> {
    const { filterPolicy, redrivePolicy, deliveryPolicyText, roleArn } = this;
    return {
      RawMessageDelivery: String(this.rawDelivery),
      ...(filterPolicy !== undefined && {
        FilterPolicy: filterPolicy,
        FilterPolicyScope: this.filterScope,
      }),
      ...(redrivePolicy !== undefined && { RedrivePolicy: redrivePolicy }),
      ...(deliveryPolicyText !== undefined && { DeliveryPolicy: deliveryPolicyText }),
      ...(roleArn !== undefined && { SubscriptionRoleArn: roleArn }),
    };
  }

  /** Whether attributes of a repeated Subscribe call are those that the subscription has. */
  agreesWith(given: Readonly<Record<string, string>>): boolean {
    const shown: Readonly<Record<string, string>> = {
      FilterPolicyScope: this.filterScope,
      ...this.entries(),
    };
    return Object.entries(given).every(([name, value]) => {
      const wanted = name === 'RawMessageDelivery' ? value.toLowerCase() : value;
      return (shown[name] ?? '') === wanted;
    });
  }

  private copy(): SubscriptionAttributes {
    return Object.assign(new SubscriptionAttributes(), this);
  }

  private setScope(value: string, withNewPolicy: boolean): void {
    this.filterScope = parseScope(value);
    if (this.filterPolicy !== undefined && !withNewPolicy)
      this.filter = compileFilterPolicy(this.filterPolicy, this.filterScope);
  }

  private setOne(target: SubscriptionTarget, name: string, value: string): void {
    switch (name) {
      case 'RawMessageDelivery':
        this.rawDelivery = readRawDelivery(target, value);
        return;
      case 'FilterPolicy': {
        const filter = value === '' ? undefined : compileFilterPolicy(value, this.filterScope);
        this.filter = filter;
        this.filterPolicy = filter && value;
        return;
      }
      case 'RedrivePolicy':
        this.deadLetterTargetArn = value === '' ? undefined : readRedrivePolicy(target, value);
        this.redrivePolicy = this.deadLetterTargetArn && value;
        return;
      case 'DeliveryPolicy':
        if (!httpProtocols.has(target.protocol))
          throw invalidParameter(
            `Delivery protocol [${target.protocol}] does not support delivery policies.`,
          );
        this.deliveryPolicy = value === '' ? undefined : parseSubscriptionDeliveryPolicy(value);
        this.deliveryPolicyText = this.deliveryPolicy && value;
        return;
      case 'SubscriptionRoleArn':
        this.roleArn = readRole(target, value);
        return;
      case 'ReplayPolicy':
        throw new NotImplementedError(`the attribute ${name} of a subscription`);
      default:
        throw invalidParameter('AttributeName');
    }
  }
}

function readRawDelivery({ protocol }: SubscriptionTarget, value: string): boolean {
  if (!/^(true|false)$/i.test(value))
    throw invalidParameter(`RawMessageDelivery: Invalid value [${value}]. Must be true or false.`);
  const raw = value.toLowerCase() === 'true';
  if (raw && !rawProtocols.has(protocol))
    throw invalidParameter(
      `Delivery protocol [${protocol}] does not support raw message delivery.`,
    );
  return raw;
}

/** @see https://docs.aws.amazon.com/sns/latest/dg/firehose-endpoints-subscribe.html */
function readRole({ protocol }: SubscriptionTarget, value: string): string {
  if (protocol !== 'firehose')
    throw invalidParameter(
      `Delivery protocol [${protocol}] does not support the attribute SubscriptionRoleArn.`,
    );
  if (!/^arn:[^:]+:iam::\d{12}:role\/.+$/.test(value))
    throw invalidParameter('SubscriptionRoleArn: invalid role ARN');
  return value;
}

/** The ARN of the dead-letter queue in a RedrivePolicy. */
function readRedrivePolicy({ topicArn, fifo, endpoint }: SubscriptionTarget, text: string): string {
  let policy: Readonly<Record<string, unknown>>;
  try {
    policy = Object(JSON.parse(text));
  } catch {
    throw invalidParameter('RedrivePolicy: failed to parse JSON.');
  }
  const { deadLetterTargetArn: arn } = policy;
  if (typeof arn !== 'string' || !/^arn:[^:]+:sqs:[^:]+:\d{12}:[^:]+$/.test(arn))
    throw invalidParameter('RedrivePolicy: deadLetterTargetArn is an invalid arn');
  const [, , , region] = topicArn.split(':');
  // https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html
  if (arn.split(':')[3] !== region || accountOf(arn) === undefined)
    throw invalidParameter('RedrivePolicy: deadLetterTargetArn must be in the region of the topic');
  if (fifo && endpoint.endsWith('.fifo') && !arn.endsWith('.fifo'))
    throw invalidParameter(
      'RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.',
    );
  if (!endpoint.endsWith('.fifo') && arn.endsWith('.fifo'))
    throw invalidParameter(
      'RedrivePolicy: must use a standard queue as DLQ for a subscription that is not FIFO.',
    );
  return arn;
}
