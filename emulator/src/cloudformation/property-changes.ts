import type { ResourceSchema } from './resource-schemas';
import {
  isComplete,
  isList,
  isPartialObject,
  isScalar,
  type PartialObject,
  type PartialValue,
} from './values';

/** A property that differs between what a resource has and what a template gives it. */
export interface PropertyDifference {
  readonly name: string;
  /** What it has; undefined if it has no such property. */
  readonly before: PartialValue | undefined;
  /** What it is to have; undefined if the property goes. */
  readonly after: PartialValue | undefined;
  /** Whether the change is certain, or hangs on a value that only the update itself will bring. */
  readonly certain: boolean;
  /** Whether the published schema asks for a new resource. */
  readonly replacement: 'Always' | 'Conditionally' | 'Never';
}

/** The properties in which two versions of a resource differ, ordered by name. */
export function propertyDifferences(
  schema: ResourceSchema | undefined,
  before: PartialObject,
  after: PartialObject,
): PropertyDifference[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names]
    .sort()
    .filter((name) => !sameValue(before[name], after[name]))
    .map((name) => ({
      name,
      before: before[name],
      after: after[name],
      certain: after[name] === undefined || isComplete(after[name]),
      replacement: replacementOf(schema, name),
    }));
}

function replacementOf(
  schema: ResourceSchema | undefined,
  name: string,
): PropertyDifference['replacement'] {
  if (schema?.replaced?.includes(name)) return 'Always';
  return schema?.mayReplace?.includes(name) ? 'Conditionally' : 'Never';
}

/** Whether two values are the same to CloudFormation, which takes `5` for `'5'`. Unresolved values are never the same. */
export function sameValue(a: PartialValue | undefined, b: PartialValue | undefined): boolean {
  if (isScalar(a) && isScalar(b)) return String(a) === String(b);
  if (isList<PartialValue>(a) && isList<PartialValue>(b)) {
    return a.length === b.length && a.every((item, index) => sameValue(item, b[index]));
  }
  if (isPartialObject(a) && isPartialObject(b)) {
    const names = new Set([...Object.keys(a), ...Object.keys(b)]);
    return [...names].every((name) => sameValue(a[name], b[name]));
  }
  return (a === undefined && b === undefined) || (a === null && b === null);
}
