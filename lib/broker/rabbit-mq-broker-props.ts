import type { Size } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { BrokerLogOptions } from './broker-logs';
import type { BrokerNetworkOptions } from './broker-network';
import type { RabbitMqVersion } from './engine-version';
import type { MaintenanceWindow } from './maintenance-window';

/** What a {@link RabbitMqBroker} can be told. */
export interface RabbitMqBrokerProps extends BrokerNetworkOptions, BrokerLogOptions {
  /**
   * Whether it is a cluster of three nodes in three zones, whose queues survive the loss of a zone. Of quorum queues no confirmed message is lost.
   *
   * A single node and a cluster are not made of each other: a change makes another broker, without the messages.
   *
   * @default true
   */
  readonly cluster?: boolean;

  /**
   * Name of the broker: 1 to 50 letters, digits, hyphens and underscores. Another name makes another broker, without the messages.
   *
   * @default - a name made of the construct's path
   */
  readonly brokerName?: string;

  /**
   * The version of RabbitMQ. Patches come by themselves, in the maintenance window.
   *
   * @default RabbitMqVersion.V4_2
   */
  readonly engineVersion?: RabbitMqVersion;

  /**
   * The kind of instance of each node.
   *
   * @default - m7g.large
   * @see https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/rabbitmq-broker-instance-types.html
   */
  readonly instanceType?: ec2.InstanceType;

  /**
   * Size of the volume of each node, in whole GB; of `m7g` only, between bounds that depend on its size. It can be made larger later, not smaller.
   *
   * @default - the smallest of the instance type
   */
  readonly storageSize?: Size;

  /**
   * Name of the one administrator, who makes all other users in RabbitMQ itself: 2 to 100 letters, digits and `- . _ ~`, not `guest`.
   *
   * @default 'admin'
   */
  readonly adminUsername?: string;

  /**
   * Settings of RabbitMQ, such as `{ consumer_timeout: 1_800_000 }`. A change of it is in effect from the next restart on.
   *
   * @default - Amazon MQ's own
   * @see https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/rabbitmq-broker-configuration-parameters.html
   */
  readonly configuration?: Readonly<Record<string, string | number | boolean>>;

  /**
   * When Amazon MQ may restart the broker.
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
   * From which share of the memory limit on the alarm goes off, in percent. At the limit RabbitMQ blocks whoever publishes.
   *
   * @default 80
   */
  readonly memoryAlarmPercent?: number;

  /**
   * The alarm goes off when so little disk, in percent of the limit, is free: 200 is twice the limit, at which RabbitMQ blocks whoever publishes.
   *
   * @default 200
   */
  readonly diskAlarmPercent?: number;

  /**
   * Where the alarms tell of their going off and of their end.
   *
   * @default - the alarms are made, nobody is told
   */
  readonly alarmTopic?: sns.ITopic;
}
