import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DisableAlarmActionsCommand,
  TagResourceCommand,
} from '@aws-sdk/client-cloudwatch';
import type { DriftCase } from './drift-case';

/** Changes of alarms. */
export const alarms: readonly DriftCase[] = [
  {
    what: 'an alarm tells nobody, and has another tag',
    resource: 'Alarm',
    change: async (aws, id) => {
      const cloudWatch = aws.client(CloudWatchClient);
      await cloudWatch.send(new DisableAlarmActionsCommand({ AlarmNames: [id('Alarm')] }));
      const ResourceARN = `arn:aws:cloudwatch:us-east-1:000000000000:alarm:${id('Alarm')}`;
      const Tags = [{ Key: 'team', Value: 'none' }];
      await cloudWatch.send(new TagResourceCommand({ ResourceARN, Tags }));
    },
    differences: [
      ['/ActionsEnabled', 'NOT_EQUAL', 'true', 'false'],
      ['/Tags/0/Value', 'NOT_EQUAL', 'shop', 'none'],
    ],
  },
  {
    what: 'an alarm is gone',
    resource: 'Alarm',
    change: async (aws, id) => {
      await aws
        .client(CloudWatchClient)
        .send(new DeleteAlarmsCommand({ AlarmNames: [id('Alarm')] }));
    },
    differences: 'DELETED',
  },
];
