/** What an attribute can be; one that is undefined is left out. */
export type AttributeValue = string | number | boolean | undefined;

/** An element of the configuration's XML. */
export interface XmlElement {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  readonly children?: readonly XmlElement[];
}

/** An element around others; undefined around nothing. */
export function wrap(name: string, children: readonly XmlElement[]): XmlElement[] {
  return children.length === 0 ? [] : [{ name, children }];
}

/** The text of an element, indented, with a line break at its end. */
export function renderXml(
  { attributes = {}, children = [], name }: XmlElement,
  indent = '',
): string {
  const head = [
    name,
    ...Object.entries(attributes).flatMap(([key, value]) =>
      value === undefined ? [] : `${key}="${escaped(String(value))}"`,
    ),
  ].join(' ');
  if (children.length === 0) return `${indent}<${head}/>\n`;
  const inner = children.map((child) => renderXml(child, `${indent}  `)).join('');
  return `${indent}<${head}>\n${inner}${indent}</${name}>\n`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
