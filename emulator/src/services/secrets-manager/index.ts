import type { Caller } from '../../iam/caller';
import type { UsableKeys } from '../key-use';
import { Regional, type Service, type ServiceEnvironment } from '../service';
import { resolveReference, type SecretReference } from './dynamic-reference';
import { operations } from './operations';
import { resourceProviders } from './resources';
import { SecretEncryption } from './secret-encryption';
import { SecretStore } from './secret-store';
import type { DescribeDatabase } from './target-attachment';

export type { SecretReference } from './dynamic-reference';
export type { DatabaseConnection, DescribeDatabase } from './target-attachment';

/** What Secrets Manager needs from other services. */
export interface SecretsManagerDependencies {
  /** KMS, for secrets with a key. */
  readonly keys: UsableKeys;
  /** Looks up the database of a `SecretTargetAttachment`. */
  readonly describeDatabase: DescribeDatabase;
}

/** A secret that another service creates and manages. */
export interface ManagedSecretDefinition {
  readonly account: string;
  readonly region: string;
  /** Such as `rds!db-…`. */
  readonly name: string;
  readonly description: string;
  readonly text: string;
  readonly kmsKeyId?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** Such as `rds`. */
  readonly owningService: string;
}

/** Secrets Manager as the composition root sees it. */
export interface SecretsManagerService
  extends Service<typeof import('@aws-sdk/client-secrets-manager')> {
  /** The value behind `{{resolve:secretsmanager:…}}`. @throws ServiceError if there is none. */
  resolveDynamicReference(reference: SecretReference): string;
  /** The text of a secret, as GetSecretValue gives it to a caller. @throws ServiceError */
  secretText(secretArn: string, caller: Caller): string;
  /** Creates a secret for another service and returns its ARN. */
  createManagedSecret(definition: ManagedSecretDefinition): string;
  /** Deletes such a secret at once. */
  deleteManagedSecret(arn: string): void;
}

/** Makes Secrets Manager. Rotation and replication are not emulated; values are not encrypted. */
export function createSecretsManager(
  env: ServiceEnvironment,
  { describeDatabase, keys }: SecretsManagerDependencies,
): SecretsManagerService {
  const { clock, random, authorize } = env;
  const stores = new Regional((account, region) => new SecretStore(account, region, clock, random));
  const encryption = new SecretEncryption(authorize, keys);
  return {
    signingName: 'secretsmanager',
    loadClient: () =>
      require('@aws-sdk/client-secrets-manager') as typeof import('@aws-sdk/client-secrets-manager'),
    handlers: operations(stores, random, encryption),
    resourceRights(arn) {
      const [, , , region = '', account = ''] = arn.split(':');
      const secret = stores.in(account, region).find(arn);
      const policy = secret?.resourcePolicy;
      return (
        secret && { account, policies: policy === undefined ? [] : [policy], tags: secret.tags }
      );
    },
    resourceProviders: resourceProviders({ stores, random, authorize, describeDatabase }),
    leaks: () =>
      stores
        .all()
        .flatMap((store) => store.all().map(({ arn }) => `Secrets Manager secret ${arn}`)),
    stop: () => Promise.resolve(),
    resolveDynamicReference: (reference) =>
      resolveReference(stores, authorize, encryption, reference),
    secretText(secretId, caller) {
      const [, , , region = '', account = ''] = secretId.split(':');
      const reference = { secretId, account, region, caller };
      return resolveReference(stores, authorize, encryption, reference);
    },
    createManagedSecret({ account, region, text, ...definition }) {
      return stores.in(account, region).create({ ...definition, value: { text } }).arn;
    },
    deleteManagedSecret(arn) {
      const [, , , region = '', account = ''] = arn.split(':');
      const store = stores.in(account, region);
      const secret = store.find(arn);
      if (secret) store.delete(secret, 'at once');
    },
  };
}
