import { ServiceError } from '../../../protocol/errors';
import { acceptOnly } from '../../accepted-parameters';
import { Constraints } from '../../constraints';
import type { CreateInput } from '../api';
import type { AttemptFailure } from '../delivery/retrying';
import type { DeliverySurroundings } from '../delivery/surroundings';
import { invalidArgument } from '../errors';

type SecretConfiguration = NonNullable<
  NonNullable<CreateInput['HttpEndpointDestinationConfiguration']>['SecretsManagerConfiguration']
>;

/** Where credentials are: in the configuration, or in a secret, which is read for every attempt. */
export type Credentials<K extends string> =
  | { readonly values: Partial<Record<K, string>> }
  | { readonly secretArn: string; readonly roleArn: string };

/** A secret that cannot be used. */
export class SecretError extends Error {
  constructor(readonly failure: AttemptFailure) {
    super(failure.message);
  }
}

/**
 * Reads where a request has its credentials.
 *
 * @param given - those in the configuration itself
 * @param roleArn - of the destination, for secrets without a role of their own
 * @throws ServiceError InvalidArgumentException if they are in both places, or in none that they have to be in
 */
export function credentials<K extends string>(
  given: Partial<Record<K, string | undefined>>,
  configuration: SecretConfiguration | undefined,
  roleArn: string | undefined,
  path: string,
): Credentials<K> {
  if (configuration)
    acceptOnly('SecretsManagerConfiguration of CreateDeliveryStream', configuration, [
      'Enabled',
      'RoleARN',
      'SecretARN',
    ]);
  const { Enabled: enabled, SecretARN: secretArn } = configuration ?? {};
  const values: Partial<Record<K, string>> = {};
  for (const name of Object.keys(given) as K[])
    if (given[name] !== undefined) values[name] = given[name];
  if (enabled !== true) return { values };
  new Constraints('ValidationException')
    .pattern(`${path}.secretsManagerConfiguration.secretARN`, secretArn, 'arn:.*')
    .check();
  const role = configuration?.RoleARN ?? roleArn;
  if (secretArn === undefined)
    throw invalidArgument(
      'SecretARN must be specified when SecretsManagerConfiguration is enabled.',
    );
  if (role === undefined)
    throw invalidArgument('RoleARN must be specified when SecretsManagerConfiguration is enabled.');
  if (Object.keys(values).length > 0)
    throw invalidArgument(
      `${Object.keys(values).join(' and ')} must not be specified when SecretsManagerConfiguration is enabled.`,
    );
  return { secretArn, roleArn: role };
}

/** The role that reads the secret, if there is one. */
export function secretRoles(given: Credentials<string>): string[] {
  return 'secretArn' in given ? [given.roleArn] : [];
}

/**
 * Credentials as they are now.
 *
 * @param keys - of the secret's JSON, by the names that the configuration has for them
 * @throws SecretError
 * @see https://docs.aws.amazon.com/firehose/latest/dev/using-secrets-manager.html
 */
export function readCredentials<K extends string>(
  given: Credentials<K>,
  keys: Readonly<Record<K, string>>,
  { assumeRole, ports }: Pick<DeliverySurroundings, 'assumeRole' | 'ports'>,
): Partial<Record<K, string>> {
  if ('values' in given) return given.values;
  try {
    const text = ports.secrets.text(given.secretArn, assumeRole(given.roleArn));
    const content: unknown = JSON.parse(text);
    const found: Partial<Record<K, string>> = {};
    for (const [name, key] of Object.entries<string>(keys) as [K, string][]) {
      const value = Object.entries(Object(content)).find(([member]) => member === key)?.[1];
      if (typeof value !== 'string') throw new SyntaxError(`it lacks the key ${key}`);
      found[name] = value;
    }
    return found;
  } catch (error) {
    if (error instanceof ServiceError)
      throw new SecretError({
        code: `SecretsManager.${error.code}`,
        message: `The secret ${given.secretArn} could not be read: ${error.message}`,
      });
    throw new SecretError({
      code: 'SecretsManager.InvalidSecret',
      message: `The secret ${given.secretArn} is not in the expected form: ${String(error)}`,
    });
  }
}
