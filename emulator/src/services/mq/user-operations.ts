import { NotImplementedError } from '../../protocol/errors';
import type { CallContext, Handlers } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import { pageOf } from '../page';
import type { Regional } from '../service';
import type { Broker } from './broker';
import { invalidToken, pageSize } from './broker-operations';
import { type MqApi, userSummaries } from './descriptions';
import { badRequest, conflict, notFound } from './errors';
import type { MqRegion } from './mq-region';
import { checkUser, type User } from './user';

/** Users of brokers of ActiveMQ. What is changed takes effect at the next reboot. */
export function userOperations(regions: Regional<MqRegion>) {
  const brokerFor = (context: CallContext, id: string): Broker => {
    const region = regions.in(context.account, context.region);
    context.authorize(`mq:${context.operation}`, region.brokerArn(id));
    const broker = region.broker(id);
    if (broker.definition.engine === 'RABBITMQ')
      throw badRequest(
        'To manage broker users, please use the RabbitMQ web console, or the management API.',
        'broker-id',
      );
    return broker;
  };

  return {
    CreateUser(input, context) {
      acceptOnly('CreateUser', input, [
        'BrokerId',
        'ConsoleAccess',
        'Groups',
        'Password',
        'ReplicationUser',
        'Username',
      ]);
      if (input.ReplicationUser) throw new NotImplementedError('ReplicationUser of CreateUser');
      const { users } = brokerFor(context, input.BrokerId);
      const user = {
        username: input.Username,
        password: input.Password,
        consoleAccess: input.ConsoleAccess ?? false,
        groups: input.Groups ?? [],
      };
      checkUser(user);
      if (users.has(user.username))
        throw conflict(`User [${user.username}] already exists.`, 'username');
      users.set(user.username, { pending: { change: 'CREATE', user } });
      return {};
    },

    UpdateUser(input, context) {
      acceptOnly('UpdateUser', input, [
        'BrokerId',
        'ConsoleAccess',
        'Groups',
        'Password',
        'ReplicationUser',
        'Username',
      ]);
      if (input.ReplicationUser) throw new NotImplementedError('ReplicationUser of UpdateUser');
      const user = userOf(brokerFor(context, input.BrokerId), input.Username);
      const before = user.pending?.user ?? user.current;
      if (!before) throw userNotFound(input.Username);
      const after = {
        ...before,
        password: input.Password ?? before.password,
        consoleAccess: input.ConsoleAccess ?? before.consoleAccess,
        groups: input.Groups ?? before.groups,
      };
      checkUser(after);
      user.pending = { change: user.current ? 'UPDATE' : 'CREATE', user: after };
      return {};
    },

    DeleteUser(input, context) {
      acceptOnly('DeleteUser', input, ['BrokerId', 'Username']);
      const broker = brokerFor(context, input.BrokerId);
      const user = userOf(broker, input.Username);
      if (user.current) user.pending = { change: 'DELETE', user: user.current };
      else broker.users.delete(input.Username);
      return {};
    },

    DescribeUser(input, context) {
      acceptOnly('DescribeUser', input, ['BrokerId', 'Username']);
      const broker = brokerFor(context, input.BrokerId);
      const { current, pending } = userOf(broker, input.Username);
      return {
        BrokerId: broker.id,
        ConsoleAccess: current?.consoleAccess ?? false,
        Groups: [...(current?.groups ?? [])],
        Pending: pending && {
          ConsoleAccess: pending.user.consoleAccess,
          Groups: [...pending.user.groups],
          PendingChange: pending.change,
        },
        Username: input.Username,
      };
    },

    ListUsers(input, context) {
      acceptOnly('ListUsers', input, ['BrokerId', 'MaxResults', 'NextToken']);
      const broker = brokerFor(context, input.BrokerId);
      const size = pageSize(input.MaxResults, 100);
      const { items, nextToken } = pageOf(
        userSummaries(broker),
        ({ Username }) => Username ?? '',
        size,
        input.NextToken,
        invalidToken,
      );
      return { BrokerId: broker.id, MaxResults: size, NextToken: nextToken, Users: items };
    },
  } satisfies Handlers<MqApi>;
}

function userOf({ users }: Broker, username: string): User {
  const user = users.get(username);
  if (!user) throw userNotFound(username);
  return user;
}

function userNotFound(username: string): Error {
  return notFound(
    `Can't find requested user [${username}]. Make sure your user exists.`,
    'username',
  );
}
