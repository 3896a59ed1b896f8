import {
  type ExistingResourceRequest,
  PropertyReader,
  type ResourceProperties,
  type ResourceProvider,
  type ResourceRequest,
  type ResourceState,
} from '../../cloudformation/provider';
import { documentOf, tagList } from '../live-properties';
import { sameState, templateTags, updateTemplateTags } from '../resource-updates';
import { queueDoesNotExist } from './errors';
import { parseQueueUrl, queueArn, queueUrl } from './names';
import type { Queue } from './queue';
import { QueueAttributes } from './queue-attributes';
import type { SqsState } from './sqs-state';

const textAttributes = [
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'DelaySeconds',
  'FifoQueue',
  'FifoThroughputLimit',
  'KmsDataKeyReusePeriodSeconds',
  'KmsMasterKeyId',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'SqsManagedSseEnabled',
  'VisibilityTimeout',
] as const;

const jsonAttributes = ['RedriveAllowPolicy', 'RedrivePolicy'] as const;

/** The providers of `AWS::SQS::Queue`, `AWS::SQS::QueuePolicy` and `AWS::SQS::QueueInlinePolicy`. */
export function sqsResourceProviders(state: SqsState): ResourceProvider[] {
  return [queueProvider(state), queuePolicyProvider(state), queueInlinePolicyProvider(state)];
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queue.html */
function queueProvider(state: SqsState): ResourceProvider {
  const known = [...textAttributes, ...jsonAttributes, 'QueueName', 'Tags'];
  return {
    type: 'AWS::SQS::Queue',
    level: 'emulated',
    recordedProperties: ['KmsDataKeyReusePeriodSeconds', 'SqsManagedSseEnabled'],
    unsupported: (properties) => unknownProperties(properties, known),
    async create(request) {
      const { account, region } = request;
      const reader = new PropertyReader(request.properties);
      const attributes = readAttributes(reader);
      const suffix = attributes.FifoQueue === 'true' ? '.fifo' : '';
      const name = reader.string('QueueName') ?? request.generateName(80 - suffix.length) + suffix;
      const tags = templateTags(request);
      const arn = queueArn({ account, region, name });
      authorize(state, request, 'sqs:CreateQueue', arn);
      if (Object.keys(tags).length > 0) authorize(state, request, 'sqs:TagQueue', arn);
      const registry = state.in(account, region);
      if (registry.get(name)) throw new Error(`${name} already exists`);
      const queue = registry.create(name, attributes, tags);
      return queueState(queue, request.origin);
    },
    async find({ identifier, origin, region }) {
      const queue = state.find(queueArn(parseQueueUrl(identifier.QueueUrl ?? '', region)));
      return queue && queueState(queue, origin);
    },
    async update(request) {
      const arn = arnOf(request.physicalId, request);
      authorize(state, request, 'sqs:SetQueueAttributes', arn);
      const queue = state.find(arn);
      if (!queue) throw queueDoesNotExist();
      const before = new PropertyReader(request.previous.properties);
      const after = new PropertyReader(request.properties);
      const changes = changedAttributes(queue.fifo, readAttributes(before), readAttributes(after));
      state.registryOf(queue).setAttributes(queue, changes);
      updateTemplateTags(queue.tags, request);
      return sameState(request);
    },
    async delete(request) {
      const arn = arnOf(request.physicalId, request);
      authorize(state, request, 'sqs:DeleteQueue', arn);
      const queue = state.find(arn);
      // CloudFormation waits until the 60 seconds are over before it calls a queue deleted. Nobody needs
      // to wait here: the name is free at once, which is what a stack sees that is created again.
      if (queue) state.registryOf(queue).delete(queue, true);
    },
    async read(request) {
      const arn = arnOf(request.physicalId, request);
      authorize(state, request, 'sqs:GetQueueAttributes', arn);
      const queue = state.find(arn);
      if (!queue) return undefined;
      authorize(state, request, 'sqs:ListQueueTags', arn);
      return {
        QueueName: queue.address.name,
        Tags: tagList(queue.tags),
        ...Object.fromEntries(
          [...textAttributes, ...jsonAttributes].map((name) => [
            name,
            documentOf(queue.attributes.get(name), { orText: true }),
          ]),
        ),
      };
    },
  };
}

function queueState({ address, arn }: Queue, origin: string): ResourceState {
  const url = queueUrl(origin, address);
  return {
    physicalId: url,
    attributes: { Arn: arn, QueueName: address.name, QueueUrl: url },
  };
}

/**
 * As on AWS, its drift cannot be detected: the published type has no way to be read.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queuepolicy.html
 */
function queuePolicyProvider(state: SqsState): ResourceProvider {
  return {
    type: 'AWS::SQS::QueuePolicy',
    level: 'emulated',
    unsupported: (properties) => unknownProperties(properties, ['PolicyDocument', 'Queues']),
    async create(request) {
      for (const url of new PropertyReader(request.properties).strings('Queues') ?? []) {
        setPolicy(state, request, url, policyOf(request.properties));
      }
      const id = request.generateName(128);
      return { physicalId: id, attributes: { Id: id } };
    },
    async update(request) {
      const urls = new PropertyReader(request.properties).strings('Queues') ?? [];
      const before = new PropertyReader(request.previous.properties).strings('Queues') ?? [];
      for (const url of urls) setPolicy(state, request, url, policyOf(request.properties));
      for (const url of before) if (!urls.includes(url)) removePolicy(state, request, url);
      return sameState(request);
    },
    async delete(request) {
      for (const url of new PropertyReader(request.properties).strings('Queues') ?? []) {
        removePolicy(state, request, url);
      }
    },
  };
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queueinlinepolicy.html */
function queueInlinePolicyProvider(state: SqsState): ResourceProvider {
  return {
    type: 'AWS::SQS::QueueInlinePolicy',
    level: 'emulated',
    unsupported: (properties) => unknownProperties(properties, ['PolicyDocument', 'Queue']),
    async create(request) {
      const url = new PropertyReader(request.properties).requiredString('Queue');
      setPolicy(state, request, url, policyOf(request.properties));
      return { physicalId: url, attributes: {} };
    },
    async update(request) {
      setPolicy(state, request, request.physicalId, policyOf(request.properties));
      return sameState(request);
    },
    async delete(request) {
      removePolicy(state, request, request.physicalId);
    },
    async read(request) {
      const arn = arnOf(request.physicalId, request);
      authorize(state, request, 'sqs:GetQueueAttributes', arn);
      const document = documentOf(state.find(arn)?.attributes.policy);
      if (document === undefined) return undefined;
      return { PolicyDocument: document, Queue: request.physicalId };
    },
  };
}

function readAttributes(reader: PropertyReader): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const name of textAttributes) {
    const value = reader.string(name);
    if (value !== undefined) attributes[name] = value;
  }
  for (const name of jsonAttributes) {
    const value = reader.json(name);
    if (value !== undefined) {
      attributes[name] = typeof value === 'string' ? value : JSON.stringify(value);
    }
  }
  return attributes;
}

/** What to set so that a queue has the attributes of its new template: those that went get their defaults back. */
function changedAttributes(
  fifo: boolean,
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): Record<string, string> {
  const defaults = new QueueAttributes(fifo, {});
  const changes: Record<string, string> = {};
  for (const name of Object.keys(before)) {
    if (!(name in after)) changes[name] = defaults.get(name) ?? '';
  }
  // A key had taken the place of SSE-SQS.
  if (changes.KmsMasterKeyId === '') changes.SqsManagedSseEnabled = 'true';
  for (const [name, value] of Object.entries(after)) {
    if (before[name] !== value) changes[name] = value;
  }
  return changes;
}

function policyOf(properties: ResourceProperties): string {
  const value = new PropertyReader(properties).json('PolicyDocument');
  if (value === undefined) throw new TypeError('Property PolicyDocument is required');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function setPolicy(state: SqsState, request: ResourceRequest, url: string, policy: string): void {
  const arn = arnOf(url, request);
  authorize(state, request, 'sqs:SetQueueAttributes', arn);
  const queue = state.find(arn);
  if (!queue) throw queueDoesNotExist();
  state.registryOf(queue).setAttributes(queue, { Policy: policy });
}

function removePolicy(state: SqsState, request: ExistingResourceRequest, url: string): void {
  const arn = arnOf(url, request);
  authorize(state, request, 'sqs:SetQueueAttributes', arn);
  // The queue may have been deleted first.
  state.find(arn)?.setAttributes({ Policy: '' });
}

function arnOf(url: string, request: ResourceRequest): string {
  return queueArn(parseQueueUrl(url, request.region));
}

function authorize(
  state: SqsState,
  request: ResourceRequest,
  action: string,
  resource: string,
): void {
  state.environment.authorize({ caller: request.caller, action, resource });
}

function unknownProperties(properties: ResourceProperties, known: readonly string[]): string[] {
  return Object.keys(properties)
    .filter((name) => !known.includes(name))
    .map((name) => `Property ${name} is not supported`);
}
