import type { SanitizationWarning } from '@aws-sdk/client-mq';
import { parseXml } from '../../protocol/xml-parser';
import type { Engine } from './catalog';
import { badRequest } from './errors';

/** A configuration as it is kept, and what was taken out of it. */
export interface SanitizedData {
  readonly text: string;
  readonly warnings: SanitizationWarning[];
}

/**
 * Reads what a caller gives as the data of a configuration.
 *
 * @param data - Base64
 * @throws ServiceError `BadRequestException` if it is none.
 */
export function configurationData(engine: Engine, data: string): SanitizedData {
  const text = Buffer.from(data, 'base64').toString('utf8');
  if (engine === 'RABBITMQ') return { text, warnings: [] };
  if (parseXml(text)?.name !== 'broker')
    throw badRequest('The configuration data is not valid XML.', 'data');
  return { text, warnings: [] };
}
