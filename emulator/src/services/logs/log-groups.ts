import { alreadyExists, constraint, notFound } from './errors';
import { LogGroup } from './log-group';

/** The log groups of an account in a region. */
export class LogGroups {
  private readonly groups = new Map<string, LogGroup>();

  constructor(
    readonly account: string,
    readonly region: string,
  ) {}

  /** @throws ServiceError for a name that is taken or not one */
  create(
    name: string,
    now: number,
    owner: LogGroup['owner'] = 'user',
    settings: LogGroup['settings'] = { logGroupClass: 'STANDARD' },
  ): LogGroup {
    if (!/^[.\-_/#A-Za-z0-9]{1,512}$/.test(name))
      throw constraint(
        name,
        'logGroupName',
        'Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+',
      );
    if (this.groups.has(name)) throw alreadyExists('log group');
    const arn = `arn:aws:logs:${this.region}:${this.account}:log-group:${name}`;
    const group = new LogGroup(name, arn, now, owner, settings);
    this.groups.set(name, group);
    return group;
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
