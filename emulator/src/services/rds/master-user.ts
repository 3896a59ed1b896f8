import type { RandomStream } from '../../random/random';
import { invalidCombination, invalidValue } from './errors';

/** Secrets that RDS creates where it manages a password itself. The composition root adapts Secrets Manager to it. */
export interface ManagedSecrets {
  /** Creates a secret and returns its ARN. */
  createManagedSecret(definition: {
    readonly account: string;
    readonly region: string;
    readonly name: string;
    readonly description: string;
    readonly text: string;
    readonly kmsKeyId?: string;
    readonly tags?: Readonly<Record<string, string>>;
    readonly owningService: string;
  }): string;
  deleteManagedSecret(arn: string): void;
}

/** What a template says about the master user. */
export interface MasterUserDefinition {
  readonly username?: string;
  readonly password?: string;
  /** Whether RDS makes the password and keeps it in a secret. */
  readonly managed: boolean;
  readonly secretKmsKeyId?: string;
}

/** The master user of a database. */
export interface MasterUser {
  readonly username: string;
  readonly password: string;
  /** The secret that RDS manages. */
  readonly secretArn?: string;
}

/** Whose master user it is. */
export interface MasterUserOwner {
  readonly kind: 'db' | 'cluster';
  readonly arn: string;
  readonly account: string;
  readonly region: string;
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html: no reserved word of the engine. */
const reserved = ['admin', 'all', 'public', 'rds_superuser', 'rdsadmin', 'user'];

/**
 * Checks the master user, and makes its password and secret where RDS manages them.
 *
 * @throws ServiceError `InvalidParameterValue` or `InvalidParameterCombination` in AWS's words.
 */
export function createMasterUser(
  definition: MasterUserDefinition,
  owner: MasterUserOwner,
  secrets: ManagedSecrets,
  random: RandomStream,
): MasterUser {
  const { username, password, managed } = definition;
  if (username === undefined)
    throw invalidValue('The parameter MasterUsername must be provided and must not be blank.');
  if (!/^[A-Za-z_]\w{0,62}$/.test(username))
    throw invalidValue(
      'The parameter MasterUsername must match the regular expression ^[A-Za-z_][A-Za-z0-9_]{0,62}$.',
    );
  if (reserved.includes(username.toLowerCase()) || username.toLowerCase().startsWith('pg_'))
    throw invalidValue(
      `MasterUsername ${username} cannot be used as it is a reserved word used by the engine`,
    );
  if (managed) {
    if (password !== undefined)
      throw invalidCombination(
        'You can specify MasterUserPassword or ManageMasterUserPassword, but not both.',
      );
    return managedUser(username, definition.secretKmsKeyId, owner, secrets, random);
  }
  assertPassword(password);
  return { username, password };
}

function assertPassword(password: string | undefined): asserts password is string {
  if (password === undefined)
    throw invalidValue('The parameter MasterUserPassword must be provided and must not be blank.');
  const invalid = 'The parameter MasterUserPassword is not a valid password';
  if (password.length < 8)
    throw invalidValue(`${invalid} because it is shorter than 8 characters.`);
  if (password.length > 128)
    throw invalidValue(`${invalid} because it is longer than 128 characters.`);
  if (!/^[!-~]+$/.test(password) || /[/@"]/.test(password))
    throw invalidValue(
      `${invalid}. Only printable ASCII characters besides '/', '@', '"', ' ' may be used.`,
    );
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html */
function managedUser(
  username: string,
  kmsKeyId: string | undefined,
  { kind, arn, account, region }: MasterUserOwner,
  secrets: ManagedSecrets,
  random: RandomStream,
): MasterUser {
  const password = random.characters(
    28,
    'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&()*+-.:<=>?[]^_{|}~',
  );
  const secretArn = secrets.createManagedSecret({
    account,
    region,
    name: `rds!${kind}-${random.uuid()}`,
    description: `Secret associated with primary RDS DB ${kind === 'db' ? 'instance' : 'cluster'}: ${arn}`,
    text: JSON.stringify({ username, password }),
    kmsKeyId,
    tags: {
      'aws:secretsmanager:owningService': 'rds',
      [kind === 'db' ? 'aws:rds:primaryDBInstanceArn' : 'aws:rds:primaryDBClusterArn']: arn,
    },
    owningService: 'rds',
  });
  return { username, password, secretArn };
}
