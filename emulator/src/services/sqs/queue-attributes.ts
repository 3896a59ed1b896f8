import { checkPolicy } from './access-policy';
import { invalidAttributeName, invalidAttributeValue } from './errors';
import {
  parseRedriveAllowPolicy,
  parseRedrivePolicy,
  type RedriveAllowPolicy,
  type RedrivePolicy,
} from './redrive-policy';

interface AttributeRule {
  readonly name: string;
  /** Value of a queue that does not say; undefined: the attribute is then absent. */
  readonly default?: string;
  readonly fifoOnly?: boolean;
  /** Throws if the value will not do. */
  check(value: string): void;
  /** How the value is kept, where that is not as it came. */
  normal?(value: string): string;
}

const rules: readonly AttributeRule[] = [
  integer('DelaySeconds', 0, 900, '0'),
  integer('MaximumMessageSize', 1_024, 1_048_576, '1048576'),
  integer('MessageRetentionPeriod', 60, 1_209_600, '345600'),
  integer('ReceiveMessageWaitTimeSeconds', 0, 20, '0'),
  integer('VisibilityTimeout', 0, 43_200, '30'),
  { name: 'Policy', check: checkPolicy },
  // AWS takes maxReceiveCount as text too and always returns a number:
  // https://github.com/hashicorp/terraform/pull/5888
  {
    name: 'RedrivePolicy',
    check: parseRedrivePolicy,
    normal: (value) => JSON.stringify(parseRedrivePolicy(value)),
  },
  { name: 'RedriveAllowPolicy', check: parseRedriveAllowPolicy },
  { name: 'KmsMasterKeyId', check: () => undefined },
  integer('KmsDataKeyReusePeriodSeconds', 60, 86_400),
  { ...oneOf('SqsManagedSseEnabled', ['true', 'false']), default: 'true' },
  { ...oneOf('FifoQueue', ['true']), fifoOnly: true },
  {
    ...oneOf('ContentBasedDeduplication', ['true', 'false']),
    default: 'false',
    fifoOnly: true,
  },
  { ...oneOf('DeduplicationScope', ['queue', 'messageGroup']), default: 'queue', fifoOnly: true },
  {
    ...oneOf('FifoThroughputLimit', ['perQueue', 'perMessageGroupId']),
    default: 'perQueue',
    fifoOnly: true,
  },
];

const rulesByName = new Map(rules.map((rule) => [rule.name, rule]));

/** Attributes that a queue reports but that cannot be set. */
export const computedAttributes = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesDelayed',
  'ApproximateNumberOfMessagesNotVisible',
  'CreatedTimestamp',
  'LastModifiedTimestamp',
  'QueueArn',
] as const;

/** Whether GetQueueAttributes may ask for it. */
export function isAttributeName(name: string): boolean {
  return (
    name === 'All' || rulesByName.has(name) || computedAttributes.some((item) => item === name)
  );
}

/**
 * The attributes of one queue that can be set, checked against AWS's limits.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
 */
export class QueueAttributes {
  private values = new Map<string, string>();

  /** In milliseconds. */
  delay = 0;
  /** In bytes. */
  maximumMessageSize = 0;
  /** In milliseconds. */
  retention = 0;
  /** In milliseconds. */
  receiveWait = 0;
  /** In milliseconds. */
  visibilityTimeout = 0;
  contentBasedDeduplication = false;
  deduplicationPerGroup = false;
  /** Whether throughput limits count per message group. */
  throughputPerGroup = false;
  redrivePolicy: RedrivePolicy | undefined;
  redriveAllowPolicy: RedriveAllowPolicy | undefined;

  /** @throws InvalidAttributeName, InvalidAttributeValue or InvalidParameterValue. */
  constructor(
    readonly fifo: boolean,
    initial: Readonly<Record<string, string>>,
  ) {
    for (const rule of rules) {
      if (rule.default !== undefined && (fifo || !rule.fifoOnly)) {
        this.values.set(rule.name, rule.default);
      }
    }
    if (fifo) this.values.set('FifoQueue', 'true');
    this.set(initial);
  }

  get policy(): string | undefined {
    return this.values.get('Policy');
  }

  get(name: string): string | undefined {
    return this.values.get(name);
  }

  /** All that are there, by name. */
  entries(): ReadonlyMap<string, string> {
    return this.values;
  }

  /** Sets some, or none if one of them is refused. An empty Policy, RedrivePolicy, RedriveAllowPolicy or key id removes it. */
  set(changes: Readonly<Record<string, string>>): void {
    const values = new Map(this.values);
    for (const [name, value] of Object.entries(changes)) {
      const rule = rulesByName.get(name);
      if (!rule || (rule.fifoOnly && !this.fifo)) throw invalidAttributeName(name);
      if (value === '' && rule.default === undefined && !rule.fifoOnly) {
        values.delete(name);
        continue;
      }
      if (name === 'FifoQueue' && value === 'false') {
        throw invalidAttributeValue(name, 'Modifying queue type is not supported.');
      }
      rule.check(value);
      values.set(name, rule.normal?.(value) ?? value);
    }
    this.checkEncryption(changes, values);
    if (
      values.get('FifoThroughputLimit') === 'perMessageGroupId' &&
      values.get('DeduplicationScope') !== 'messageGroup'
    ) {
      throw invalidAttributeValue(
        'FifoThroughputLimit',
        'The perMessageGroupId value is allowed only when the value for DeduplicationScope is messageGroup.',
      );
    }
    this.values = values;
    this.read();
  }

  /**
   * The first of these attributes that has another value here, by which CreateQueue tells a queue of
   * the same name from the one asked for. Attributes that are not given are not compared.
   */
  difference(wanted: Readonly<Record<string, string>>): string | undefined {
    const other = new QueueAttributes(this.fifo, wanted);
    return Object.keys(wanted).find((name) => !sameValue(this.values.get(name), other.get(name)));
  }

  private checkEncryption(
    changes: Readonly<Record<string, string>>,
    values: Map<string, string>,
  ): void {
    if (!values.has('KmsMasterKeyId')) return;
    // A key replaces SSE-SQS, which every queue has by default; asking for both is refused.
    if (changes.SqsManagedSseEnabled === 'true') {
      throw invalidAttributeName(
        'SqsManagedSseEnabled',
        'You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.',
      );
    }
    values.set('SqsManagedSseEnabled', 'false');
    if (!values.has('KmsDataKeyReusePeriodSeconds')) {
      values.set('KmsDataKeyReusePeriodSeconds', '300');
    }
  }

  private read(): void {
    const seconds = (name: string) => Number(this.values.get(name)) * 1000;
    const redrivePolicy = this.values.get('RedrivePolicy');
    const redriveAllowPolicy = this.values.get('RedriveAllowPolicy');
    this.delay = seconds('DelaySeconds');
    this.maximumMessageSize = Number(this.values.get('MaximumMessageSize'));
    this.retention = seconds('MessageRetentionPeriod');
    this.receiveWait = seconds('ReceiveMessageWaitTimeSeconds');
    this.visibilityTimeout = seconds('VisibilityTimeout');
    this.contentBasedDeduplication = this.values.get('ContentBasedDeduplication') === 'true';
    this.deduplicationPerGroup = this.values.get('DeduplicationScope') === 'messageGroup';
    this.throughputPerGroup = this.values.get('FifoThroughputLimit') === 'perMessageGroupId';
    this.redrivePolicy = redrivePolicy ? parseRedrivePolicy(redrivePolicy) : undefined;
    this.redriveAllowPolicy = redriveAllowPolicy
      ? parseRedriveAllowPolicy(redriveAllowPolicy)
      : undefined;
  }
}

function integer(
  name: string,
  minimum: number,
  maximum: number,
  defaultValue?: string,
): AttributeRule {
  return {
    name,
    default: defaultValue,
    check(value) {
      if (!/^\d{1,10}$/.test(value) || Number(value) < minimum || Number(value) > maximum) {
        throw invalidAttributeValue(name);
      }
    },
  };
}

function oneOf(name: string, choices: readonly string[]): AttributeRule {
  return {
    name,
    check(value) {
      if (!choices.includes(value)) throw invalidAttributeValue(name);
    },
  };
}

/** Compares JSON documents by content, numbers by value and the rest as text. */
function sameValue(a: string | undefined, b: string | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && canonical(a) === canonical(b));
}

function canonical(text: string): string {
  try {
    return JSON.stringify(sorted(JSON.parse(text)));
  } catch {
    return text;
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}
