import type { Clock } from '../../../clock/clock';
import type { ResourceProvider } from '../../../cloudformation/provider';
import type { Authorize } from '../../../iam/caller';
import type { Regional } from '../../service';
import type { LambdaRegion } from '../lambda-region';
import { functionResource } from './function-resource';
import { mappingResource } from './mapping-resource';
import { permissionResource } from './permission-resource';
import { aliasResource, eventInvokeResource, versionResource } from './version-resources';

/** Lambda's resource types. */
export function lambdaResources(
  regions: Regional<LambdaRegion>,
  { authorize, clock }: { readonly authorize: Authorize; readonly clock: Clock },
): ResourceProvider[] {
  return [
    functionResource(regions, authorize),
    versionResource(regions),
    aliasResource(regions),
    permissionResource(regions, authorize),
    eventInvokeResource(regions, clock),
    mappingResource(regions, authorize),
  ];
}
