import {
  type ExistingResourceRequest,
  type LiveProperties,
  PropertyReader,
  type ResourceProvider,
  type ResourceRequest,
  type ResourceState,
  type UpdateRequest,
} from '../../../cloudformation/provider';
import type { Authorize } from '../../../iam/caller';
import { unsupportedProperties } from '../../accepted-parameters';
import { tagList } from '../../live-properties';
import { sameState, updateTemplateTags } from '../../resource-updates';
import type { ElbRegion } from '../elb-region';
import type { ElbContext } from '../operations/context';

/** What tells one type of resource from another. */
export interface ElbResourceType {
  /** Such as `AWS::ElasticLoadBalancingV2::Listener`. */
  readonly type: string;
  readonly properties: readonly string[];
  readonly unorderedProperties?: readonly string[];
  /** What a caller must be allowed for, without `elasticloadbalancing:`. */
  readonly actions: { readonly create: string; readonly update: string; readonly delete: string };
  create(region: ElbRegion, properties: PropertyReader, request: ResourceRequest): ResourceState;
  update(region: ElbRegion, properties: PropertyReader, request: UpdateRequest): void;
  delete(region: ElbRegion, arn: string): void;
  /** Properties as they are, but for tags. */
  read(region: ElbRegion, arn: string, properties: PropertyReader): LiveProperties;
  attributes(region: ElbRegion, arn: string): ResourceState['attributes'];
  unsupportedUpdate?: ResourceProvider['unsupportedUpdate'];
}

/** A provider of something whose `Ref` is its ARN. */
export function elbProvider(
  { regionOf }: ElbContext,
  authorize: Authorize,
  resource: ElbResourceType,
): ResourceProvider {
  const { actions, type, unorderedProperties } = resource;
  const permit = ({ caller }: ResourceRequest, action: string, arn: string) =>
    authorize({ caller, action: `elasticloadbalancing:${action}`, resource: arn });
  const exists = (request: ExistingResourceRequest) =>
    regionOf(request).tagsOf(request.physicalId) !== undefined;
  return {
    type,
    level: 'emulated',
    unorderedProperties,
    unsupported: (properties) => unsupportedProperties(type, properties, resource.properties),
    ...(resource.unsupportedUpdate && { unsupportedUpdate: resource.unsupportedUpdate }),
    async create(request) {
      permit(request, actions.create, '*');
      const region = regionOf(request);
      const properties = new PropertyReader(request.properties);
      const state = resource.create(region, properties, request);
      const tags = region.tagsOf(state.physicalId);
      const { logicalId, stackId, stackName, stackTags } = request;
      const all = {
        ...stackTags,
        ...properties.tags(),
        'aws:cloudformation:stack-name': stackName,
        'aws:cloudformation:stack-id': stackId,
        'aws:cloudformation:logical-id': logicalId,
      };
      for (const [key, value] of Object.entries(all)) tags?.set(key, value);
      return state;
    },
    async update(request) {
      const { physicalId, properties } = request;
      permit(request, actions.update, physicalId);
      const region = regionOf(request);
      const reader = new PropertyReader(properties);
      resource.update(region, reader, request);
      const tags = region.tagsOf(physicalId);
      if (tags) updateTemplateTags(tags, request);
      return sameState(request);
    },
    async delete(request) {
      if (!exists(request)) return;
      permit(request, actions.delete, request.physicalId);
      resource.delete(regionOf(request), request.physicalId);
    },
    async read(request) {
      if (!exists(request)) return undefined;
      const region = regionOf(request);
      const { physicalId, properties } = request;
      const tags = [...(region.tagsOf(physicalId) ?? [])].filter(
        ([key]) => !key.startsWith('aws:'),
      );
      return {
        ...resource.read(region, physicalId, new PropertyReader(properties)),
        ...(tags.length > 0 && { Tags: tagList(new Map(tags)) }),
      };
    },
    async find(request) {
      const region = regionOf(request);
      const [arn = ''] = Object.values(request.identifier);
      return (
        region.tagsOf(arn) && { physicalId: arn, attributes: resource.attributes(region, arn) }
      );
    },
  };
}
