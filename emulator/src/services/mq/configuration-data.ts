import type { SanitizationWarning } from '@aws-sdk/client-mq';
import { NotImplementedError } from '../../protocol/errors';
import { escapeXml } from '../../protocol/xml';
import { parseXml, type XmlElement } from '../../protocol/xml-parser';
import type { Engine } from './catalog';
import { badRequest } from './errors';
import { permittedElements } from './permitted-elements';

/** A configuration as it is kept, and what was taken out of it. */
export interface SanitizedData {
  readonly text: string;
  readonly warnings: SanitizationWarning[];
}

const namespace = 'http://activemq.apache.org/schema/core';

/**
 * Reads what a caller gives as the data of a configuration. What Amazon MQ does not permit in one of ActiveMQ is taken
 * out, and said in a warning.
 *
 * @param data - Base64
 * @throws ServiceError `BadRequestException` if it is none.
 * @throws NotImplementedError for connectors to other brokers.
 */
export function configurationData(engine: Engine, data: string): SanitizedData {
  const text = Buffer.from(data, 'base64').toString('utf8');
  if (engine === 'RABBITMQ') return rabbitMqData(text);
  const root = parseXml(text);
  if (root?.name !== 'broker')
    throw badRequest('The configuration data is not valid XML with a broker element.', 'data');
  if (root.children.some(({ name }) => name === 'networkConnectors'))
    throw new NotImplementedError('networkConnectors in a configuration of Amazon MQ');
  const warnings: SanitizationWarning[] = [];
  const broker = sanitized(root, warnings, 0);
  return {
    text: `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${broker}`,
    warnings,
  };
}

/** The text of an element with what is permitted of it. */
function sanitized(element: XmlElement, warnings: SanitizationWarning[], depth: number): string {
  const { name } = element;
  const permitted = permittedElements[name];
  const attributes = [...element.attributes].filter(([attribute]) => {
    if (/^(xmlns|xsi:)/.test(attribute) || permitted?.attributes.includes(attribute)) return true;
    warnings.push({
      AttributeName: attribute,
      ElementName: name,
      Reason: 'DISALLOWED_ATTRIBUTE_REMOVED',
    });
    return false;
  });
  const collections = element.children.flatMap((collection) => {
    const children = permitted?.collections[collection.name];
    if (!children) return removed(collection, warnings);
    const inside = collection.children.flatMap((child) =>
      children.includes(child.name)
        ? [sanitized(child, warnings, depth + 2)]
        : removed(child, warnings),
    );
    return [tag(collection.name, [], inside, depth + 1)];
  });
  if (depth === 0 && !element.attributes.has('xmlns')) attributes.push(['xmlns', namespace]);
  return tag(name, attributes, collections, depth);
}

function removed(element: XmlElement, warnings: SanitizationWarning[]): string[] {
  warnings.push({ ElementName: element.name, Reason: 'DISALLOWED_ELEMENT_REMOVED' });
  return [];
}

function tag(
  name: string,
  attributes: readonly (readonly [string, string])[],
  children: readonly string[],
  depth: number,
): string {
  const indent = '  '.repeat(depth);
  const head = `${name}${attributes.map(([key, value]) => ` ${key}="${escapeXml(value)}"`).join('')}`;
  return children.length === 0
    ? `${indent}<${head}/>\n`
    : `${indent}<${head}>\n${children.join('')}${indent}</${name}>\n`;
}

/** The settings that a configuration of RabbitMQ may have. */
const rabbitMqSettings: Readonly<Record<string, RegExp>> = {
  consumer_timeout: /^\d+$/,
};

/**
 * A setting a line, in RabbitMQ's own format. Others than those that the emulator knows are refused.
 *
 * @see https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/configurable-values.html
 */
function rabbitMqData(text: string): SanitizedData {
  for (const line of text.split('\n')) {
    if (/^\s*(#.*)?$/.test(line)) continue;
    const [, name = '', value = ''] = /^\s*([\w.]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    const pattern = rabbitMqSettings[name];
    if (name === '') throw badRequest(`The configuration data is not valid: ${line}`, 'data');
    if (!pattern) throw new NotImplementedError(`${name} in a configuration of Amazon MQ`);
    if (!pattern.test(value))
      throw badRequest(`The value [${value}] of [${name}] is not valid.`, 'data');
  }
  return { text, warnings: [] };
}
