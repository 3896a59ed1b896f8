import { EventBridge } from '@aws-sdk/client-eventbridge';
import { type DriftCase, text } from './drift-case';

const Rule = (id: (logicalId: string) => string) => id('Rule').split('|')[1];

/** Changes of event buses and rules. */
export const eventBuses: readonly DriftCase[] = [
  {
    what: 'an event bus has another description',
    resource: 'Bus',
    change: (aws) =>
      aws.client(EventBridge).updateEventBus({ Name: 'orders', Description: 'of nobody' }),
    differences: [['/Description', 'NOT_EQUAL', 'of the shop', 'of nobody']],
  },
  {
    what: 'a statement of an event bus is gone',
    resource: 'BusPolicy',
    change: (aws) =>
      aws.client(EventBridge).removePermission({ EventBusName: 'orders', StatementId: 'partner' }),
    differences: 'DELETED',
  },
  {
    what: 'a statement of an event bus lets another account in',
    resource: 'SimpleBusPolicy',
    change: (aws) =>
      aws.client(EventBridge).putPermission({
        StatementId: 'another',
        Action: 'events:PutEvents',
        Principal: '333333333333',
      }),
    differences: [
      ['/Action', 'REMOVE', 'events:PutEvents', 'null'],
      ['/Principal', 'REMOVE', '222222222222', 'null'],
    ],
  },
  {
    what: 'a rule has another pattern, is disabled and has lost a target',
    resource: 'Rule',
    change: async (aws, id) => {
      const events = aws.client(EventBridge);
      await events.putRule({
        Name: Rule(id),
        EventBusName: 'orders',
        EventPattern: text({ source: ['elsewhere'], detail: { amount: [{ numeric: ['>', 5] }] } }),
        State: 'DISABLED',
      });
      await events.removeTargets({ Rule: Rule(id), EventBusName: 'orders', Ids: ['other'] });
    },
    differences: [
      ['/EventPattern/source/0', 'NOT_EQUAL', 'shop', 'elsewhere'],
      ['/State', 'NOT_EQUAL', 'ENABLED', 'DISABLED'],
      ['/Targets/1', 'REMOVE', expect.stringContaining('"Id":"other"'), 'null'],
    ],
  },
  {
    what: 'a rule is gone',
    resource: 'Schedule',
    change: (aws, id) => aws.client(EventBridge).deleteRule({ Name: id('Schedule') }),
    differences: 'DELETED',
  },
];
