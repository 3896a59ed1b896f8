import {
  PropertyReader,
  type ResourceProperties,
  type ResourceProvider,
  type ResourceRequest,
  type ResourceState,
} from '../../cloudformation/provider';
import { unsupportedProperties } from '../accepted-parameters';
import { documentOf, tagList } from '../live-properties';
import {
  changedProperties,
  sameState,
  templateTags,
  updateTemplateTags,
} from '../resource-updates';
import type { Consumer } from './consumer';
import { monitoredMetrics } from './descriptions';
import { invalidArgument, resourceInUse, streamNotFound } from './errors';
import { parseArn, streamArn } from './names';
import { checkPolicy } from './resource-policy';
import { checkRetention, metricsMeant } from './setting-operations';
import { checkScaling } from './shard-operations';
import type { KinesisState } from './state';
import type { Stream, StreamMode } from './stream';
import { defaultRecordKiB, shardCountOf } from './stream-operations';

/** The providers of `AWS::Kinesis::Stream`, `AWS::Kinesis::StreamConsumer` and `AWS::Kinesis::ResourcePolicy`. */
export function kinesisResources(state: KinesisState): ResourceProvider[] {
  return [streamProvider(state), consumerProvider(state), policyProvider(state)];
}

const streamType = 'AWS::Kinesis::Stream';

/** What a template says of a stream, with CloudFormation's defaults. */
interface StreamTemplate {
  readonly mode: StreamMode;
  readonly shardCount: number | undefined;
  readonly retentionHours: number;
  readonly keyId: string | undefined;
  readonly maxRecordKiB: number;
  readonly metrics: readonly string[];
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kinesis-stream.html */
function streamProvider(state: KinesisState): ResourceProvider {
  const ask = ({ caller }: Pick<ResourceRequest, 'caller'>, action: string, resource: string) =>
    state.environment.authorize({ caller, action: `kinesis:${action}`, resource });
  const existing = (request: ResourceRequest & { readonly physicalId: string }) => {
    const { account, region, physicalId: name } = request;
    return {
      arn: streamArn({ account, region, name }),
      stream: state.find({ account, region, name }),
    };
  };
  return {
    type: streamType,
    level: 'emulated',
    recordedProperties: ['DesiredShardLevelMetrics'],
    unorderedProperties: ['DesiredShardLevelMetrics'],
    unsupported: (properties) =>
      unsupportedProperties(streamType, properties, [
        'DesiredShardLevelMetrics',
        'MaxRecordSizeInKiB',
        'Name',
        'RetentionPeriodHours',
        'ShardCount',
        'StreamEncryption',
        'StreamModeDetails',
        'Tags',
      ]),
    async create(request) {
      const { account, region } = request;
      const reader = new PropertyReader(request.properties);
      const name = reader.string('Name') ?? request.generateName(128);
      const address = { account, region, name };
      const arn = streamArn(address);
      const template = templateOf(request.properties);
      const tags = templateTags(request);
      ask(request, 'CreateStream', arn);
      if (Object.keys(tags).length > 0) ask(request, 'AddTagsToStream', arn);
      if (template.keyId !== undefined) {
        ask(request, 'StartStreamEncryption', arn);
        state.checkKey(template.keyId, address);
      }
      checkRetention(template.retentionHours);
      const shardCount = shardCountOf(template.mode, template.shardCount);
      const { mode, maxRecordKiB } = template;
      const stream = state.create(address, { mode, shardCount, maxRecordKiB, tags }, 'ACTIVE');
      stream.retentionHours = template.retentionHours;
      stream.keyId = template.keyId;
      for (const metric of template.metrics) stream.shardLevelMetrics.add(metric);
      return streamState(stream);
    },
    async find({ account, region, identifier }) {
      const stream = state.find({ account, region, name: identifier.Name ?? '' });
      return stream && streamState(stream);
    },
    async update(request) {
      const { arn, stream } = existing(request);
      if (!stream) throw streamNotFound({ ...request, name: request.physicalId });
      const changed = changedProperties(request.previous.properties, request.properties);
      updateStream(state, stream, templateOf(request.properties), (action) =>
        ask(request, action, arn),
      );
      if (changed.has('Tags') || changed.size === 0) ask(request, 'AddTagsToStream', arn);
      updateTemplateTags(stream.tags, request);
      return sameState(request);
    },
    async delete(request) {
      const { arn, stream } = existing(request);
      ask(request, 'DeleteStream', arn);
      // As CloudFormation does, with the consumers that the stream has; it would wait until it is gone, here it is at once.
      if (stream) state.remove(stream);
    },
    async read(request) {
      const { arn, stream } = existing(request);
      ask(request, 'DescribeStreamSummary', arn);
      ask(request, 'ListTagsForStream', arn);
      return (
        stream && {
          Name: stream.address.name,
          RetentionPeriodHours: stream.retentionHours,
          ShardCount: stream.mode === 'PROVISIONED' ? stream.open.length : undefined,
          StreamModeDetails: { StreamMode: stream.mode },
          StreamEncryption:
            stream.keyId === undefined ? undefined : { EncryptionType: 'KMS', KeyId: stream.keyId },
          MaxRecordSizeInKiB: stream.maxRecordKiB,
          DesiredShardLevelMetrics: monitoredMetrics(stream),
          Tags: tagList(stream.tags),
        }
      );
    },
  };
}

function templateOf(properties: ResourceProperties): StreamTemplate {
  const reader = new PropertyReader(properties);
  const shardCount = reader.number('ShardCount');
  const onDemand = reader.object('StreamModeDetails')?.string('StreamMode') === 'ON_DEMAND';
  const metrics = reader.strings('DesiredShardLevelMetrics') ?? [];
  return {
    mode: onDemand ? 'ON_DEMAND' : 'PROVISIONED',
    // The type's handler makes a provisioned stream of one shard where a template says nothing.
    shardCount: shardCount ?? (onDemand ? undefined : 1),
    retentionHours: reader.number('RetentionPeriodHours') ?? 24,
    keyId: reader.object('StreamEncryption')?.requiredString('KeyId'),
    maxRecordKiB: reader.number('MaxRecordSizeInKiB') ?? defaultRecordKiB,
    metrics: metrics.length === 0 ? [] : metricsMeant(metrics),
  };
}

/** Makes the calls that CloudFormation would, one after the other, without the time that each takes. */
function updateStream(
  state: KinesisState,
  stream: Stream,
  template: StreamTemplate,
  ask: (action: string) => void,
): void {
  const { now } = state;
  if (stream.mode !== template.mode) {
    ask('UpdateStreamMode');
    stream.mode = template.mode;
  }
  if (template.mode === 'PROVISIONED' && template.shardCount !== undefined) {
    if (template.shardCount !== stream.open.length) {
      ask('UpdateShardCount');
      checkScaling(stream, template.shardCount, now);
      stream.scaleTo(template.shardCount, now);
    }
  }
  if (template.retentionHours !== stream.retentionHours) {
    const longer = template.retentionHours > stream.retentionHours;
    ask(longer ? 'IncreaseStreamRetentionPeriod' : 'DecreaseStreamRetentionPeriod');
    checkRetention(template.retentionHours);
    for (const shard of stream.shards(now)) stream.expire(shard, now);
    stream.retentionHours = template.retentionHours;
  }
  if (template.keyId !== stream.keyId) {
    ask(template.keyId === undefined ? 'StopStreamEncryption' : 'StartStreamEncryption');
    if (template.keyId !== undefined) state.checkKey(template.keyId, stream.address);
    stream.keyId = template.keyId;
  }
  if (template.maxRecordKiB !== stream.maxRecordKiB) {
    ask('UpdateMaxRecordSize');
    stream.maxRecordKiB = template.maxRecordKiB;
  }
  stream.shardLevelMetrics.clear();
  for (const metric of template.metrics) stream.shardLevelMetrics.add(metric);
}

function streamState({ address, arn }: Stream): ResourceState {
  return { physicalId: address.name, attributes: { Arn: arn } };
}

const consumerType = 'AWS::Kinesis::StreamConsumer';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kinesis-streamconsumer.html */
function consumerProvider(state: KinesisState): ResourceProvider {
  const ask = ({ caller }: Pick<ResourceRequest, 'caller'>, action: string, resource: string) =>
    state.environment.authorize({ caller, action: `kinesis:${action}`, resource });
  return {
    type: consumerType,
    level: 'emulated',
    unsupported: (properties) =>
      unsupportedProperties(consumerType, properties, ['ConsumerName', 'StreamARN', 'Tags']),
    async create(request) {
      const reader = new PropertyReader(request.properties);
      const arn = reader.requiredString('StreamARN');
      ask(request, 'RegisterStreamConsumer', arn);
      const address = parseArn(arn)?.stream;
      if (!address) throw invalidArgument(`Invalid StreamARN: ${arn}`);
      const stream = state.find(address);
      if (!stream) throw streamNotFound(address);
      const tags = templateTags(request);
      return consumerState(
        state.register(stream, reader.requiredString('ConsumerName'), tags, 'ACTIVE'),
      );
    },
    async find({ identifier }) {
      const consumer = state.findConsumer(identifier.ConsumerARN ?? '');
      return consumer && consumerState(consumer);
    },
    async update(request) {
      const consumer = state.findConsumer(request.physicalId);
      ask(request, 'TagResource', request.physicalId);
      if (!consumer) throw resourceInUse(`Consumer ${request.physicalId} is gone.`);
      updateTemplateTags(consumer.tags, request);
      return sameState(request);
    },
    async delete(request) {
      ask(request, 'DeregisterStreamConsumer', request.physicalId);
      const stream = state.findByArn(request.physicalId);
      const consumer = state.findConsumer(request.physicalId);
      if (stream && consumer) state.removeConsumer(stream, consumer);
    },
    async read(request) {
      ask(request, 'DescribeStreamConsumer', request.physicalId);
      const consumer = state.findConsumer(request.physicalId);
      if (consumer?.status !== 'ACTIVE') return undefined;
      const { name, streamArn, tags } = consumer;
      return { ConsumerName: name, StreamARN: streamArn, Tags: tagList(tags) };
    },
  };
}

function consumerState({ arn, name, streamArn, created }: Consumer): ResourceState {
  return {
    physicalId: arn,
    attributes: {
      ConsumerARN: arn,
      ConsumerCreationTimestamp: String(Math.floor(created / 1000)),
      ConsumerName: name,
      ConsumerStatus: 'ACTIVE',
      StreamARN: streamArn,
    },
  };
}

const policyType = 'AWS::Kinesis::ResourcePolicy';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kinesis-resourcepolicy.html */
function policyProvider(state: KinesisState): ResourceProvider {
  const target = (arn: string): Consumer | Stream | undefined =>
    parseArn(arn)?.consumerArn === undefined ? state.findByArn(arn) : state.findConsumer(arn);
  const ask = ({ caller }: Pick<ResourceRequest, 'caller'>, action: string, resource: string) =>
    state.environment.authorize({ caller, action: `kinesis:${action}`, resource });
  const put = (request: ResourceRequest): ResourceState => {
    const reader = new PropertyReader(request.properties);
    const arn = reader.requiredString('ResourceArn');
    const document = reader.json('ResourcePolicy');
    const policy = typeof document === 'string' ? document : JSON.stringify(document);
    ask(request, 'PutResourcePolicy', arn);
    const found = target(arn);
    if (!found) throw invalidArgument(`Resource ${arn} not found.`);
    checkPolicy(policy);
    found.policy = policy;
    return { physicalId: arn, attributes: { ResourceArn: arn } };
  };
  return {
    type: policyType,
    level: 'emulated',
    unsupported: (properties) =>
      unsupportedProperties(policyType, properties, ['ResourceArn', 'ResourcePolicy']),
    create: async (request) => put(request),
    update: async (request) => put(request),
    async find({ identifier }) {
      const arn = identifier.ResourceArn ?? '';
      return target(arn)?.policy === undefined
        ? undefined
        : { physicalId: arn, attributes: { ResourceArn: arn } };
    },
    async delete(request) {
      ask(request, 'DeleteResourcePolicy', request.physicalId);
      const found = target(request.physicalId);
      if (found) found.policy = undefined;
    },
    async read(request) {
      ask(request, 'GetResourcePolicy', request.physicalId);
      const document = documentOf(target(request.physicalId)?.policy);
      if (document === undefined) return undefined;
      return { ResourceArn: request.physicalId, ResourcePolicy: document };
    },
  };
}
