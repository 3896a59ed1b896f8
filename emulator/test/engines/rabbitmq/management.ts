import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { Mq } from '@aws-sdk/client-mq';
import type { Emulator } from '../../../src';

/** Calls a broker's management API where its console is, as the user of every broker here. @returns the HTTP status and the body */
export async function callManagement(
  aws: Emulator,
  brokerId: string,
  method: 'GET' | 'PUT',
  path: string,
  body?: object,
): Promise<{ status: number | undefined; text: string }> {
  const { BrokerInstances: [instance] = [] } = await aws
    .client(Mq)
    .describeBroker({ BrokerId: brokerId });
  const ca = await readFile(await aws.certificateAuthorityFile());
  return new Promise((resolve, reject) => {
    const call = request(
      new URL(path, instance?.ConsoleURL),
      { agent: false, auth: 'shop:a long password', ca, method },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode, text }));
      },
    );
    call.on('error', reject);
    call.end(body && JSON.stringify(body));
  });
}
