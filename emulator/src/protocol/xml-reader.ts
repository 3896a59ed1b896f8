import { ServiceError } from './errors';
import type { Member, Shape } from './shape';
import { parseTimestamp } from './timestamp';
import { parseXml, type XmlElement } from './xml-parser';

/**
 * Reads a document into a value of a shape.
 *
 * @throws ServiceError MalformedXML, in the words of S3, for anything that the shape does not allow.
 */
export function readXml(shape: Shape, text: string): unknown {
  const root = parseXml(text);
  if (!root) throw malformed();
  return readStructure(root, shape);
}

function readStructure(element: XmlElement, shape: Shape): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  const names = new Map<string, Member>();
  for (const member of shape.members.values()) {
    const name = member.traits.xmlName ?? member.name;
    if (member.traits.xmlAttribute) {
      const value = element.attributes.get(name);
      if (value !== undefined) result[member.name] = value;
    } else {
      names.set(name, member);
    }
  }
  const flattened = new Map<Member, XmlElement[]>();
  for (const child of element.children) {
    const member = names.get(child.name);
    if (!member) throw malformed();
    if (member.traits.xmlFlattened !== undefined)
      flattened.set(member, [...(flattened.get(member) ?? []), child]);
    else result[member.name] = readValue(child, member.shape);
  }
  for (const [member, children] of flattened)
    result[member.name] =
      member.shape.kind === 'map'
        ? readEntries(children, member.shape)
        : children.map((child) => readValue(child, member.shape.value.shape));
  return result;
}

function readValue(element: XmlElement, shape: Shape): unknown {
  switch (shape.kind) {
    case 'structure':
    case 'union':
      return readStructure(element, shape);
    case 'list': {
      const name = shape.value.traits.xmlName ?? 'member';
      return element.children.map((child) => {
        if (child.name !== name) throw malformed();
        return readValue(child, shape.value.shape);
      });
    }
    case 'map':
      return readEntries(element.children, shape);
    case 'number': {
      const value = Number(element.text);
      if (element.text.trim() === '' || Number.isNaN(value)) throw malformed();
      return value;
    }
    case 'boolean': {
      const text = element.text.trim();
      if (text !== 'true' && text !== 'false') throw malformed();
      return text === 'true';
    }
    case 'timestamp': {
      const date = parseTimestamp(element.text.trim());
      if (!date) throw malformed();
      return date;
    }
    case 'blob':
      return Buffer.from(element.text, 'base64');
    default:
      return element.text;
  }
}

function readEntries(entries: readonly XmlElement[], shape: Shape): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const { children } of entries) {
    const key = children.find(({ name }) => name === (shape.key.traits.xmlName ?? 'key'));
    const value = children.find(({ name }) => name === (shape.value.traits.xmlName ?? 'value'));
    if (!key || !value) throw malformed();
    result[key.text] = readValue(value, shape.value.shape);
  }
  return result;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
function malformed(): ServiceError {
  return new ServiceError(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  );
}
