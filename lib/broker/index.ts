export { ActiveStandbyBroker } from './active-standby-broker';
export type { ActiveMqAlarmThresholds, BrokerMemberAlarms } from './active-standby-broker-alarms';
export type { ActiveStandbyBrokerProps } from './active-standby-broker-props';
export type {
  ActiveStandbyBrokerAttributes,
  IActiveStandbyBroker,
} from './active-standby-broker-reference';
export * from './activemq-configuration';
export {
  ActiveMqEventSource,
  type ActiveMqEventSourceProps,
  type BrokerEventSourceProps,
  RabbitMqEventSource,
  type RabbitMqEventSourceProps,
} from './broker-event-source';
export type { BrokerLogOptions } from './broker-logs';
export type { BrokerNetworkOptions } from './broker-network';
export { BrokerProtocol } from './broker-protocol';
export type { BrokerUserOptions, BrokerUsers } from './broker-users';
export { ActiveMqVersion, RabbitMqVersion } from './engine-version';
export { type MaintenanceWindow, Weekday } from './maintenance-window';
export { RabbitMqBroker } from './rabbit-mq-broker';
export type { RabbitMqBrokerAlarms } from './rabbit-mq-broker-alarms';
export type { RabbitMqBrokerProps } from './rabbit-mq-broker-props';
export type { IRabbitMqBroker, RabbitMqBrokerAttributes } from './rabbit-mq-broker-reference';
