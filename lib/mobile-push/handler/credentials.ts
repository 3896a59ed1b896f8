import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { ApplicationProperties } from '../application-properties';

/** The attributes of a platform application that are secrets. */
export interface Credentials {
  readonly PlatformCredential: string;
  readonly PlatformPrincipal?: string;
}

/**
 * Reads the credentials from Secrets Manager.
 *
 * @throws Error that says what the secret lacks, and nothing of what is in it.
 */
export async function readCredentials(
  client: Pick<SecretsManagerClient, 'send'>,
  { SecretArn, Source }: ApplicationProperties,
): Promise<Credentials> {
  const { SecretString = '' } = await client.send(
    new GetSecretValueCommand({ SecretId: SecretArn }),
  );
  const { credentialKey, principalKey } = Source;
  if (SecretString === '') throw new Error('the secret has no text');
  if (credentialKey === undefined) return { PlatformCredential: SecretString };
  const values = parse(SecretString);
  return {
    PlatformCredential: textOf(values, credentialKey),
    ...(principalKey !== undefined && { PlatformPrincipal: textOf(values, principalKey) }),
  };
}

/** What JSON.parse says quotes the text, which must not come into logs. */
function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text));
  } catch {
    throw new Error('the secret is not JSON');
  }
}

function textOf(values: Readonly<Record<string, unknown>>, key: string): string {
  const value = values[key];
  if (typeof value !== 'string' || value === '') throw new Error(`the secret has no ${key}`);
  return value;
}
