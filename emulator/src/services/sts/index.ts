import type { Service, ServiceEnvironment } from '../service';
import { stsOperations } from './operations';
import type { RoleDirectory } from './role-directory';

export type { AssumableRole, RoleDirectory } from './role-directory';

/** AWS Security Token Service: who a caller is, and sessions of roles. */
export type StsService = Service<typeof import('@aws-sdk/client-sts')>;

/**
 * Makes the service.
 *
 * @param roles - the roles that exist
 */
export function createSts(env: ServiceEnvironment, roles: RoleDirectory): StsService {
  return {
    signingName: 'sts',
    loadClient: () => require('@aws-sdk/client-sts'),
    handlers: stsOperations(env, roles),
    resourceProviders: [],
    leaks: () => [],
    stop: async () => {},
  };
}
