import { Validations } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { ValidationRule } from '../validation';

/** Amazon MQ takes 12 to 250 characters, without `,`, `:` and `=`. */
const PASSWORD_LENGTH = 32;
const MOST_USERS = 250;
const MOST_GROUPS = 20;
const NAME = /^[A-Za-z0-9\-._~]{2,100}$/;
const NAME_IN_WORDS = '2 to 100 letters, digits and - . _ ~';

/** Somebody who connects to a broker of ActiveMQ. */
export interface BrokerUserOptions {
  /**
   * The groups that they are of, by which an authorisation map lets them in; up to 20.
   *
   * @default - none
   */
  readonly groups?: readonly string[];

  /**
   * Whether they may use the web console. They are of the group `activemq-webconsole` then.
   *
   * @default false
   */
  readonly consoleAccess?: boolean;
}

/** The users of a broker, by their names. */
export type BrokerUsers = Readonly<Record<string, BrokerUserOptions>>;

/** What Amazon MQ would refuse. */
export const USERS_RULES: ReadonlyArray<ValidationRule<BrokerUsers>> = [
  {
    fails: (users) => count(users) === 0 || count(users) > MOST_USERS,
    message: (users) => `users must be 1 to ${MOST_USERS}, got ${count(users)}`,
  },
  {
    fails: (users) => Object.keys(users).some((name) => !NAME.test(name)),
    message: (users) =>
      `names of users must be ${NAME_IN_WORDS}, got ${quoted(Object.keys(users).filter((name) => !NAME.test(name)))}`,
  },
  {
    fails: (users) => allGroups(users).some((group) => !NAME.test(group)),
    message: (users) =>
      `groups of users must be ${NAME_IN_WORDS}, got ${quoted(allGroups(users).filter((group) => !NAME.test(group)))}`,
  },
  {
    fails: (users) => Object.values(users).some(({ groups = [] }) => groups.length > MOST_GROUPS),
    message: () => `a user must not be of more than ${MOST_GROUPS} groups`,
  },
];

/**
 * The secrets of users, by their names.
 */
export function userSecrets(
  scope: Construct,
  names: readonly string[],
  encryptionKey: kms.IKey | undefined,
): Readonly<Record<string, secretsmanager.Secret>> {
  const users = new Construct(scope, 'Users');
  return Object.fromEntries(
    names.map((name) => [name, userSecret(users, name, name, encryptionKey)]),
  );
}

/** A secret with a generated password: a JSON object with `username` and `password`, which is what Lambda wants of it too. */
export function userSecret(
  scope: Construct,
  id: string,
  username: string,
  encryptionKey?: kms.IKey,
): secretsmanager.Secret {
  const secret = new secretsmanager.Secret(scope, id, {
    encryptionKey,
    generateSecretString: {
      secretStringTemplate: JSON.stringify({ username }),
      generateStringKey: 'password',
      passwordLength: PASSWORD_LENGTH,
      excludePunctuation: true,
    },
  });
  Validations.of(secret).acknowledge({
    id: 'AwsSolutions-SMG4',
    reason:
      'A broker takes a new password only when it is restarted, which interrupts its clients: not at a time that nobody has chosen.',
  });
  return secret;
}

/** What the template says instead of a password: where CloudFormation finds it. */
export function passwordOf(secret: secretsmanager.ISecret): string {
  return secret.secretValueFromJson('password').unsafeUnwrap();
}

function count(users: BrokerUsers): number {
  return Object.keys(users).length;
}

function allGroups(users: BrokerUsers): string[] {
  return Object.values(users).flatMap(({ groups = [] }) => groups);
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ');
}
