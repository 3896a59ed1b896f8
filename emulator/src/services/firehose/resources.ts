import { isDeepStrictEqual } from 'node:util';
import {
  PropertyReader,
  type ResourceProperties,
  type ResourceProvider,
  type ResourceRequest,
  type ResourceState,
  type UpdateRequest,
} from '../../cloudformation/provider';
import { unsupportedProperties } from '../accepted-parameters';
import { tagList } from '../live-properties';
import { sameState, templateTags, updateTemplateTags } from '../resource-updates';
import type { CreateInput, FirehoseApi } from './api';
import { configuredDestination, supportedDestinations } from './delivery/destination-kinds';
import type { DeliveryStream } from './delivery-stream';
import { encryptionKey } from './encryption';
import { notFound } from './errors';
import { deliveryStreamArn } from './names';
import { checkQuery, createDeliveryStream } from './new-delivery-stream';
import { checkDestination } from './roles';
import type { FirehoseState } from './state';
import { inputOfTemplate } from './template-input';

const type = 'AWS::KinesisFirehose::DeliveryStream';
const encryptionProperty = 'DeliveryStreamEncryptionConfigurationInput';

/** The provider of `AWS::KinesisFirehose::DeliveryStream`. */
export function firehoseResources(
  state: FirehoseState,
  loadClient: () => FirehoseApi,
): ResourceProvider[] {
  const ask = ({ caller }: Pick<ResourceRequest, 'caller'>, action: string, resource: string) =>
    state.environment.authorize({ caller, action: `firehose:${action}`, resource });
  const inputOf = (properties: ResourceProperties): CreateInput =>
    inputOfTemplate(properties, loadClient());
  const existing = (request: ResourceRequest & { readonly physicalId: string }) => {
    const address = {
      account: request.account,
      region: request.region,
      name: request.physicalId,
    };
    return { address, arn: deliveryStreamArn(address), stream: state.find(address) };
  };
  /** Makes the call that CloudFormation would, without the time that it takes. */
  const updateEncryption = (request: UpdateRequest, stream: DeliveryStream) => {
    const { [encryptionProperty]: before } = request.previous.properties;
    const { [encryptionProperty]: after } = request.properties;
    if (isDeepStrictEqual(before, after)) return;
    const { caller, properties } = request;
    const wanted = inputOf(properties)[encryptionProperty];
    ask(
      request,
      wanted ? 'StartDeliveryStreamEncryption' : 'StopDeliveryStreamEncryption',
      stream.arn,
    );
    stream.encryption = wanted
      ? { ...encryptionKey(state, stream, wanted, { caller }), status: 'ENABLED' }
      : { status: 'DISABLED' };
  };
  /** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kinesisfirehose-deliverystream.html */
  const deliveryStream: ResourceProvider = {
    type,
    level: 'emulated',
    unsupported: (properties) =>
      unsupportedProperties(type, properties, [
        'DeliveryStreamEncryptionConfigurationInput',
        'DeliveryStreamName',
        'DeliveryStreamType',
        'DirectPutSourceConfiguration',
        'KinesisStreamSourceConfiguration',
        'Tags',
        ...supportedDestinations,
      ]),
    async create(request) {
      const { account, region, caller } = request;
      const reader = new PropertyReader(request.properties);
      const name = reader.string('DeliveryStreamName') ?? request.generateName(64);
      const address = { account, region, name };
      const arn = deliveryStreamArn(address);
      const tags = templateTags(request);
      ask(request, 'CreateDeliveryStream', arn);
      if (Object.keys(tags).length > 0) ask(request, 'TagDeliveryStream', arn);
      const { DeliveryStreamName: _name, Tags: _tags, ...input } = inputOf(request.properties);
      // It would wait until the stream is active, here it is at once.
      return streamState(
        await createDeliveryStream(state, { address, input, tags, giver: { caller } }, 'ACTIVE'),
      );
    },
    async find({ account, region, identifier }) {
      const stream = state.find({ account, region, name: identifier.DeliveryStreamName ?? '' });
      return stream && streamState(stream);
    },
    async update(request) {
      const { address, arn, stream } = existing(request);
      if (!stream) throw notFound(address);
      const destination = configuredDestination(inputOf(request.properties));
      const before = configuredDestination(inputOf(request.previous.properties));
      if (!isDeepStrictEqual(destination.configuration, before.configuration)) {
        ask(request, 'UpdateDestination', arn);
        const { caller } = request;
        await checkQuery(destination);
        checkDestination(state.environment.authorize, stream, destination, { caller });
        stream.redirect(destination, state.now);
      }
      updateEncryption(request, stream);
      ask(request, 'TagDeliveryStream', arn);
      updateTemplateTags(stream.tags, request);
      return sameState(request);
    },
    async delete(request) {
      const { arn, stream } = existing(request);
      ask(request, 'DeleteDeliveryStream', arn);
      if (stream) state.remove(stream);
    },
    async read(request) {
      const { arn, stream } = existing(request);
      ask(request, 'DescribeDeliveryStream', arn);
      ask(request, 'ListTagsForDeliveryStream', arn);
      return (
        stream && {
          DeliveryStreamName: stream.address.name,
          DeliveryStreamType: stream.source ? 'KinesisStreamAsSource' : 'DirectPut',
          KinesisStreamSourceConfiguration: stream.source && {
            KinesisStreamARN: stream.source.streamArn,
            RoleARN: stream.source.roleArn,
          },
          ...JSON.parse(JSON.stringify(stream.destination.configuration, withoutSecrets)),
          DeliveryStreamEncryptionConfigurationInput:
            stream.encryption.status === 'ENABLED'
              ? { KeyType: stream.encryption.keyType, KeyARN: stream.encryption.keyArn }
              : undefined,
          Tags: tagList(stream.tags),
        }
      );
    },
  };
  return [deliveryStream];
}

/** Members that DescribeDeliveryStream does not show. */
const secrets = ['AccessKey', 'HECToken', 'Password'];

function withoutSecrets(name: string, value: unknown): unknown {
  return secrets.includes(name) ? undefined : value;
}

function streamState({ address, arn }: DeliveryStream): ResourceState {
  return { physicalId: address.name, attributes: { Arn: arn } };
}
