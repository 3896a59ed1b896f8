import { NotImplementedError } from '../../protocol/errors';
import type { CallContext } from '../../protocol/handlers';
import { Regional, type ServiceEnvironment } from '../service';
import { alreadyExists, busNotFound, limitExceeded, notFound } from './errors';
import { EventBus } from './event-bus';
import { callMetrics, type EventsMetrics } from './metrics';
import {
  type BusAddress,
  busAddress,
  busArn,
  defaultBus,
  parseBusArn,
  parseRuleArn,
} from './names';
import type { Rule } from './rule';

/** The most buses of an account in a region. */
const mostBuses = 100;

/** What an account has of EventBridge in a region. */
export interface EventBridgeRegion {
  /** By name; the default one is always there. */
  readonly buses: Map<string, EventBus>;
  /** Of PutEvents. */
  readonly metrics: EventsMetrics;
}

/** All buses of all accounts and regions. */
export class EventBridgeState {
  private readonly regions: Regional<EventBridgeRegion>;

  constructor(readonly environment: ServiceEnvironment) {
    this.regions = new Regional((account, region) => {
      const bus = new EventBus({ account, region, name: defaultBus }, environment.clock.now());
      const metrics = callMetrics(environment.metrics, { account, region });
      return { buses: new Map([[defaultBus, bus]]), metrics };
    });
  }

  in({ account, region }: Omit<BusAddress, 'name'>): EventBridgeRegion {
    return this.regions.in(account, region);
  }

  all(): EventBridgeRegion[] {
    return this.regions.all();
  }

  findBus(address: BusAddress): EventBus | undefined {
    return this.in(address).buses.get(address.name);
  }

  /** @throws ResourceNotFoundException */
  bus(address: BusAddress): EventBus {
    const bus = this.findBus(address);
    if (!bus) throw busNotFound(address.name);
    return bus;
  }

  /**
   * The bus that a call about rules names: one of the caller's account.
   *
   * @throws ServiceError; NotImplemented for a bus of another account
   */
  ownBus(context: CallContext, nameOrArn: string | undefined): BusAddress {
    const address = busAddress(nameOrArn, context);
    if (address.account !== context.account)
      throw new NotImplementedError("rules on another account's event bus");
    return address;
  }

  /** The rule or bus of an ARN, if it exists. */
  find(arn: string): EventBus | Rule | undefined {
    const bus = parseBusArn(arn);
    if (bus) return this.findBus(bus);
    const rule = parseRuleArn(arn);
    return rule && this.findBus(rule.bus)?.rules.get(rule.name);
  }

  /** @throws ResourceNotFoundException */
  rule(address: BusAddress, name: string): Rule {
    const rule = this.bus(address).rules.get(name);
    if (!rule) throw notFound(`Rule ${name} does not exist on EventBus ${address.name}.`);
    return rule;
  }

  /** @throws ResourceAlreadyExistsException, LimitExceededException */
  createBus(address: BusAddress): EventBus {
    const { buses } = this.in(address);
    if (buses.has(address.name)) throw alreadyExists(`Event bus ${address.name}`);
    if (buses.size >= mostBuses) throw limitExceeded();
    const bus = new EventBus(address, this.environment.clock.now());
    buses.set(address.name, bus);
    return bus;
  }

  deleteBus({ address }: EventBus): void {
    this.in(address).buses.delete(address.name);
  }

  /** What still exists besides the default buses, one line each. */
  leaks(): string[] {
    return this.all().flatMap(({ buses }) =>
      [...buses.values()].flatMap((bus) => [
        ...(bus.address.name === defaultBus ? [] : [`EventBridge bus ${busArn(bus.address)}`]),
        ...[...bus.rules.values()].map(({ arn }) => `EventBridge rule ${arn}`),
      ]),
    );
  }
}
