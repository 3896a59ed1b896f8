export type { ActiveMqBroker } from './broker';
export { ActiveMqEngine, type ActiveMqEngineOptions, type ActiveMqRequest } from './engine';
export { findActiveMq } from './installation';
export { defaultActiveMqVersion, installActiveMq } from './installer';
export type { LogKind } from './log';
export { type ActiveMqMember, brokerHost } from './member';
export type { ActiveMqSettings, BrokerUser, FailoverProfile } from './settings';
