import type { ChangeType } from '@aws-sdk/client-mq';
import type { BrokerUser } from '../../engines/brokers';
import type { Engine } from './catalog';
import { badRequest } from './errors';

/** A user as a caller defines one. */
export interface UserDefinition {
  readonly username: string;
  readonly password: string;
  readonly consoleAccess: boolean;
  readonly groups: readonly string[];
}

/** What awaits the next reboot. */
export interface PendingChange {
  readonly change: ChangeType;
  /** What the user is to be; of no account where it is deleted. */
  readonly user: UserDefinition;
}

/** A user of a broker. One that was added since the last reboot has nothing but a pending change. */
export interface User {
  current?: UserDefinition;
  pending?: PendingChange;
}

const namePattern = /^[A-Za-z0-9\-._~]{2,100}$/;
const maximumUsers = 250;
const maximumGroups = 20;

/**
 * Checks the users that a broker is created with.
 *
 * @throws ServiceError `BadRequestException`
 */
export function checkUsers(engine: Engine, users: readonly UserDefinition[]): void {
  if (engine === 'RABBITMQ' && users.length !== 1)
    throw badRequest('Specify exactly one user for engine type [RABBITMQ].', 'users');
  if (engine === 'ACTIVEMQ' && users.length === 0)
    throw badRequest('Specify at least one user for engine type [ACTIVEMQ].', 'users');
  if (users.length > maximumUsers)
    throw badRequest(`The number of users exceeds the limit of ${maximumUsers}.`, 'users');
  for (const user of users) checkUser(user);
  if (new Set(users.map(({ username }) => username)).size < users.length)
    throw badRequest('The usernames of a broker must be unique.', 'users');
}

/**
 * Checks one user.
 *
 * @see https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/amazon-mq-limits.html
 * @throws ServiceError `BadRequestException`
 */
export function checkUser({ username, password, groups }: UserDefinition): void {
  if (!namePattern.test(username))
    throw badRequest(
      `Username [${username}] is invalid. It must be 2-100 characters long and can contain only alphanumeric characters, dashes, periods, underscores, and tildes (- . _ ~).`,
      'username',
    );
  if (
    password.length < 12 ||
    password.length > 250 ||
    new Set(password).size < 4 ||
    /[,:=]/.test(password)
  )
    throw badRequest(
      'The password is invalid. It must be 12-250 characters long, must contain at least 4 unique characters, and must not contain commas, colons, or equal signs (,:=).',
      'password',
    );
  if (groups.length > maximumGroups)
    throw badRequest(`The number of groups exceeds the limit of ${maximumGroups}.`, 'groups');
  const wrong = groups.find((group) => !namePattern.test(group));
  if (wrong !== undefined)
    throw badRequest(
      `Group [${wrong}] is invalid. It must be 2-100 characters long and can contain only alphanumeric characters, dashes, periods, underscores, and tildes (- . _ ~).`,
      'groups',
    );
}

/**
 * A user as the engine knows it. Who has access to the console is of its group, as on AWS.
 *
 * @see https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/child-element-details.html
 */
export function engineUser({
  consoleAccess,
  groups,
  password,
  username,
}: UserDefinition): BrokerUser {
  return {
    username,
    password,
    groups: consoleAccess ? [...groups, 'activemq-webconsole'] : groups,
  };
}
