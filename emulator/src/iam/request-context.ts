import type { AuthorizationRequest, Caller } from './caller';
import type { ConditionContext } from './condition-context';

/** What is known of a request besides what the caller and the service say. */
export interface RequestSurroundings {
  /** Emulated time in milliseconds since the epoch. */
  readonly now: number;
  readonly resourceAccount: string;
  readonly resourceTags: ReadonlyMap<string, string> | undefined;
  /** Of the role and of its session. */
  readonly principalTags: ReadonlyMap<string, string> | undefined;
}

/** Where every call comes from. */
const loopback = '127.0.0.1';

const principalTag = 'aws:principaltag/';
const resourceTag = 'aws:resourcetag/';

/**
 * The condition keys of a request: the global ones, and those that the service gave.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export class RequestContext implements ConditionContext {
  private given: Map<string, readonly string[]> | undefined;

  constructor(
    private readonly request: AuthorizationRequest,
    private readonly surroundings: RequestSurroundings,
  ) {}

  values(key: string): readonly string[] | undefined {
    const given = this.givenValues().get(key);
    if (given) return given;
    const value = this.global(key);
    return value === undefined ? undefined : [value];
  }

  private global(key: string): string | undefined {
    const { call, caller, resource } = this.request;
    const { now, resourceAccount } = this.surroundings;
    switch (key) {
      case 'aws:currenttime':
        return new Date(now).toISOString();
      case 'aws:epochtime':
        return String(Math.floor(now / 1000));
      case 'aws:securetransport':
        return String(call?.secureTransport ?? true);
      case 'aws:requestedregion':
        return call?.region;
      case 'aws:sourceip':
        return call && loopback;
      case 'aws:useragent':
        return call?.userAgent;
      case 'aws:viaawsservice':
        return String(this.givenValues().has('aws:calledvia'));
      case 'aws:resourceaccount':
        return resource === '*' ? undefined : resourceAccount;
      default:
        return callerKey(caller, key) ?? this.tag(key);
    }
  }

  private tag(key: string): string | undefined {
    const { principalTags, resourceTags } = this.surroundings;
    if (key.startsWith(principalTag))
      return tagValue(principalTags, key.slice(principalTag.length));
    if (key.startsWith(resourceTag)) return tagValue(resourceTags, key.slice(resourceTag.length));
    return undefined;
  }

  private givenValues(): Map<string, readonly string[]> {
    this.given ??= new Map(
      Object.entries(this.request.context ?? {}).map(([key, value]) => [
        key.toLowerCase(),
        typeof value === 'string' ? [value] : value,
      ]),
    );
    return this.given;
  }
}

function callerKey(caller: Caller, key: string): string | undefined {
  switch (key) {
    case 'aws:principalarn':
      return caller.kind === 'role-session'
        ? caller.roleArn
        : caller.kind === 'developer'
          ? caller.arn
          : undefined;
    case 'aws:principalaccount':
      return caller.kind === 'service' ? undefined : caller.account;
    case 'aws:principaltype':
      return caller.kind === 'role-session'
        ? 'AssumedRole'
        : caller.kind === 'developer'
          ? 'Account'
          : undefined;
    case 'aws:principalisawsservice':
      return String(caller.kind === 'service');
    case 'aws:principalservicename':
      return caller.kind === 'service' ? caller.service : undefined;
    case 'aws:principalservicenameslist':
      return caller.kind === 'service' ? caller.service : undefined;
    case 'aws:sourcearn':
      return caller.kind === 'service' ? caller.sourceArn : undefined;
    case 'aws:sourceaccount':
      return caller.kind === 'service' ? caller.account : undefined;
    // What the policy of a topic asks for that nobody has given one.
    case 'aws:sourceowner':
      return caller.kind === 'service' && ownerNaming.has(caller.service)
        ? caller.account
        : undefined;
    case 'aws:userid':
      return caller.kind === 'developer' ? caller.account : undefined;
    default:
      return undefined;
  }
}

/**
 * Services that name the owner of what they act for by the old key, besides `aws:SourceAccount`. S3, EventBridge and all
 * newer ones do not, and need a topic policy of their own.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html#source-account-versus-source-owner
 */
const ownerNaming: ReadonlySet<string> = new Set([
  'autoscaling.amazonaws.com',
  'cloudwatch.amazonaws.com',
  'elasticache.amazonaws.com',
  'rds.amazonaws.com',
]);

/** Keys of tags are compared without case, as the names of all condition keys. */
function tagValue(tags: ReadonlyMap<string, string> | undefined, key: string): string | undefined {
  for (const [name, value] of tags ?? []) if (name.toLowerCase() === key) return value;
  return undefined;
}
