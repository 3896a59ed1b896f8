import { base64 } from './bytes';
import type { Member, Shape, TimestampFormat } from './shape';
import { asDate, formatTimestamp } from './timestamp';

/** Options that tell the XML of one protocol from that of another. */
export interface XmlStyle {
  /** Lists without a wrapping element, as in the protocol of EC2. */
  readonly flatLists: boolean;
  /** @default date-time */
  readonly timestampFormat?: TimestampFormat;
}

/**
 * Writes the members of a structure as elements, without an element around them.
 *
 * @throws TypeError naming a member that the shape lacks.
 */
export function writeMembers(shape: Shape, value: unknown, style: XmlStyle): string {
  const source: Record<string, unknown> = Object(value);
  for (const name in source)
    if (source[name] !== undefined && !shape.members.has(name))
      throw new TypeError(`${shape.name} has no member ${name}`);
  let xml = '';
  // In the model's order, which readers of XML may rely on.
  for (const member of shape.members.values()) {
    const item = source[member.name];
    if (item === undefined || item === null || member.traits.xmlAttribute) continue;
    xml += writeMember(member.traits.xmlName ?? member.name, member, item, style);
  }
  return xml;
}

/** Writes one value as an element of the given name; a flattened list as one element per item. */
export function writeMember(name: string, member: Member, value: unknown, style: XmlStyle): string {
  const { shape } = member;
  const flat = member.traits.xmlFlattened !== undefined;
  switch (shape.kind) {
    case 'structure':
    case 'union':
      return `<${name}${attributes(member, value)}>${writeMembers(shape, value, style)}</${name}>`;
    case 'list': {
      const items: readonly unknown[] = Array.isArray(value) ? value : [];
      if (flat) return items.map((item) => writeMember(name, shape.value, item, style)).join('');
      const itemName = shape.value.traits.xmlName ?? (style.flatLists ? 'item' : 'member');
      const inner = items.map((item) => writeMember(itemName, shape.value, item, style)).join('');
      return `<${name}${namespace(member)}>${inner}</${name}>`;
    }
    case 'map': {
      const entryName = flat ? name : 'entry';
      const entries = Object.entries(Object(value))
        .filter(([, item]) => item !== undefined && item !== null)
        .map(
          ([key, item]) =>
            `<${entryName}>` +
            writeMember(shape.key.traits.xmlName ?? 'key', shape.key, key, style) +
            writeMember(shape.value.traits.xmlName ?? 'value', shape.value, item, style) +
            `</${entryName}>`,
        )
        .join('');
      return flat ? entries : `<${name}${namespace(member)}>${entries}</${name}>`;
    }
    default:
      return `<${name}${namespace(member)}>${scalarText(shape, value, style)}</${name}>`;
  }
}

/** Text of an element or attribute, with what XML cannot hold as it is written as references. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"\r\n\u0085\u2028]/g, (character) => {
    switch (character) {
      case '&':
        return '&amp;';
      case '<':
        return '&lt;';
      case '>':
        return '&gt;';
      case '"':
        return '&quot;';
      default:
        return `&#x${character.charCodeAt(0).toString(16).toUpperCase()};`;
    }
  });
}

function scalarText(shape: Shape, value: unknown, style: XmlStyle): string {
  switch (shape.kind) {
    case 'blob':
      return base64(value);
    case 'timestamp':
      return formatTimestamp(
        asDate(value),
        shape.timestampFormat ?? style.timestampFormat ?? 'date-time',
      );
    default:
      return escapeXml(String(value));
  }
}

/** Members that are attributes, such as `xsi:type` of a grantee in S3. */
function attributes(member: Member, value: unknown): string {
  let text = namespace(member);
  const source: Record<string, unknown> = Object(value);
  for (const inner of member.shape.members.values()) {
    const item = source[inner.name];
    if (inner.traits.xmlAttribute && item !== undefined && item !== null)
      text += ` ${inner.traits.xmlName ?? inner.name}="${escapeXml(String(item))}"`;
  }
  return text;
}

function namespace(member: Member): string {
  const declared = member.traits.xmlNamespace;
  if (!declared) return '';
  const [prefix, uri] = declared;
  return prefix ? ` xmlns:${prefix}="${uri}"` : ` xmlns="${uri}"`;
}
