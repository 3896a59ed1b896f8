export { ActiveMqEngine, type ActiveMqEngineOptions, type ActiveMqRequest } from './engine';
export { findActiveMq } from './installation';
export { defaultActiveMqVersion, installActiveMq } from './installer';
export type { FailoverProfile } from './settings';
