import { Mq } from '@aws-sdk/client-mq';
import type { DriftCase } from './drift-case';

/** Changes of configurations of brokers. */
export const brokers: readonly DriftCase[] = [
  {
    what: 'a configuration has another revision',
    resource: 'BrokerConfiguration',
    change: (aws, id) =>
      aws.client(Mq).updateConfiguration({
        ConfigurationId: id('BrokerConfiguration'),
        Data: Buffer.from('<broker/>').toString('base64'),
        Description: 'nothing',
      }),
    differences: [
      [
        '/Data',
        'NOT_EQUAL',
        'PGJyb2tlcj48ZGVzdGluYXRpb25zPjxxdWV1ZSBwaHlzaWNhbE5hbWU9ImpvYnMiLz48L2Rlc3RpbmF0aW9ucz48L2Jyb2tlcj4=',
        Buffer.from(
          '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<broker xmlns="http://activemq.apache.org/schema/core"/>\n',
        ).toString('base64'),
      ],
      ['/Description', 'NOT_EQUAL', 'a queue', 'nothing'],
    ],
  },
  {
    what: 'a configuration is gone',
    resource: 'BrokerConfiguration',
    change: (aws, id) =>
      aws.client(Mq).deleteConfiguration({ ConfigurationId: id('BrokerConfiguration') }),
    differences: 'DELETED',
  },
];
