import type { Clock } from '../clock/clock';
import { type RandomSource, upperAlphanumeric } from '../random/random';
import type { Caller, DeveloperCaller, RoleSessionCaller, SessionPolicy } from './caller';

/** The account of every access key that does not name another. */
export const defaultAccount = '000000000000';

/** Temporary credentials of a role's session. */
export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** Emulated time in milliseconds since the epoch. */
  readonly expiration: number;
  readonly caller: RoleSessionCaller;
}

/** Temporary credentials of an account's administrator. */
export interface AccountSessionCredentials extends Omit<SessionCredentials, 'caller'> {
  readonly caller: DeveloperCaller;
}

/** What a session of a role is opened with. */
export interface SessionLimits {
  /** @default - none: the session may do what the role may */
  readonly policies?: readonly SessionPolicy[];
  readonly tags?: ReadonlyMap<string, string>;
}

/** Knows who is behind an access key. */
export class Identities {
  private readonly sessions = new Map<string, SessionCredentials | AccountSessionCredentials>();

  constructor(
    private readonly clock: Clock,
    private readonly random: RandomSource,
  ) {}

  /**
   * The caller behind an access key id: a role's session; the administrator of an account for a
   * 12-digit key; the administrator of the default account for anything else or nothing.
   */
  resolve(accessKeyId: string | undefined): Caller {
    const session = accessKeyId === undefined ? undefined : this.sessions.get(accessKeyId);
    if (session) return session.caller;
    const account =
      accessKeyId !== undefined && /^\d{12}$/.test(accessKeyId) ? accessKeyId : defaultAccount;
    return administrator(account);
  }

  /** Whether an access key belongs to a session that is over; it is nobody's then, on AWS as here. */
  hasExpired(accessKeyId: string | undefined): boolean {
    const session = accessKeyId === undefined ? undefined : this.sessions.get(accessKeyId);
    return session !== undefined && session.expiration <= this.clock.now();
  }

  /**
   * Opens a session of a role.
   *
   * @param durationSeconds - @default 3600
   * @param limits - what AssumeRole gives a session besides: policies that limit it, and tags
   */
  openSession(
    roleArn: string,
    sessionName: string,
    durationSeconds = 3600,
    limits: SessionLimits = {},
  ): SessionCredentials {
    const random = this.random.stream(`iam/sessions/${roleArn}`);
    const [, , , , account = defaultAccount, path = ''] = roleArn.split(':');
    const roleName = path.slice(path.lastIndexOf('/') + 1);
    const credentials: SessionCredentials = {
      accessKeyId: `ASIA${random.characters(16, upperAlphanumeric)}`,
      secretAccessKey: random.hex(40),
      sessionToken: random.hex(64),
      expiration: this.clock.now() + durationSeconds * 1000,
      caller: {
        kind: 'role-session',
        account,
        arn: `arn:aws:sts::${account}:assumed-role/${roleName}/${sessionName}`,
        roleArn,
        sessionName,
        sessionPolicies: limits.policies,
        tags: limits.tags,
      },
    };
    this.sessions.set(credentials.accessKeyId, credentials);
    return credentials;
  }

  /** Opens a session of an account's administrator, as GetSessionToken does. */
  openAccountSession(account: string, durationSeconds: number): AccountSessionCredentials {
    const random = this.random.stream(`iam/sessions/${account}`);
    const credentials: AccountSessionCredentials = {
      accessKeyId: `ASIA${random.characters(16, upperAlphanumeric)}`,
      secretAccessKey: random.hex(40),
      sessionToken: random.hex(64),
      expiration: this.clock.now() + durationSeconds * 1000,
      caller: administrator(account),
    };
    this.sessions.set(credentials.accessKeyId, credentials);
    return credentials;
  }

  /** Forgets a session: its key then belongs to nobody in particular. */
  closeSession(accessKeyId: string): void {
    this.sessions.delete(accessKeyId);
  }
}

function administrator(account: string): DeveloperCaller {
  return { kind: 'developer', account, arn: `arn:aws:iam::${account}:root` };
}
