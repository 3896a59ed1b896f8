import type { ResourceDeclaration } from './template';
import { referredNames } from './template-references';

/** What the resources of a template have of one among them. */
export interface Service {
  /** Natively handled custom resources that name it as their handler. */
  readonly served: readonly ResourceDeclaration[];
  /** All else that refers to it and could have it run. */
  readonly others: readonly ResourceDeclaration[];
}

/** Types that may name a function without ever running it: its log group, alarms on its metrics. */
const onlookers = /^(AWS::Logs::|AWS::CloudWatch::|Custom::LogRetention$)/;

/**
 * Whom a function serves, by what refers to it: `ServiceToken` of a custom resource, anything else of
 * anything. `DependsOn` is an order, not a use, and outputs run nothing.
 *
 * @param natives - types of the custom resources that are handled without their functions
 */
export function serviceOf(
  logicalId: string,
  resources: readonly ResourceDeclaration[],
  natives: readonly string[],
): Service {
  const served: ResourceDeclaration[] = [];
  const others: ResourceDeclaration[] = [];
  for (const resource of resources) {
    const { ServiceToken: token = null, ...rest } = resource.properties;
    const asHandler = referredNames(token).has(logicalId);
    const otherwise = referredNames(rest).has(logicalId);
    if (asHandler && natives.includes(resource.type)) served.push(resource);
    else if (asHandler) others.push(resource);
    if (otherwise && !onlookers.test(resource.type)) others.push(resource);
  }
  return { served, others };
}
