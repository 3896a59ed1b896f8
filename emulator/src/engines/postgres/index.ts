export {
  type PostgresDatabase,
  PostgresEngine,
  type PostgresEngineOptions,
  type PostgresMode,
  type ProvisionRequest,
} from './engine';
export {
  certificateHosts,
  relayHosts,
  type ServerCertificate,
  type ServerSettings,
} from './server';
export { sharedServerIsThere, sharedServerVariable, startSharedServer } from './shared-server';
