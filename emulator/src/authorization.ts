import { accessDenied } from './gateway/access-denied';
import type { Authorizer } from './iam/authorizer';
import type { Authorize } from './iam/caller';
import type { IamService } from './services/iam';
import type { Service } from './services/service';

/** Has every denied call end with the error that AWS has for it. */
export function enforce(authorizer: Authorizer): Authorize {
  return (request) => {
    const decision = authorizer.decide(request);
    if (!decision.verdict.allowed) throw accessDenied(decision);
  };
}

/** Lets the services that keep policies say what is in force: IAM for roles, each service for its own resources. */
export function connectPolicies(
  authorizer: Authorizer,
  iam: IamService,
  services: readonly Service[],
): void {
  const sources = services.flatMap(({ signingName, resourceRights }) =>
    resourceRights ? [[signingName, resourceRights] as const] : [],
  );
  authorizer.connect({
    role: (arn) => iam.roleRights(arn),
    resources: Object.fromEntries(sources),
  });
}
