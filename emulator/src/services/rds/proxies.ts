import type { Clock } from '../../clock/clock';
import { ServiceError } from '../../protocol/errors';
import type { RandomSource } from '../../random/random';
import { invalidValue } from './errors';
import { ProxyRelay } from './proxy-relay';
import type { RdsRegion } from './rds-region';

/** A proxy: connections are handed on one to one, neither pooled nor limited. */
export interface DbProxy {
  readonly name: string;
  readonly arn: string;
  readonly relay: ProxyRelay;
  /** Of its one target group, `default`. */
  readonly targetGroupArn: string;
}

/** What a target group points at: one cluster or one instance. */
export interface ProxyTarget {
  readonly proxyName: string;
  readonly clusters: readonly string[];
  readonly instances: readonly string[];
}

/** The proxies of one account and region. */
export class Proxies {
  private readonly proxies = new Map<string, DbProxy>();

  constructor(
    private readonly region: RdsRegion,
    private readonly clock: Clock,
    private readonly random: RandomSource,
  ) {}

  /** @throws ServiceError `DBProxyAlreadyExistsFault` if the name is taken. */
  async create(name: string): Promise<DbProxy> {
    if (!/^[A-Za-z][A-Za-z0-9-]{0,62}$/.test(name))
      throw invalidValue(`The parameter DBProxyName ${name} is not a valid identifier.`);
    const key = name.toLowerCase();
    if (this.proxies.has(key))
      throw new ServiceError('DBProxyAlreadyExistsFault', `DBProxy ${name} already exists.`);
    const random = this.random.stream(`rds/${this.region.arnPrefix}:db-proxy:${key}`);
    const proxy: DbProxy = {
      name: key,
      arn: `${this.region.arnPrefix}:db-proxy:prx-${random.hex(17)}`,
      targetGroupArn: `${this.region.arnPrefix}:target-group:prx-tg-${random.hex(17)}`,
      relay: await this.clock.work(`creation of DB proxy ${key}`, () => ProxyRelay.open()),
    };
    this.proxies.set(key, proxy);
    return proxy;
  }

  /** @throws ServiceError if the proxy or the database is missing, or there is not exactly one database. */
  register({ proxyName, clusters, instances }: ProxyTarget): DbProxy {
    const proxy = this.get(proxyName);
    const databases = [
      ...clusters.map((id) => this.region.cluster(id)),
      ...instances.map((id) => this.region.instance(id)),
    ];
    const [database] = databases;
    if (!database || databases.length > 1)
      throw invalidValue('A target group must have exactly one DB cluster or DB instance.');
    proxy.relay.forwardTo(database.server);
    return proxy;
  }

  deregister(proxyName: string): void {
    this.proxies.get(proxyName.toLowerCase())?.relay.forwardTo(undefined);
  }

  /** Does nothing if it has gone already. */
  async delete(name: string): Promise<void> {
    const proxy = this.proxies.get(name.toLowerCase());
    this.proxies.delete(name.toLowerCase());
    await proxy?.relay.close();
  }

  leaks(): string[] {
    return [...this.proxies.values()].map(({ arn }) => `RDS proxy ${arn}`);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.proxies.values()].map(({ relay }) => relay.close()));
  }

  private get(name: string): DbProxy {
    const proxy = this.proxies.get(name.toLowerCase());
    if (!proxy) throw new ServiceError('DBProxyNotFoundFault', `Proxy ${name} doesn't exist.`);
    return proxy;
  }
}
