import {
  PropertyReader,
  type ResourceProvider,
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
import { checkBusName, deleteBus } from './bus-operations';
import { busNotFound } from './errors';
import type { EventBus } from './event-bus';
import { busArn } from './names';
import { authorize, type EventBridgeResources } from './resource-support';
import { addTags, tagsOf } from './tags';

const type = 'AWS::Events::EventBus';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-eventbus.html */
export function eventBusProvider(resources: EventBridgeResources): ResourceProvider {
  const { state } = resources;
  return {
    type,
    level: 'emulated',
    unsupported: (properties) =>
      unsupportedProperties(type, properties, ['Description', 'Name', 'Policy', 'Tags']),
    async create(request) {
      const { account, region } = request;
      const reader = new PropertyReader(request.properties);
      const name = reader.requiredString('Name');
      const address = { account, region, name };
      checkBusName(name);
      authorize(resources, request, 'CreateEventBus', busArn(address));
      const tags = templateTags(request);
      if (Object.keys(tags).length > 0)
        authorize(resources, request, 'TagResource', busArn(address));
      const bus = state.createBus(address);
      try {
        addTags(bus.tags, tagsOf(tags));
        bus.description = reader.string('Description');
        putPolicy(resources, bus, request);
      } catch (error) {
        state.deleteBus(bus);
        throw error;
      }
      return busState(bus);
    },
    async find({ account, identifier, region }) {
      const bus = state.findBus({ account, region, name: identifier.Name ?? '' });
      return bus && busState(bus);
    },
    async update(request) {
      const { account, region, physicalId: name, previous } = request;
      const bus = state.findBus({ account, region, name });
      if (!bus) throw busNotFound(name);
      authorize(resources, request, 'UpdateEventBus', bus.arn);
      const reader = new PropertyReader(request.properties);
      bus.description = reader.string('Description');
      if (changedProperties(previous.properties, request.properties).has('Policy'))
        putPolicy(resources, bus, request);
      updateTemplateTags(bus.tags, request);
      bus.modifiedAt = state.environment.clock.now();
      return sameState(request);
    },
    async delete(request) {
      const { account, region, physicalId: name } = request;
      const address = { account, region, name };
      authorize(resources, request, 'DeleteEventBus', busArn(address));
      const bus = state.findBus(address);
      if (bus) deleteBus(state, bus);
    },
    async read(request) {
      const { account, region, physicalId: name } = request;
      const bus = state.findBus({ account, region, name });
      if (!bus) return undefined;
      authorize(resources, request, 'DescribeEventBus', bus.arn);
      return {
        Name: name,
        Description: bus.description,
        Policy: documentOf(bus.policy.text),
        Tags: tagList(bus.tags),
      };
    },
  };
}

function putPolicy(
  resources: EventBridgeResources,
  bus: EventBus,
  request: Parameters<typeof authorize>[1] & Parameters<ResourceProvider['create']>[0],
): void {
  const policy = new PropertyReader(request.properties).json('Policy');
  if (policy === undefined) {
    bus.policy.clear();
    return;
  }
  authorize(resources, request, 'PutPermission', bus.arn);
  bus.policy.replace(typeof policy === 'string' ? policy : JSON.stringify(policy));
}

function busState({ arn, address, policy }: EventBus): ResourceState {
  const { name } = address;
  return { physicalId: name, attributes: { Arn: arn, Name: name, Policy: policy.text ?? '' } };
}
