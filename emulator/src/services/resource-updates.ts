import { isDeepStrictEqual } from 'node:util';
import {
  PropertyReader,
  type ResourceProperties,
  type ResourceRequest,
  type ResourceState,
  type UpdateRequest,
} from '../cloudformation/provider';

/** What a resource answers after an update that leaves its id and attributes as they were. */
export function sameState({ physicalId, previous }: UpdateRequest): ResourceState {
  return { physicalId, attributes: previous.attributes };
}

/** Names of the properties that two versions of a resource do not have in common. */
export function changedProperties(
  before: ResourceProperties,
  after: ResourceProperties,
): Set<string> {
  const names = [...Object.keys(before), ...Object.keys(after)];
  return new Set(names.filter((name) => !isDeepStrictEqual(before[name], after[name])));
}

/** Reasons against changes of properties that the emulator has no way to change, for `unsupportedUpdate`. */
export function unchangeable(
  type: string,
  names: readonly string[],
): (before: ResourceProperties, after: ResourceProperties) => string[] {
  return (before, after) => {
    const changed = changedProperties(before, after);
    return names
      .filter((name) => changed.has(name))
      .map((name) => `${type} does not support changing ${name} of an existing resource`);
  };
}

/**
 * The tags that a resource gets: its stack's, and those of its template, which go before.
 *
 * @param property - what the resource's type calls them
 */
export function templateTags(
  { properties, stackTags }: Pick<ResourceRequest, 'properties' | 'stackTags'>,
  property = 'Tags',
): Record<string, string> {
  return { ...stackTags, ...new PropertyReader(properties).tags(property) };
}

/** Gives a resource its {@link templateTags}; tags that somebody else gave it stay. */
export function updateTemplateTags(
  tags: Map<string, string>,
  request: Pick<UpdateRequest, 'previous' | 'properties' | 'stackTags'>,
  property = 'Tags',
): void {
  updateTags(tags, templateTags(request.previous, property), templateTags(request, property));
}

/** {@link updateTemplateTags} for templates that have tags in a form of their own. */
export function updateTags(
  tags: Map<string, string>,
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): void {
  for (const key of Object.keys(before)) if (!(key in after)) tags.delete(key);
  for (const [key, value] of Object.entries(after)) tags.set(key, value);
}
