import { NotImplementedError } from '../../protocol/errors';
import {
  type DeliveryPolicy,
  effectiveTopicPolicy,
  parseTopicDeliveryPolicy,
} from './delivery-policy';
import { invalidParameter } from './errors';
import { defaultMaximumSize } from './message';
import { checkPolicy } from './topic-policy';

/** Kept and shown; they would have SNS write to CloudWatch Logs, encrypt, or trace. */
const feedbackAttribute =
  /^(HTTP|Firehose|Lambda|Application|SQS)(SuccessFeedbackRoleArn|FailureFeedbackRoleArn|SuccessFeedbackSampleRate)$/;

const fifoAttributes: ReadonlySet<string> = new Set([
  'ContentBasedDeduplication',
  'FifoThroughputScope',
]);

const plainAttributes: ReadonlySet<string> = new Set([
  'DeliveryPolicy',
  'DisplayName',
  'KmsMasterKeyId',
  'MaximumMessageSize',
  'Policy',
  'SignatureVersion',
  'TracingConfig',
]);

/**
 * What can be set on a topic.
 *
 * @see https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html
 */
export class TopicAttributes {
  /** Only what was set, so that a plain topic stays small. */
  private values: Map<string, string> | undefined;
  private policyOfDelivery: DeliveryPolicy | undefined;

  constructor(readonly fifo: boolean) {}

  /** The attributes of a new topic. @throws InvalidParameter */
  static create(given: Readonly<Record<string, string>>): TopicAttributes {
    const attributes = new TopicAttributes(given.FifoTopic?.toLowerCase() === 'true');
    for (const [name, value] of Object.entries(given)) {
      if (name === 'FifoTopic') checkBoolean(name, value);
      else if (attributes.knows(name)) attributes.set(name, value);
      else throw invalidParameter(`Attributes Reason: Unknown attribute ${name}`);
    }
    return attributes;
  }

  /** Whether a topic of this kind has such an attribute. @throws NotImplementedError */
  knows(name: string): boolean {
    if (name === 'ArchivePolicy')
      throw new NotImplementedError('the attribute ArchivePolicy of a topic');
    if (fifoAttributes.has(name)) return this.fifo;
    return plainAttributes.has(name) || feedbackAttribute.test(name);
  }

  /** @throws InvalidParameter */
  set(name: string, value: string): void {
    check(name, value);
    if (name === 'DeliveryPolicy')
      this.policyOfDelivery = value === '' ? undefined : parseTopicDeliveryPolicy(value);
    this.values ??= new Map();
    if (value === '' && name !== 'DisplayName') this.values.delete(name);
    else this.values.set(name, isBoolean(name) ? value.toLowerCase() : value);
  }

  get(name: string): string | undefined {
    return this.values?.get(name);
  }

  get policy(): string | undefined {
    return this.get('Policy');
  }

  get displayName(): string {
    return this.get('DisplayName') ?? '';
  }

  get deliveryPolicy(): DeliveryPolicy | undefined {
    return this.policyOfDelivery;
  }

  get signatureVersion(): '1' | '2' {
    return this.get('SignatureVersion') === '2' ? '2' : '1';
  }

  get contentBasedDeduplication(): boolean {
    return this.get('ContentBasedDeduplication') === 'true';
  }

  /** Whether the same deduplication id in two groups means two messages. */
  get deduplicationPerGroup(): boolean {
    return this.get('FifoThroughputScope') === 'MessageGroup';
  }

  /** Bytes. */
  get maximumMessageSize(): number {
    return Number(this.get('MaximumMessageSize') ?? defaultMaximumSize);
  }

  get kmsMasterKeyId(): string | undefined {
    return this.get('KmsMasterKeyId');
  }

  /** As GetTopicAttributes shows them. */
  entries(): Record<string, string> {
    return {
      DisplayName: this.displayName,
      EffectiveDeliveryPolicy: effectiveTopicPolicy(this.policyOfDelivery),
      ...(this.fifo && {
        FifoTopic: 'true',
        ContentBasedDeduplication: 'false',
        FifoThroughputScope: 'Topic',
      }),
      ...Object.fromEntries(this.values ?? []),
    };
  }

  /** The name of an attribute that is given and different. */
  difference(given: Readonly<Record<string, string>>): string | undefined {
    const shown = this.entries();
    return Object.keys(given).find((name) => {
      if (name === 'FifoTopic') return (given[name]?.toLowerCase() === 'true') !== this.fifo;
      const value = isBoolean(name) ? given[name]?.toLowerCase() : given[name];
      return (shown[name] ?? '') !== value;
    });
  }
}

function check(name: string, value: string): void {
  switch (name) {
    case 'DisplayName':
      if (value.length > 100) throw invalidParameter('DisplayName Reason: too long');
      return;
    case 'Policy':
      if (value !== '') checkPolicy(value);
      return;
    case 'ContentBasedDeduplication':
      checkBoolean(name, value);
      return;
    case 'FifoThroughputScope':
      oneOf(name, value, ['Topic', 'MessageGroup']);
      return;
    case 'SignatureVersion':
      oneOf(name, value, ['1', '2']);
      return;
    case 'TracingConfig':
      oneOf(name, value, ['PassThrough', 'Active']);
      return;
    case 'MaximumMessageSize': {
      const bytes = Number(value);
      if (!/^\d+$/.test(value) || bytes < 1024 || bytes > 1_048_576)
        throw invalidParameter(
          `${name} Reason: Must be an integer between 1024 and 1048576, got ${value}`,
        );
      return;
    }
    default:
      if (name.endsWith('SampleRate') && !/^(\d|[1-9]\d|100)$/.test(value))
        throw invalidParameter(`${name}: Must be an integer between 0 and 100`);
  }
}

function checkBoolean(name: string, value: string): void {
  if (!/^(true|false)$/i.test(value))
    throw invalidParameter(`${name}: Invalid value [${value}]. Must be true or false.`);
}

function oneOf(name: string, value: string, values: readonly string[]): void {
  if (!values.includes(value))
    throw invalidParameter(
      `${name}: Invalid value [${value}]. Must be one of: ${values.join(', ')}`,
    );
}

function isBoolean(name: string): boolean {
  return name === 'ContentBasedDeduplication';
}
