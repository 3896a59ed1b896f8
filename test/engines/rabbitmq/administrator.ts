import { readFile } from 'node:fs/promises';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { type ChannelModel, type ConfirmChannel, connect } from 'amqplib';
import type { Emulator } from 'cdk-decouple-emulator';

/** The user that a broker is made with. @param secretId - of the secret that has it */
export async function administratorOf(
  aws: Emulator,
  secretId: string,
): Promise<{ username: string; password: string }> {
  const { SecretString = '' } = await aws
    .client(SecretsManager)
    .getSecretValue({ SecretId: secretId });
  return JSON.parse(SecretString);
}

/** Connects to a broker as its administrator, over AMQP 0-9-1. */
export async function openAsAdministrator(
  aws: Emulator,
  endpoint: string,
  secretId: string,
): Promise<ChannelModel> {
  const { hostname, port } = new URL(endpoint);
  const ca = [await readFile(await aws.certificateAuthorityFile())];
  const login = await administratorOf(aws, secretId);
  const connection = await connect(
    { protocol: 'amqps', hostname, port: Number(port), ...login },
    { ca },
  );
  // A connection that is lost is one that is closed.
  connection.on('error', () => undefined);
  return connection;
}

/** {@link openAsAdministrator}, with a channel whose messages the broker confirms. */
export async function openConfirmChannel(
  ...broker: Parameters<typeof openAsAdministrator>
): Promise<{ connection: ChannelModel; channel: ConfirmChannel }> {
  const connection = await openAsAdministrator(...broker);
  return { connection, channel: await connection.createConfirmChannel() };
}
