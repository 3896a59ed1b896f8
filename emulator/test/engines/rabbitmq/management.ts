import { readFile } from 'node:fs/promises';
import { Mq } from '@aws-sdk/client-mq';
import type { Emulator } from '../../../src';
import { callManagement, type ManagementAnswer } from '../../../src/engines/rabbitmq/management';

/**
 * Calls a broker's management API where its console is.
 *
 * @param user - the user of every broker here unless given
 */
export async function askManagement(
  aws: Emulator,
  brokerId: string,
  method: 'GET' | 'PUT',
  path: string,
  body?: object,
  user = { username: 'shop', password: 'a long password' },
): Promise<ManagementAnswer> {
  const { BrokerInstances: [instance] = [] } = await aws
    .client(Mq)
    .describeBroker({ BrokerId: brokerId });
  const authority = await readFile(await aws.certificateAuthorityFile(), 'utf8');
  return callManagement(
    { ...user, authority, url: instance?.ConsoleURL ?? '' },
    method,
    path,
    body,
  );
}
