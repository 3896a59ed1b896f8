import type { RandomSource } from '../random/random';
import { upperAlphanumeric } from '../random/random';
import type { ChangeSet, ChangeSetRequest } from './change-sets';
import type { CloudFormation } from './cloudformation';
import { PropertyReader } from './provider';
import { isEmpty, type ResourceChange } from './stack-changes';
import type { StackPreview } from './stack-previews';
import { isComplete, isPartialObject } from './values';

/** What a nested stack's change set is made of. */
export interface NestedPreview {
  /** Of the resource that the nested stack is, in its parent. */
  readonly logicalId: string;
  readonly what: ChangeSetRequest;
  readonly preview: StackPreview;
}

/**
 * Works out what a stack's changes come to in the stacks nested in it: new ones, for which room is made, and those
 * whose template or parameters change. One in which nothing changes has no change set.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/change-sets-for-nested-stacks.html
 */
export async function previewNested(
  { request }: ChangeSetRequest,
  { changes, stack, tags }: StackPreview,
  engine: CloudFormation,
): Promise<NestedPreview[]> {
  const { account, caller, capabilities, origin, region } = request;
  const common = { account, region, caller, origin, capabilities };
  const previews: NestedPreview[] = [];
  for (const change of changes.resources) {
    const source = sourceOf(change);
    if (!source) continue;
    const { logicalId } = change;
    const { notificationArns, parameters, url } = source;
    const nestedTags = { ...tags, ...source.tags };
    const template = await engine.template(url, account, region);
    if (change.action === 'Modify' && change.physicalId !== undefined) {
      const nested = {
        ...common,
        name: change.physicalId,
        template,
        parameters,
        notificationArns,
        tags: nestedTags,
      };
      const preview = await engine.previews.update(nested);
      if (!isEmpty(preview.changes)) {
        previews.push({ logicalId, what: { type: 'UPDATE', request: nested }, preview });
      }
      continue;
    }
    const name = engine.nestedStacks.nameFor(stack.identity, logicalId);
    const nested = {
      ...common,
      name,
      template,
      parameters,
      notificationArns,
      tags: nestedTags,
    };
    const preview = await engine.previews.create(engine.reviewStack(nested, stack), nested);
    previews.push({ logicalId, what: { type: 'CREATE', request: nested }, preview });
  }
  return previews;
}

/** A name for a nested stack's change set: that of the root's with random characters, at most 128. */
export function nestedChangeSetName(root: string, stackId: string, random: RandomSource): string {
  const suffix = random
    .stream(`cloudformation/change-sets/${stackId}`)
    .characters(12, upperAlphanumeric);
  return `${root.slice(0, 128 - suffix.length - 1)}-${suffix}`;
}

/** All change sets below one, the nearest first. */
export function descendants(changeSet: ChangeSet): ChangeSet[] {
  return [...changeSet.children.values()].flatMap((child) => [child, ...descendants(child)]);
}

/** Where the template of a nested stack is; undefined for other resources, and for URLs not known yet. */
function sourceOf({ action, after, type }: ResourceChange) {
  if (type !== 'AWS::CloudFormation::Stack' || action === 'Remove') return undefined;
  const {
    NotificationARNs: topics = [],
    Parameters: parameters,
    Tags: tags = [],
    TemplateURL: url,
  } = after ?? {};
  if (typeof url !== 'string') return undefined;
  return {
    url,
    parameters: isPartialObject(parameters) ? parameters : {},
    notificationArns: isComplete(topics)
      ? new PropertyReader({ topics }).strings('topics')
      : undefined,
    tags: isComplete(tags) ? new PropertyReader({ Tags: tags }).tags() : {},
  };
}
