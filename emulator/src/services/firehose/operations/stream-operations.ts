import { ServiceError } from '../../../protocol/errors';
import type { Handlers } from '../../../protocol/handlers';
import { acceptOnly } from '../../accepted-parameters';
import { Constraints } from '../../constraints';
import { sortedBy } from '../../page';
import type { FirehoseApi } from '../api';
import { updateMembers } from '../delivery/destination-kinds';
import type { DeliveryStream } from '../delivery-stream';
import { invalidArgument, resourceInUse } from '../errors';
import { deliveryStreamArn, namePattern } from '../names';
import { checkQuery, createDeliveryStream } from '../new-delivery-stream';
import { checkDestination } from '../roles';
import type { FirehoseState } from '../state';
import { checkTags, tagRecord } from '../tags';

const types = ['DirectPut', 'KinesisStreamAsSource', 'MSKAsSource', 'DatabaseAsSource'];

/** There is only ever one. */
export const destinationId = 'destinationId-000000000001';

/** Creating, describing, listing, changing and deleting delivery streams. */
export function streamOperations(state: FirehoseState) {
  return {
    async CreateDeliveryStream(input, context) {
      new Constraints('ValidationException')
        .length('deliveryStreamName', input.DeliveryStreamName, 1, 64)
        .pattern('deliveryStreamName', input.DeliveryStreamName, namePattern)
        .oneOf('deliveryStreamType', input.DeliveryStreamType, types)
        .length('tags', input.Tags, 1, 50)
        .check();
      checkTags(input.Tags ?? []);
      const { account, region, caller } = context;
      const address = { account, region, name: input.DeliveryStreamName };
      const arn = deliveryStreamArn(address);
      context.authorize('firehose:CreateDeliveryStream', arn);
      if (input.Tags) context.authorize('firehose:TagDeliveryStream', arn);
      const { DeliveryStreamName: _name, Tags: tags = [], ...settings } = input;
      await createDeliveryStream(
        state,
        { address, input: settings, tags: tagRecord(tags), giver: { caller, call: context } },
        'CREATING',
      );
      return { DeliveryStreamARN: arn };
    },

    DescribeDeliveryStream(input, context) {
      acceptOnly('DescribeDeliveryStream', input, [
        'DeliveryStreamName',
        'ExclusiveStartDestinationId',
        'Limit',
      ]);
      new Constraints('ValidationException').range('limit', input.Limit, 1, 10_000).check();
      const stream = state.stream(context, input.DeliveryStreamName, 'DescribeDeliveryStream');
      const after = input.ExclusiveStartDestinationId ?? '';
      const description = describeStream(stream);
      return {
        DeliveryStreamDescription: {
          ...description,
          Destinations: description.Destinations.filter(
            (destination) => destination.DestinationId > after,
          ),
        },
      };
    },

    ListDeliveryStreams(input, context) {
      acceptOnly('ListDeliveryStreams', input, [
        'DeliveryStreamType',
        'ExclusiveStartDeliveryStreamName',
        'Limit',
      ]);
      new Constraints('ValidationException')
        .range('limit', input.Limit, 1, 10_000)
        .oneOf('deliveryStreamType', input.DeliveryStreamType, types)
        .check();
      context.authorize('firehose:ListDeliveryStreams', '*');
      const { ExclusiveStartDeliveryStreamName: after = '', DeliveryStreamType: type } = input;
      const names = sortedBy(
        [...state.in(context.account, context.region).values()]
          .filter((stream) => type === undefined || typeOf(stream) === type)
          .map(({ address }) => address.name)
          .filter((name) => name > after),
        (name) => name,
      );
      const page = names.slice(0, input.Limit ?? 10);
      return { DeliveryStreamNames: page, HasMoreDeliveryStreams: names.length > page.length };
    },

    DeleteDeliveryStream(input, context) {
      acceptOnly('DeleteDeliveryStream', input, ['AllowForceDelete', 'DeliveryStreamName']);
      const stream = state.stream(context, input.DeliveryStreamName, 'DeleteDeliveryStream');
      if (stream.status === 'CREATING')
        throw resourceInUse(
          `Firehose ${stream.address.name} under accountId ${stream.address.account} is not in an ACTIVE state.`,
        );
      if (stream.status !== 'DELETING') state.delete(stream);
      return {};
    },

    async UpdateDestination(input, context) {
      acceptOnly('UpdateDestination', input, [
        'CurrentDeliveryStreamVersionId',
        'DeliveryStreamName',
        'DestinationId',
        ...updateMembers,
      ]);
      const stream = state.activeStream(context, input.DeliveryStreamName, 'UpdateDestination');
      if (input.DestinationId !== destinationId)
        throw invalidArgument(`Destination Id ${input.DestinationId} not found`);
      checkVersion(stream, input.CurrentDeliveryStreamVersionId);
      const destination = stream.destination.updated(input);
      await checkQuery(destination);
      checkDestination(state.environment.authorize, stream, destination, {
        caller: context.caller,
        call: context,
      });
      stream.redirect(destination, state.now);
      return {};
    },
  } satisfies Handlers<FirehoseApi>;
}

function checkVersion({ address, versionId }: DeliveryStream, given: string): void {
  new Constraints('ValidationException')
    .length('currentDeliveryStreamVersionId', given, 1, 50)
    .pattern('currentDeliveryStreamVersionId', given, '[0-9]+')
    .check();
  if (given !== String(versionId))
    throw new ServiceError(
      'ConcurrentModificationException',
      `Cannot update firehose: ${address.name} since the current version id: ${versionId} and specified version id: ${given} do not match`,
    );
}

function typeOf({ source }: DeliveryStream) {
  return source ? ('KinesisStreamAsSource' as const) : ('DirectPut' as const);
}

function describeStream(stream: DeliveryStream) {
  const { address, arn, created, destination, encryption, source, status, updated } = stream;
  return {
    DeliveryStreamName: address.name,
    DeliveryStreamARN: arn,
    DeliveryStreamStatus: status,
    DeliveryStreamType: typeOf(stream),
    // A stream that reads another is encrypted as that one is.
    ...(!source && {
      DeliveryStreamEncryptionConfiguration: {
        Status: encryption.status,
        KeyType: encryption.keyType,
        KeyARN: encryption.keyArn,
      },
    }),
    VersionId: String(stream.versionId),
    CreateTimestamp: new Date(created),
    LastUpdateTimestamp: updated === undefined ? undefined : new Date(updated),
    Source: source && {
      KinesisStreamSourceDescription: {
        KinesisStreamARN: source.streamArn,
        RoleARN: source.roleArn,
        DeliveryStartTimestamp: new Date(created),
      },
    },
    Destinations: [{ DestinationId: destinationId, ...destination.describe() }],
    HasMoreDestinations: false,
  };
}
