import type { Clock } from '../../../clock/clock';
import type { Authorize, Caller } from '../../../iam/caller';
import type { Identities, SessionCredentials } from '../../../iam/identities';
import { ServiceError } from '../../../protocol/errors';
import type { InstanceProfile } from '../instances/launching';

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html */
const lifetime = 6 * 3600;
/** Emulated milliseconds after which an instance gets new ones; AWS says only that they come five minutes before the end. */
const rotatedAfter = 3_600_000;

const ec2 = 'ec2.amazonaws.com';

/** What credentials need of their surroundings. */
export interface CredentialSurroundings {
  readonly clock: Clock;
  readonly identities: Identities;
  readonly authorize: Authorize;
  /** The profile that the instance has, as it is now; undefined if it has none. */
  readonly profile: () => InstanceProfile | undefined;
}

/** The temporary credentials of an instance: those of its profile's role, as long as that trusts EC2. */
export class InstanceCredentials {
  private readonly sessions: SessionCredentials[] = [];
  private openedAt = 0;

  constructor(
    private readonly instanceId: string,
    private readonly surroundings: CredentialSurroundings,
  ) {}

  get profile(): InstanceProfile | undefined {
    return this.surroundings.profile();
  }

  /**
   * Credentials that are valid for hours; others after an hour.
   *
   * @throws ServiceError if there is no role, or it does not let EC2 assume it.
   */
  current(): SessionCredentials {
    const { clock, identities } = this.surroundings;
    const roleArn = this.checkedRole();
    const last = this.sessions.at(-1);
    if (last?.caller.roleArn === roleArn && clock.now() - this.openedAt < rotatedAfter) return last;
    const opened = identities.openSession(roleArn, this.instanceId, lifetime);
    this.sessions.push(opened);
    this.openedAt = clock.now();
    return opened;
  }

  /** When the current ones were made. */
  get updatedAt(): number {
    return this.openedAt;
  }

  /** Whoever calls for the instance itself. @throws ServiceError as {@link current} */
  caller(): Caller {
    return this.current().caller;
  }

  /** Ends all sessions; only when nothing of the instance runs any more. */
  close(): void {
    for (const { accessKeyId } of this.sessions.splice(0))
      this.surroundings.identities.closeSession(accessKeyId);
  }

  private checkedRole(): string {
    const { authorize, profile } = this.surroundings;
    const roleArn = profile()?.roleArn;
    if (roleArn === undefined)
      throw new ServiceError('NoCredentials', 'The instance has no instance profile with a role');
    const account = roleArn.split(':')[4] ?? '';
    authorize({
      caller: { kind: 'service', service: ec2, account, arn: ec2 },
      action: 'sts:AssumeRole',
      resource: roleArn,
    });
    return roleArn;
  }
}
