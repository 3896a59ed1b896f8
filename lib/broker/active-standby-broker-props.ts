import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { ActiveMqAlarmThresholds } from './active-standby-broker-alarms';
import type { ActiveMqConfiguration } from './activemq-configuration';
import type { BrokerLogOptions } from './broker-logs';
import type { BrokerNetworkOptions } from './broker-network';
import type { BrokerUsers } from './broker-users';
import type { ActiveMqVersion } from './engine-version';
import type { MaintenanceWindow } from './maintenance-window';

/** What an {@link ActiveStandbyBroker} can be told. */
export interface ActiveStandbyBrokerProps extends BrokerNetworkOptions, BrokerLogOptions {
  /**
   * Who may connect, by their names: 1 to 250. Each has a secret with a generated password.
   *
   * One that is added or taken away later is so from the next restart on, which is in the maintenance window.
   */
  readonly users: BrokerUsers;

  /**
   * Name of the broker: 1 to 50 letters, digits, hyphens and underscores. Another name makes another broker, without the messages.
   *
   * @default - a name made of the construct's path
   */
  readonly brokerName?: string;

  /**
   * The version of ActiveMQ. Patches come by themselves, in the maintenance window.
   *
   * @default ActiveMqVersion.V5_19
   */
  readonly engineVersion?: ActiveMqVersion;

  /**
   * The kind of instance of each member.
   *
   * @default - m5.large
   * @see https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/activemq-broker-instance-types.html
   */
  readonly instanceType?: ec2.InstanceType;

  /**
   * Destinations, policies, dead letters, who may do what. A change of it is in effect from the next restart on.
   *
   * @default - Amazon MQ's own
   */
  readonly configuration?: ActiveMqConfiguration;

  /**
   * When Amazon MQ may restart the broker. A pair fails over then, member by member.
   *
   * @default - Amazon MQ picks a time
   */
  readonly maintenanceWindow?: MaintenanceWindow;

  /**
   * Whether the broker writes what it says of itself into CloudWatch Logs.
   *
   * @default true
   */
  readonly generalLog?: boolean;

  /**
   * Whether the broker writes who managed it, by the console or JMX, into CloudWatch Logs.
   *
   * @default true
   */
  readonly auditLog?: boolean;

  /**
   * A key of your own for messages and passwords. Another one makes another broker, without the messages.
   *
   * @default - keys of AWS
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * When the alarms go off.
   *
   * @default - see there
   */
  readonly alarmThresholds?: ActiveMqAlarmThresholds;

  /**
   * Where the alarms tell of their going off and of their end.
   *
   * @default - the alarms are made, nobody is told
   */
  readonly alarmTopic?: sns.ITopic;
}
