import type { Clock } from '../../../src/clock/clock';
import { ServiceError } from '../../../src/protocol/errors';
import type {
  FleetInstance,
  FleetInstanceState,
  InstanceFleet,
  LaunchRequest,
  TargetGroups,
} from '../../../src/services/autoscaling';

type Place = LaunchRequest['place'];
type StateListener = Parameters<InstanceFleet['onState']>[0];
type StatusListener = Parameters<InstanceFleet['onStatus']>[0];

/** An instance of the fleet. */
interface Machine extends FleetInstance {
  readonly place: Place;
  readonly launch: LaunchRequest;
  state: FleetInstanceState;
}

/** EC2 as small as it can be: subnets named after their zones, instances that run half a minute after they were launched. */
export class SmallFleet implements InstanceFleet {
  readonly machines: Machine[] = [];
  /** Zones in which nothing can be started. */
  readonly lost = new Set<string>();
  private readonly stateListeners: StateListener[] = [];
  private readonly statusListeners: StatusListener[] = [];

  constructor(private readonly clock: Clock) {}

  template(_place: Place, { id = 'lt-1', name = 'workers', version = '$Default' }) {
    if (name === 'missing')
      throw new ServiceError(
        'InvalidLaunchTemplateName.NotFoundException',
        'The specified launch template, with template name missing, does not exist.',
      );
    return { id, name, version: version.startsWith('$') ? '1' : version };
  }

  launch(request: LaunchRequest): FleetInstance {
    const { place, zone } = request;
    if (this.lost.has(zone))
      throw new ServiceError(
        'InsufficientInstanceCapacity',
        `We currently do not have sufficient capacity in ${zone}.`,
      );
    const machine: Machine = {
      id: `i-${String(this.machines.length).padStart(17, '0')}`,
      zone,
      instanceType: 't4g.small',
      place,
      launch: request,
      state: 'pending',
    };
    this.machines.push(machine);
    this.later(30_000, machine, 'pending', 'running');
    return machine;
  }

  setTargetState(): void {}

  terminate(_place: Place, instanceId: string): void {
    const machine = this.machine(instanceId);
    if (machine.state === 'shutting-down' || machine.state === 'terminated') return;
    this.become(machine, 'shutting-down');
    this.later(60_000, machine, 'shutting-down', 'terminated');
  }

  state(_place: Place, instanceId: string): FleetInstanceState | undefined {
    return this.machines.find(({ id }) => id === instanceId)?.state;
  }

  find(_place: Place, instanceId: string): FleetInstance | undefined {
    return this.machines.find(({ id }) => id === instanceId);
  }

  subnetZone({ region }: Place, subnetId: string): string | undefined {
    return /^subnet-[abc]\d*$/.test(subnetId) ? `${region}${subnetId.charAt(7)}` : undefined;
  }

  zoneIsUsable(_place: Place, zone: string): boolean {
    return !this.lost.has(zone);
  }

  onState(listener: StateListener): void {
    this.stateListeners.push(listener);
  }

  onStatus(listener: StatusListener): void {
    this.statusListeners.push(listener);
  }

  /** Status checks of an instance begin to fail, or to pass again. */
  check(instanceId: string, passes: boolean): void {
    const { place } = this.machine(instanceId);
    for (const listener of this.statusListeners) listener(place, instanceId, passes);
  }

  private machine(instanceId: string): Machine {
    const machine = this.machines.find(({ id }) => id === instanceId);
    if (!machine) throw new Error(`no instance ${instanceId}`);
    return machine;
  }

  private later(
    delay: number,
    machine: Machine,
    from: FleetInstanceState,
    to: FleetInstanceState,
  ): void {
    this.clock.after(delay, `${machine.id} becomes ${to}`, () => {
      if (machine.state === from) this.become(machine, to);
    });
  }

  private become(machine: Machine, state: FleetInstanceState): void {
    machine.state = state;
    for (const listener of this.stateListeners) listener(machine.place, machine.id, state);
  }
}

/** Target groups that take everything and forget at once. */
export class SmallTargetGroups implements TargetGroups {
  readonly targets = new Set<string>();
  private readonly listeners: Parameters<TargetGroups['onHealth']>[0][] = [];
  /** Milliseconds for which connections drain. */
  drains = 0;

  constructor(private readonly clock: Clock) {}

  check(arn: string): void {
    if (!arn.includes(':targetgroup/'))
      throw new ServiceError('ValidationError', `Provided Target Groups may not be valid: ${arn}`);
  }

  register(arn: string, instanceId: string): void {
    this.targets.add(`${arn} ${instanceId}`);
  }

  deregister(arn: string, instanceId: string): number {
    this.targets.delete(`${arn} ${instanceId}`);
    return this.clock.now() + this.drains;
  }

  onHealth(listener: Parameters<TargetGroups['onHealth']>[0]): void {
    this.listeners.push(listener);
  }

  /** A load balancer finds a target healthy or not. */
  find(arn: string, instanceId: string, healthy: boolean): void {
    for (const listener of this.listeners) listener(arn, instanceId, healthy);
  }
}
