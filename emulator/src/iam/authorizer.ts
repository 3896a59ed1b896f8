import type { AuthorizationRequest, RoleSessionCaller } from './caller';
import { type Decision, DecisionLog } from './decision-log';
import {
  type AttachedPolicy,
  type CallerPolicies,
  evaluate,
  type PolicyType,
  type ResourcePolicyKind,
} from './evaluation';
import { PolicyCache } from './policy';
import { RequestContext } from './request-context';

/** A policy document as IAM stores it. */
export interface NamedDocument {
  readonly name: string;
  /** Of a managed policy. */
  readonly arn?: string | undefined;
  /** JSON. */
  readonly document: string;
}

/** What is in force for a role. */
export interface RoleRights {
  readonly policies: readonly NamedDocument[];
  readonly boundary: NamedDocument | undefined;
  readonly tags: ReadonlyMap<string, string>;
}

/** What a resource says about who may use it. */
export interface ResourceRights {
  /** Account that owns it. */
  readonly account: string;
  /** JSON documents; none if nobody has put a policy. */
  readonly policies: readonly string[];
  /** @default 'resource' */
  readonly kind?: ResourcePolicyKind;
  readonly tags?: ReadonlyMap<string, string>;
  /** Says in words why the resource lets a caller in without a policy, as a grant of a KMS key does. */
  readonly granted?: (request: AuthorizationRequest) => string | undefined;
}

/** Where the policies are: the services that keep them, as the composition root joins them. */
export interface PolicySources {
  /** Undefined if there is no such role. */
  role(arn: string): RoleRights | undefined;
  /** By the service of a resource's ARN, such as `sqs`; undefined for a resource that is not there. */
  readonly resources: Readonly<
    Record<string, (arn: string, action: string) => ResourceRights | undefined>
  >;
}

/** Decides calls, and remembers what decided them. */
export class Authorizer {
  readonly log: DecisionLog;
  private readonly cache = new PolicyCache();
  private sources: PolicySources | undefined;

  /**
   * @param now - emulated milliseconds since the epoch
   * @param logSize - how many calls are remembered
   */
  constructor(
    private readonly now: () => number,
    logSize = 1_000,
  ) {
    this.log = new DecisionLog(logSize);
  }

  /** Until then everything is denied. */
  connect(sources: PolicySources): void {
    this.sources = sources;
  }

  decide(request: AuthorizationRequest): Decision {
    const { action, caller, resource } = request;
    const [service, account] = placeOf(resource);
    const rights = this.sources?.resources[service]?.(resource, action);
    const role = caller.kind === 'role-session' ? this.sources?.role(caller.roleArn) : undefined;
    const resourceAccount = rights?.account ?? (account === '' ? caller.account : account);
    const verdict = evaluate({
      caller,
      action,
      resource,
      resourceAccount,
      context: new RequestContext(request, {
        now: this.now(),
        resourceAccount,
        resourceTags: rights?.tags,
        principalTags: caller.kind === 'role-session' ? principalTags(caller, role) : undefined,
      }),
      callerPolicies: caller.kind === 'role-session' ? this.policiesOf(caller, role) : undefined,
      resourcePolicies: this.policiesOn(resource, rights),
      resourcePolicyKind: rights?.kind ?? 'resource',
      granted: rights?.granted && (() => rights.granted?.(request)),
    });
    const decision: Decision = { request, verdict, resourceAccount };
    this.log.add(decision);
    return decision;
  }

  private policiesOf(caller: RoleSessionCaller, role: RoleRights | undefined): CallerPolicies {
    return {
      identity: (role?.policies ?? []).map((one) => this.attached('identity-based policy', one)),
      boundary: role?.boundary && this.attached('permissions boundary', role.boundary),
      session: (caller.sessionPolicies ?? []).map((one) => this.attached('session policy', one)),
    };
  }

  private policiesOn(resource: string, rights: ResourceRights | undefined): AttachedPolicy[] {
    return (rights?.policies ?? []).map((document) =>
      this.attached('resource-based policy', { name: `policy of ${resource}`, document }),
    );
  }

  private attached(type: PolicyType, { arn, document, name }: NamedDocument): AttachedPolicy {
    return { type, name: arn ?? name, policy: this.cache.policy(document) };
  }
}

/** Service and account of an ARN; asked for with every call, so no more than that is taken apart. */
function placeOf(arn: string): [service: string, account: string] {
  const service = arn.indexOf(':', arn.indexOf(':') + 1) + 1;
  const region = arn.indexOf(':', service) + 1;
  const account = arn.indexOf(':', region) + 1;
  if (account === 0) return ['', ''];
  return [arn.slice(service, region - 1), arn.slice(account, arn.indexOf(':', account))];
}

function principalTags(
  { tags }: RoleSessionCaller,
  role: RoleRights | undefined,
): ReadonlyMap<string, string> | undefined {
  if (!tags || tags.size === 0) return role?.tags;
  return new Map([...(role?.tags ?? []), ...tags]);
}
