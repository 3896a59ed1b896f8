import {
  type ExistingResourceRequest,
  type LiveProperties,
  PropertyReader,
  type ReadRequest,
  type ResourceProvider,
  type ResourceRequest,
  type ResourceState,
  type SupportLevel,
  type UpdateRequest,
} from '../../cloudformation/provider';
import type { Authorize } from '../../iam/caller';
import { unsupportedProperties } from '../accepted-parameters';
import { tagList } from '../live-properties';
import { sameState, updateTemplateTags } from '../resource-updates';
import type { RegionOf } from './client';
import type { Ec2Region } from './ec2-region';
import { ownTags } from './tags';

/** What providers need. */
export interface ProviderContext {
  readonly regionOf: RegionOf;
  readonly authorize: Authorize;
}

/** What tells one type of resource from another. */
export interface Ec2ResourceType {
  /** Such as `AWS::EC2::Subnet`. */
  readonly type: string;
  /** @default recorded: it is there for whoever asks, and moves no packets */
  readonly level?: SupportLevel;
  /** Every other property is refused. */
  readonly properties: readonly string[];
  /** Of these, those that are only kept and shown, of an emulated type. @default - none */
  readonly recordedProperties?: readonly string[];
  /** What a caller must be allowed for: creating, changing and deleting one. */
  readonly actions: { readonly create: string; readonly update?: string; readonly delete: string };
  /** On what a caller must be allowed it, as ARNs name the kind of resource, such as `subnet`. */
  readonly on: string;
  create(
    region: Ec2Region,
    properties: PropertyReader,
    request: ResourceRequest,
  ): ResourceState | Promise<ResourceState>;
  /** Everything but tags. @default - nothing else can change */
  update?(
    region: Ec2Region,
    properties: PropertyReader,
    request: UpdateRequest,
  ): void | Promise<void>;
  /** Reasons why a resource cannot change in that way. @default - none */
  unsupportedUpdate?: ResourceProvider['unsupportedUpdate'];
  /** Not called for what has gone already. */
  delete(
    region: Ec2Region,
    properties: PropertyReader,
    request: ExistingResourceRequest,
  ): void | Promise<void>;
  /**
   * Whether there still is one, for those whose `Ref` is not the id of a resource.
   *
   * @default - whether there is a resource of that id
   */
  exists?(region: Ec2Region, properties: PropertyReader, request: ExistingResourceRequest): boolean;
  /** The properties of one that is there, as they are now, but for its tags; undefined if it is on its way out. @default - no drift detection */
  read?(
    region: Ec2Region,
    properties: PropertyReader,
    request: ReadRequest,
  ): LiveProperties | undefined;
  readonly unorderedProperties?: readonly string[];
}

/** A provider of a resource of EC2: asks whether the caller may, and keeps its tags. */
export function ec2Provider(
  { regionOf, authorize }: ProviderContext,
  resource: Ec2ResourceType,
): ResourceProvider {
  const { type, actions, level = 'recorded', recordedProperties, unorderedProperties } = resource;
  const permit = (request: ResourceRequest, action: string, id = '*') =>
    authorize({
      caller: request.caller,
      action: `ec2:${action}`,
      resource: regionOf(request).arn(resource.on, id),
    });
  const exists = (request: ExistingResourceRequest): boolean => {
    const region = regionOf(request);
    return resource.exists
      ? resource.exists(region, new PropertyReader(request.properties), request)
      : region.resource(request.physicalId) !== undefined;
  };
  async function read(request: ReadRequest): Promise<LiveProperties | undefined> {
    if (!exists(request)) return undefined;
    const region = regionOf(request);
    const tagged = region.resource(request.physicalId)?.resource;
    const hasTags = tagged !== undefined && resource.properties.includes('Tags');
    const live = resource.read?.(region, new PropertyReader(request.properties), request);
    return (
      live && {
        ...live,
        ...(hasTags && { Tags: tagList(ownTags(tagged)) }),
      }
    );
  }
  return {
    type,
    level,
    recordedProperties,
    unorderedProperties,
    ...(resource.read && { read }),
    ...(resource.unsupportedUpdate && { unsupportedUpdate: resource.unsupportedUpdate }),
    unsupported: (properties) => unsupportedProperties(type, properties, resource.properties),
    async create(request) {
      permit(request, actions.create);
      return resource.create(regionOf(request), new PropertyReader(request.properties), request);
    },
    async update(request) {
      const { properties, physicalId } = request;
      const region = regionOf(request);
      const reader = new PropertyReader(properties);
      if (resource.update) {
        permit(request, actions.update ?? actions.create, physicalId);
        await resource.update(region, reader, request);
      }
      const tagged = region.resource(physicalId)?.resource;
      if (tagged && resource.properties.includes('Tags')) updateTemplateTags(tagged.tags, request);
      return sameState(request);
    },
    async delete(request) {
      if (!exists(request)) return;
      permit(request, actions.delete, request.physicalId);
      await resource.delete(regionOf(request), new PropertyReader(request.properties), request);
    },
  };
}

/**
 * The tags of a new resource: its own, its stack's, and those by which CloudFormation marks what it made.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-resource-tags.html
 */
export function resourceTags(
  properties: PropertyReader,
  { stackName, stackId, logicalId, stackTags }: ResourceRequest,
): Map<string, string> {
  return new Map(
    Object.entries({
      ...stackTags,
      ...properties.tags(),
      'aws:cloudformation:stack-name': stackName,
      'aws:cloudformation:stack-id': stackId,
      'aws:cloudformation:logical-id': logicalId,
    }),
  );
}
