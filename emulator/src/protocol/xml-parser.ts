/** An element of an XML document. Prefixes are dropped from names. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  /** Its own text, white space included. */
  text: string;
}

const token =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<\/\s*([^\s>]+)\s*>|<([^\s/>!?]+)((?:\s+[^\s=/>]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|([^<]+)/gy;

/**
 * Parses a document without a document type, which is all that AWS's protocols use.
 *
 * @returns undefined if the text is not well-formed.
 */
export function parseXml(text: string): XmlElement | undefined {
  const open: XmlElement[] = [];
  let root: XmlElement | undefined;
  let end = 0;
  for (const match of text.replace(/^\uFEFF/, '').matchAll(token)) {
    end = match.index + match[0].length;
    const [, cdata, closing, opening, attributes, empty, characters] = match;
    const current = open.at(-1);
    if (closing !== undefined) {
      if (current?.name !== localName(closing)) return undefined;
      open.pop();
    } else if (opening !== undefined) {
      const element: XmlElement = {
        name: localName(opening),
        attributes: parseAttributes(attributes ?? ''),
        children: [],
        text: '',
      };
      if (current) current.children.push(element);
      else if (root) return undefined;
      else root = element;
      if (!empty) open.push(element);
    } else if (current) {
      current.text += cdata ?? unescapeXml(characters ?? '');
    } else if (characters?.trim()) {
      return undefined;
    }
  }
  return open.length === 0 && end === text.replace(/^\uFEFF/, '').length ? root : undefined;
}

function parseAttributes(text: string): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name = '', double, single] of text.matchAll(
    /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g,
  ))
    attributes.set(name, unescapeXml(double ?? single ?? ''));
  return attributes;
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

function unescapeXml(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return entities[name] ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
