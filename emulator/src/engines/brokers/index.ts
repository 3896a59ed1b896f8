export { BrokerProcesses } from './broker';
export { type BrokerMember, brokerHost, type MemberState } from './member';
export type { BrokerSettings, BrokerUser, LogKind } from './settings';
export type { MemberStatistics } from './statistics';
