import type { Clock } from '../clock/clock';
import type { ResourceProvider } from '../cloudformation/provider';
import type { ResourceRights } from '../iam/authorizer';
import type { Authorize } from '../iam/caller';
import type { Identities } from '../iam/identities';
import type { Journal } from '../journal/journal';
import type { MetricSink } from '../metrics/metric-sink';
import type { Handlers } from '../protocol/handlers';
import type { RandomSource } from '../random/random';

/** What the composition root hands to every service. */
export interface ServiceEnvironment {
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly journal: Journal;
  /** Where a service publishes its metrics. */
  readonly metrics: MetricSink;
  readonly identities: Identities;
  readonly authorize: Authorize;
  /** URL of the gateway, such as `http://127.0.0.1:4566`; starts listening when first asked. */
  endpoint(): Promise<string>;
  /** A directory for files of this emulator, removed when it stops. */
  scratchDirectory(): Promise<string>;
}

/** A service as the composition root registers it with the gateway and with CloudFormation. */
export interface Service<M extends object = object> {
  /** Its name in credential scopes, such as `sqs`. */
  readonly signingName: string;
  /** Loads its SDK client module, whose schemas drive the wire protocols; called on the first request. */
  readonly loadClient: () => M;
  readonly handlers: Handlers<M>;
  readonly resourceProviders: readonly ResourceProvider[];
  /**
   * What a resource of its ARNs says about who may do something with it; undefined if there is no such resource.
   * @default - its resources have no policies
   */
  readonly resourceRights?: (arn: string, action: string) => ResourceRights | undefined;
  /** Whatever of it still exists, one line each; empty after everything has been deleted. */
  leaks(): string[];
  /** Ends what it has running. */
  stop(): Promise<void>;
}

/** Gives each (account, region) its own instance of a service's state. */
export class Regional<T> {
  private readonly instances = new Map<string, Map<string, T>>();

  constructor(private readonly create: (account: string, region: string) => T) {}

  in(account: string, region: string): T {
    let regions = this.instances.get(account);
    if (!regions) {
      regions = new Map();
      this.instances.set(account, regions);
    }
    let instance = regions.get(region);
    if (instance === undefined) {
      instance = this.create(account, region);
      regions.set(region, instance);
    }
    return instance;
  }

  all(): T[] {
    return [...this.instances.values()].flatMap((regions) => [...regions.values()]);
  }
}
