import { ServiceError } from '../protocol/errors';
import type { StackPlan } from './stack-plan';
import type { ResourceDeclaration } from './template';

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
  const needed = neededCapability(
    [...plan.resources.values()].map(({ declaration }) => declaration),
  );
  if (needed === undefined || capabilities.includes('CAPABILITY_NAMED_IAM')) return;
  if (capabilities.includes(needed)) return;
  throw new ServiceError(
    'InsufficientCapabilitiesException',
    `Requires capabilities : [${needed}]`,
  );
}

/** The capability that resources ask for; undefined if none is of IAM. */
export function neededCapability(
  resources: readonly ResourceDeclaration[],
): 'CAPABILITY_IAM' | 'CAPABILITY_NAMED_IAM' | undefined {
  const iam = resources.filter(({ type }) => type.startsWith('AWS::IAM::'));
  if (iam.length === 0) return undefined;
  const named = iam.some(({ properties }) => nameProperties.some((name) => name in properties));
  return named ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM';
}

const nameProperties = [
  'GroupName',
  'InstanceProfileName',
  'ManagedPolicyName',
  'RoleName',
  'UserName',
];
