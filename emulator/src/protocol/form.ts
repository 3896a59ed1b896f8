import { NotImplementedError, ServiceError } from './errors';
import type { Member, Shape } from './shape';
import { parseTimestamp } from './timestamp';

/** A node of a form whose keys are paths, such as `Entries.1.Id`. */
interface FormNode {
  text?: string;
  children?: Map<string, FormNode>;
}

/** Which of the two query protocols a form is in: they name members differently. */
export type FormDialect = 'awsQuery' | 'ec2Query';

/** Parameters of the protocol itself and of signatures. */
const protocolParameter =
  /^(Action|Version|AWSAccessKeyId|Signature|SignatureMethod|SignatureVersion|SecurityToken|Timestamp|Expires|X-Amz-.*)$/i;

/**
 * Reads a form into an input.
 *
 * @throws ServiceError MalformedInput for a value of the wrong type, NotImplemented for a parameter that the shape lacks.
 */
export function readForm(form: URLSearchParams, input: Shape, dialect: FormDialect): object {
  const root: FormNode = { children: new Map() };
  for (const [key, value] of form) if (!protocolParameter.test(key)) insert(root, key, value);
  return readStructure(root, input, dialect, '');
}

function insert(root: FormNode, key: string, value: string): void {
  let node = root;
  for (const step of key.split('.')) {
    node.children ??= new Map();
    let next = node.children.get(step);
    if (!next) {
      next = {};
      node.children.set(step, next);
    }
    node = next;
  }
  node.text = value;
}

function readStructure(
  node: FormNode,
  shape: Shape,
  dialect: FormDialect,
  path: string,
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  const unread = new Set(node.children?.keys());
  for (const member of shape.members.values()) {
    const name = memberName(member, dialect);
    const child = node.children?.get(name);
    if (child) {
      // Two members may share a name, such as AttributeNames and MessageSystemAttributeNames of SQS.
      unread.delete(name);
      result[member.name] = readMember(child, member, dialect, path ? `${path}.${name}` : name);
    } else if (member.shape.kind === 'list' && shape.required.includes(member)) {
      // A form cannot tell an empty list from none.
      result[member.name] = [];
    }
  }
  for (const name of unread)
    throw new NotImplementedError(
      `the parameter ${path ? `${path}.` : ''}${name} of ${shape.name}`,
    );
  return result;
}

function readMember(node: FormNode, member: Member, dialect: FormDialect, path: string): unknown {
  const { shape } = member;
  switch (shape.kind) {
    case 'structure':
    case 'union':
      return readStructure(node, shape, dialect, path);
    case 'list': {
      const flat = dialect === 'ec2Query' || member.traits.xmlFlattened !== undefined;
      const items = flat ? node : node.children?.get(shape.value.traits.xmlName ?? 'member');
      return numbered(items).map(([index, item]) =>
        readMember(item, shape.value, dialect, `${path}.${index}`),
      );
    }
    case 'map': {
      const entries = member.traits.xmlFlattened !== undefined ? node : node.children?.get('entry');
      const result: Record<string, unknown> = {};
      for (const [index, entry] of numbered(entries)) {
        const key = entry.children?.get(shape.key.traits.xmlName ?? 'key')?.text;
        const value = entry.children?.get(shape.value.traits.xmlName ?? 'value');
        if (key === undefined || !value)
          throw new ServiceError('MalformedInput', `${path}.${index} must have a key and a value`);
        result[key] = readMember(value, shape.value, dialect, `${path}.${index}`);
      }
      return result;
    }
    default:
      return readScalar(node.text ?? '', shape, path);
  }
}

function readScalar(text: string, shape: Shape, path: string): unknown {
  const malformed = (type: string) =>
    new ServiceError('MalformedInput', `The value '${text}' of ${path} is not a valid ${type}`);
  switch (shape.kind) {
    case 'number': {
      const value = Number(text);
      if (text.trim() === '' || (Number.isNaN(value) && text !== 'NaN')) throw malformed('number');
      return value;
    }
    case 'boolean':
      if (!/^(true|false)$/i.test(text)) throw malformed('boolean');
      return text.toLowerCase() === 'true';
    case 'timestamp': {
      const date = parseTimestamp(text);
      if (!date) throw malformed('timestamp');
      return date;
    }
    case 'blob':
      return Buffer.from(text, 'base64');
    case 'big-number':
      return BigInt(text);
    default:
      return text;
  }
}

function memberName(member: Member, dialect: FormDialect): string {
  const { ec2QueryName, xmlName } = member.traits;
  if (dialect === 'awsQuery') return xmlName ?? member.name;
  if (typeof ec2QueryName === 'string') return ec2QueryName;
  const name = xmlName ?? member.name;
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** Children whose names are numbers, in the order of the numbers; gaps close up. */
function numbered(node: FormNode | undefined): [number, FormNode][] {
  const items: [number, FormNode][] = [];
  for (const [name, child] of node?.children ?? [])
    if (/^\d+$/.test(name)) items.push([Number(name), child]);
  return items.sort(([a], [b]) => a - b);
}
