import { alreadyExists, constraint, notFound } from './errors';
import type { LogEncryption } from './log-encryption';
import { LogGroup, type LogGroupClass } from './log-group';

/** How a group is made. */
interface NewGroup {
  /** @default 'user' */
  readonly owner?: LogGroup['owner'];
  /** @default 'STANDARD' */
  readonly logGroupClass?: LogGroupClass | undefined;
  /** ARN of a key. @default - CloudWatch Logs has one of its own */
  readonly kmsKeyId?: string | undefined;
}

/** The log groups of an account in a region. */
export class LogGroups {
  private readonly groups = new Map<string, LogGroup>();

  constructor(
    readonly account: string,
    readonly region: string,
    private readonly encryption: LogEncryption,
  ) {}

  /** @throws ServiceError for a name that is taken or not one, or a key that cannot be used */
  create(
    name: string,
    now: number,
    { kmsKeyId, logGroupClass = 'STANDARD', owner = 'user' }: NewGroup = {},
  ): LogGroup {
    if (!/^[.\-_/#A-Za-z0-9]{1,512}$/.test(name))
      throw constraint(
        name,
        'logGroupName',
        'Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+',
      );
    if (this.groups.has(name)) throw alreadyExists('log group');
    const group = new LogGroup(name, this.account, this.region, now, owner, logGroupClass);
    if (kmsKeyId !== undefined) this.associateKey(group, kmsKeyId);
    this.groups.set(name, group);
    return group;
  }

  /** Has what comes from now on be encrypted under a key. @throws ServiceError for a key that cannot be used */
  associateKey(group: LogGroup, kmsKeyId: string): void {
    this.encryption.check(kmsKeyId, group);
    group.kmsKeyId = kmsKeyId;
  }

  find(name: string): LogGroup | undefined {
    return this.groups.get(name);
  }

  /**
   * @param name - name or ARN, with or without `:*`
   * @throws ServiceError ResourceNotFoundException
   */
  get(name: string): LogGroup {
    const [, fromArn = name] =
      /^arn:[^:]+:logs:[^:]*:[^:]*:log-group:([^:]+)(?::\*)?$/.exec(name) ?? [];
    const group = this.groups.get(fromArn);
    if (!group) throw notFound('log group');
    return group;
  }

  delete(name: string): void {
    if (!this.groups.delete(name)) throw notFound('log group');
  }

  /** In order of their names. */
  list(): LogGroup[] {
    return [...this.groups.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}
