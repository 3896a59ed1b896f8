import type { Clock } from '../../../clock/clock';
import type { Handlers } from '../../../protocol/handlers';
import type { LambdaApi } from './descriptions';
import { functionOperations, type RegionOf } from './function-operations';
import { invokeOperations } from './invoke-operations';
import { mappingOperations } from './mapping-operations';
import { permissionOperations } from './permission-operations';
import { versionOperations } from './version-operations';

/** Every operation of Lambda that the emulator has. */
export function lambdaOperations(regionOf: RegionOf, clock: Clock): Handlers<LambdaApi> {
  return {
    ...functionOperations(regionOf),
    ...invokeOperations(regionOf, () => clock.now()),
    ...versionOperations(regionOf),
    ...permissionOperations(regionOf),
    ...mappingOperations(regionOf),
  };
}
