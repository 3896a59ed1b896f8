import { SaxesParser } from 'saxes';

/** An element of an XML document. Prefixes are dropped from its name, not from those of attributes (`xsi:type`). */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  /** Its own text, white space included. */
  text: string;
}

/**
 * Parses a document without a document type, which is all that AWS's protocols use.
 *
 * @returns undefined if the text is not well-formed.
 */
export function parseXml(text: string): XmlElement | undefined {
  const parser = new SaxesParser();
  const open: XmlElement[] = [];
  let root: XmlElement | undefined;
  let wellFormed = true;
  const refuse = (): void => {
    wellFormed = false;
  };
  const append = (characters: string): void => {
    const current = open.at(-1);
    if (current) current.text += characters;
  };
  parser.on('error', refuse);
  parser.on('doctype', refuse);
  parser.on('text', append);
  parser.on('cdata', append);
  parser.on('opentag', (tag) => {
    const element: XmlElement = {
      name: localName(tag.name),
      attributes: new Map(
        Object.entries(tag.attributes).map(([name, value]) => [name, String(value)]),
      ),
      children: [],
      text: '',
    };
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  parser.on('closetag', () => {
    open.pop();
  });
  parser.write(text).close();
  return wellFormed ? root : undefined;
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
