import { ServiceError } from '../protocol/errors';
import type { StackPlan } from './stack-plan';

/**
 * Checks that a template that makes IAM resources was allowed to; undefined allows everything.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-template.html#capabilities
 *
 * @throws ServiceError `InsufficientCapabilitiesException`
 */
export function requireCapabilities(
  plan: StackPlan,
  capabilities: readonly string[] | undefined,
): void {
  if (capabilities === undefined) return;
  const iam = [...plan.resources.values()].filter(({ declaration }) =>
    declaration.type.startsWith('AWS::IAM::'),
  );
  if (iam.length === 0 || capabilities.includes('CAPABILITY_NAMED_IAM')) return;
  const named = iam.some(({ properties }) =>
    ['GroupName', 'InstanceProfileName', 'ManagedPolicyName', 'RoleName', 'UserName'].some(
      (name) => name in properties,
    ),
  );
  if (!named && capabilities.includes('CAPABILITY_IAM')) return;
  throw new ServiceError(
    'InsufficientCapabilitiesException',
    `Requires capabilities : [${named ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM'}]`,
  );
}
