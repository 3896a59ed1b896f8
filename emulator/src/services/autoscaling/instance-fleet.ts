import type { Place } from './names';

/** States of an EC2 instance. */
export type FleetInstanceState =
  | 'pending'
  | 'running'
  | 'shutting-down'
  | 'terminated'
  | 'stopping'
  | 'stopped';

/** Where an instance is to go, as its metadata tell it. */
export type TargetState = 'Detached' | 'InService' | 'Standby' | 'Terminated';

/** An instance that EC2 has started. */
export interface FleetInstance {
  readonly id: string;
  readonly zone: string;
  readonly instanceType: string;
}

/** Which version of which launch template a group is told to use. */
export interface TemplateReference {
  readonly id: string | undefined;
  readonly name: string | undefined;
  /** A number, `$Latest` or `$Default`. */
  readonly version: string | undefined;
}

/** A launch template that is there. */
export interface ResolvedTemplate {
  readonly id: string;
  readonly name: string;
  /** The version that the reference means now. */
  readonly version: string;
}

/** What an instance is started from. */
export interface LaunchRequest {
  readonly place: Place;
  readonly template: ResolvedTemplate;
  readonly subnetId: string | undefined;
  /** Where, if there is no subnet. */
  readonly zone: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Whether it runs without emulated time. */
  readonly atOnce: boolean;
}

/** EC2, as far as groups need it. */
export interface InstanceFleet {
  /**
   * The launch template that a reference means.
   *
   * @throws ServiceError if there is none
   */
  template(place: Place, reference: TemplateReference): ResolvedTemplate;
  /** Starts one instance, `pending` at first. @throws ServiceError what RunInstances does */
  launch(request: LaunchRequest): FleetInstance;
  /**
   * Terminates an instance; does nothing to one that is on its way.
   *
   * @param atOnce - whether it takes no emulated time
   */
  terminate(place: Place, instanceId: string, atOnce: boolean): void;
  /** Undefined for one that EC2 does not know. */
  state(place: Place, instanceId: string): FleetInstanceState | undefined;
  /** Its zone, with the name of its template and type; undefined for an instance that EC2 does not know. */
  find(place: Place, instanceId: string): FleetInstance | undefined;
  /** Zone of a subnet; undefined if there is no such subnet. */
  subnetZone(place: Place, subnetId: string): string | undefined;
  /** Tells an instance what is about to be done with it; undefined once it has left its group. */
  setTargetState(place: Place, instanceId: string, state: TargetState | undefined): void;
  /** Whether instances can be started in a zone now. */
  zoneIsUsable(place: Place, zone: string): boolean;
  /** Calls `listener` whenever an instance has changed its state. */
  onState(listener: (place: Place, instanceId: string, state: FleetInstanceState) => void): void;
  /** Calls `listener` whenever the status checks of an instance have begun to fail, or to pass again. */
  onStatus(listener: (place: Place, instanceId: string, passes: boolean) => void): void;
}

/** Elastic Load Balancing, as far as groups need it. */
export interface TargetGroups {
  /** @throws ServiceError if there is no such target group */
  check(targetGroupArn: string): void;
  register(targetGroupArn: string, instanceId: string): void;
  /** Takes a target out. @returns when its connections have drained, in emulated milliseconds since the epoch */
  deregister(targetGroupArn: string, instanceId: string): number;
  /** Calls `listener` whenever a load balancer has found a target healthy or unhealthy. */
  onHealth(listener: (targetGroupArn: string, instanceId: string, healthy: boolean) => void): void;
}
