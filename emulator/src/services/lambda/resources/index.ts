import type { Clock } from '../../../clock/clock';
import type { ResourceProvider } from '../../../cloudformation/provider';
import type { Regional } from '../../service';
import type { LambdaRegion } from '../lambda-region';
import { functionResource } from './function-resource';
import { mappingResource } from './mapping-resource';
import { permissionResource } from './permission-resource';
import { aliasResource, eventInvokeResource, versionResource } from './version-resources';

/** Lambda's resource types. */
export function lambdaResources(
  regions: Regional<LambdaRegion>,
  { clock }: { readonly clock: Clock },
): ResourceProvider[] {
  return [
    functionResource(regions),
    versionResource(regions),
    aliasResource(regions),
    permissionResource(regions),
    eventInvokeResource(regions, clock),
    mappingResource(regions),
  ];
}
