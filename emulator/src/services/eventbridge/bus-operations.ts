import type { CallContext, Handlers } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import { Constraints } from '../constraints';
import { pageOf, sortedBy } from '../page';
import { statementOf } from './bus-policy';
import { invalid } from './errors';
import type { EventBus } from './event-bus';
import type { EventBridgeState } from './eventbridge-state';
import { busAddress, busArn, defaultBus } from './names';
import { addTags } from './tags';

type EventBridge = typeof import('@aws-sdk/client-eventbridge');

/** Items of a list's page unless the call says another number. */
export const pageSize = 100;

/** Buses and who may use them. */
export function busOperations(state: EventBridgeState) {
  const authorizedBus = (
    context: CallContext,
    action: string,
    nameOrArn: string | undefined,
  ): EventBus => {
    const address = busAddress(nameOrArn, context);
    context.authorize(`events:${action}`, busArn(address));
    return state.bus(address);
  };

  return {
    CreateEventBus: (input, context) => {
      acceptOnly('events.CreateEventBus', input, ['Name', 'Description', 'Tags']);
      const { account, region } = context;
      const { Name: name, Description: description, Tags: tags = [] } = input;
      checkBusName(name);
      const address = { account, region, name };
      context.authorize('events:CreateEventBus', busArn(address));
      if (tags.length > 0) context.authorize('events:TagResource', busArn(address));
      const bus = state.createBus(address);
      bus.description = description;
      addTags(
        bus.tags,
        tags.map(({ Key, Value }) => ({ Key, Value })),
      );
      return { EventBusArn: bus.arn, Description: description };
    },

    UpdateEventBus: (input, context) => {
      acceptOnly('events.UpdateEventBus', input, ['Name', 'Description']);
      const bus = authorizedBus(context, 'UpdateEventBus', input.Name);
      bus.description = input.Description;
      bus.modifiedAt = state.environment.clock.now();
      return { Arn: bus.arn, Name: bus.address.name, Description: bus.description };
    },

    DeleteEventBus: ({ Name: name }, context) => {
      const address = busAddress(name, context);
      context.authorize('events:DeleteEventBus', busArn(address));
      checkDeletable(address.name);
      // That it is gone already is no error.
      const bus = state.findBus(address);
      if (bus) deleteBus(state, bus);
      return {};
    },

    DescribeEventBus: ({ Name: name }, context) =>
      authorizedBus(context, 'DescribeEventBus', name).describe(),

    ListEventBuses: (input, context) => {
      const { NamePrefix: prefix = '', Limit: limit = pageSize, NextToken: token } = input;
      checkLimit(limit);
      context.authorize('events:ListEventBuses', '*');
      const buses = [...state.in(context).buses.values()]
        .map((bus) => bus.describe())
        .filter(({ Name: name }) => name.startsWith(prefix));
      const page = pageOf(
        sortedBy(buses, ({ Name: name }) => name),
        ({ Name: name }) => name,
        limit,
        token,
        invalidToken,
      );
      return { EventBuses: page.items, NextToken: page.nextToken };
    },

    PutPermission: (input, context) => {
      const bus = authorizedBus(context, 'PutPermission', input.EventBusName);
      const { Policy: policy, StatementId: id, Principal: principal, Action: action } = input;
      if (policy !== undefined) {
        if (id !== undefined || principal !== undefined || action !== undefined || input.Condition)
          throw invalid('Policy cannot be given together with a statement.');
        bus.policy.replace(policy);
      } else {
        if (id === undefined || principal === undefined)
          throw invalid('Parameter StatementId, Principal or Policy must be specified.');
        checkStatementId(id);
        const { Condition: given } = input;
        const condition = given && { type: given.Type, key: given.Key, value: given.Value };
        bus.policy.put(id, statementOf({ principal, action, condition }, bus.arn));
      }
      bus.modifiedAt = state.environment.clock.now();
      return {};
    },

    RemovePermission: (input, context) => {
      const bus = authorizedBus(context, 'RemovePermission', input.EventBusName);
      if (input.RemoveAllPermissions) bus.policy.clear();
      else if (input.StatementId === undefined)
        throw invalid('Parameter StatementId must be specified.');
      else bus.policy.remove(input.StatementId);
      bus.modifiedAt = state.environment.clock.now();
      return {};
    },
  } satisfies Handlers<EventBridge>;
}

/** @throws ValidationException; partners' buses, which alone have slashes, are not there */
export function checkBusName(name: string): void {
  new Constraints('ValidationException')
    .length('name', name, 1, 256)
    .pattern('name', name, '[/\\.\\-_A-Za-z0-9]+')
    .check();
  if (name.includes('/')) throw invalid('Event bus name must not contain "/".');
}

/** @throws ValidationException if a bus is the default one, or has rules */
export function deleteBus(state: EventBridgeState, bus: EventBus): void {
  const { name } = bus.address;
  checkDeletable(name);
  if (bus.rules.size > 0) throw invalid(`Event bus ${name} can't be deleted since it has rules.`);
  state.deleteBus(bus);
}

/** @throws ValidationException */
export function checkStatementId(id: string): void {
  new Constraints('ValidationException')
    .length('statementId', id, 1, 64)
    .pattern('statementId', id, '[a-zA-Z0-9-_]+')
    .check();
}

/** The size of a page. @throws ValidationException */
export function checkLimit(limit: number): void {
  new Constraints('ValidationException').range('limit', limit, 1, 100).check();
}

/** The error for a token that no list has given out. */
export function invalidToken() {
  return invalid('Parameter NextToken is not valid.');
}

function checkDeletable(name: string): void {
  if (name === defaultBus) throw invalid(`Cannot delete event bus ${name}.`);
}
