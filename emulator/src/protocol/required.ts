import type { Member, Shape } from './shape';

/** Where a value is in an input: member names and, in lists, positions from 1, such as `['Entries', 1, 'Id']`. */
export type MemberPath = readonly (string | number)[];

/** The members inside which something can be missing; a list's or map's items count as one. */
const nestedMembers = new Map<Shape, readonly Member[]>();

/** Every required member that an input lacks, in the order of the model. */
export function missingMembers(shape: Shape, value: unknown): MemberPath[] {
  const missing: MemberPath[] = [];
  collect(shape, value, undefined, missing);
  return missing;
}

function collect(
  shape: Shape,
  value: unknown,
  path: MemberPath | undefined,
  missing: MemberPath[],
): void {
  const container: Record<string, unknown> = Object(value);
  for (const { name } of shape.required)
    if (container[name] === undefined) missing.push([...(path ?? []), name]);
  const nested = nestedOf(shape);
  if (nested.length === 0) return;
  if (shape.kind === 'structure' || shape.kind === 'union') {
    for (const { name, shape: member } of nested)
      if (container[name] !== undefined && container[name] !== null)
        collect(member, container[name], [...(path ?? []), name], missing);
  } else if (Array.isArray(value)) {
    value.forEach((item, index) => {
      collect(shape.value.shape, item, [...(path ?? []), index + 1], missing);
    });
  } else {
    for (const [key, item] of Object.entries(container))
      collect(shape.value.shape, item, [...(path ?? []), key], missing);
  }
}

function nestedOf(shape: Shape): readonly Member[] {
  let nested = nestedMembers.get(shape);
  if (!nested) {
    nested = children(shape).filter((member) => requiresAnything(member.shape));
    nestedMembers.set(shape, nested);
  }
  return nested;
}

/** Looks through everything that can be reached from a shape, so that recursive ones end. */
function requiresAnything(root: Shape): boolean {
  const reached = new Set([root]);
  for (const shape of reached) {
    if (shape.required.length > 0) return true;
    for (const member of children(shape)) reached.add(member.shape);
  }
  return false;
}

function children(shape: Shape): readonly Member[] {
  if (shape.kind === 'structure' || shape.kind === 'union') return [...shape.members.values()];
  return shape.kind === 'list' || shape.kind === 'map' ? [shape.value] : [];
}
