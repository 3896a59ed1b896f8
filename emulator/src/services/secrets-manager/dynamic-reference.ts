import type { Authorize, Caller } from '../../iam/caller';
import { ServiceError } from '../../protocol/errors';
import type { Regional } from '../service';
import type { SecretEncryption } from './secret-encryption';
import type { SecretStore } from './secret-store';

/** The parts of `{{resolve:secretsmanager:secret-id:SecretString:json-key:version-stage:version-id}}`. */
export interface SecretReference {
  /** Name or ARN. */
  readonly secretId: string;
  /** @default - the whole text */
  readonly jsonKey?: string;
  /** @default AWSCURRENT */
  readonly versionStage?: string;
  readonly versionId?: string;
  readonly account: string;
  readonly region: string;
  readonly caller: Caller;
}

/**
 * The value behind a dynamic reference of CloudFormation.
 *
 * @throws ServiceError if there is no such secret, version or key, or the secret is not JSON though a key is asked for.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html
 */
export function resolveReference(
  stores: Regional<SecretStore>,
  authorize: Authorize,
  encryption: SecretEncryption,
  reference: SecretReference,
): string {
  const { secretId, jsonKey, account, region, caller } = reference;
  const store = stores.in(account, region);
  authorize({
    caller,
    action: 'secretsmanager:GetSecretValue',
    resource: store.arnOf(secretId),
  });
  const secret = store.get(secretId);
  secret.assertUsable();
  const version = secret.version(
    reference.versionId || undefined,
    reference.versionStage || undefined,
  );
  encryption.forReading(secret, version.id, caller);
  secret.touch(version);
  if (!('text' in version.value))
    throw failed(`The secret ${secretId} has no SecretString: it holds binary data`);
  return jsonKey ? valueOfKey(version.value.text, jsonKey) : version.value.text;
}

function valueOfKey(text: string, key: string): string {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw failed('Could not parse SecretString JSON');
  }
  const value =
    typeof content === 'object' && content !== null && Object.hasOwn(content, key)
      ? Object.entries(content).find(([name]) => name === key)?.[1]
      : undefined;
  if (value === undefined)
    throw failed(`Could not find a value associated with JSONKey in SecretString`);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function failed(message: string): ServiceError {
  return new ServiceError('ValidationError', message);
}
