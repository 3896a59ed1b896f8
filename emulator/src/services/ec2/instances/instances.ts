import type { Timer } from '../../../clock/clock';
import { ServiceError } from '../../../protocol/errors';
import type { Ec2Region } from '../ec2-region';
import type { CheckResult, Instance, InstanceState, MachineCondition } from './instance';
import type { InstanceListeners } from './instance-listener';
import {
  checkLaunch,
  createInstance,
  type LaunchRequest,
  type LaunchSurroundings,
} from './launching';

/** Emulated milliseconds that an instance takes; AWS gives no numbers, these are what one sees of small Linux instances. */
export const instanceDelays = {
  /** From pending to running, at the launch and at a start. */
  starting: 15_000,
  /** From shutting-down to terminated, and from stopping to stopped. */
  ending: 30_000,
  /** From running until the status checks pass for the first time. */
  firstChecks: 120_000,
  /** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-system-instance-status-check.html */
  betweenChecks: 60_000,
  /** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/terminating-instances.html: how long a terminated one is shown. */
  shownAfterwards: 3_600_000,
} as const;

/** How an instance is ended. */
export interface TerminationOptions {
  readonly evenIfProtected?: boolean;
  readonly atOnce?: boolean;
}

/**
 * The instances of one account in one region: launches and ends them, and moves them from state to state on the clock.
 *
 * ```ts
 * const instances = ec2.instances(account, region);
 * const instance = instances.launch({ launchTemplate: { id, version: '$Latest' }, subnetId, tags });
 * ec2.onInstanceChange({ stateChanged: (one) => … });
 * ```
 */
export class Instances {
  /** The next change of state of each instance that is on its way. */
  private readonly transitions = new Map<string, Timer>();
  private readonly checks = new Map<string, Timer>();

  constructor(
    private readonly region: Ec2Region,
    private readonly surroundings: LaunchSurroundings,
    private readonly listeners: InstanceListeners,
    /** Resolves when a machine that was told to shut down has done so. */
    private readonly shutDown: (instance: Instance) => Promise<void>,
    /** Names of availability zones that are down. */
    private readonly lostZones: ReadonlySet<string>,
  ) {}

  /**
   * Launches one instance: it is pending, and runs 15 emulated seconds later.
   *
   * @throws ServiceError as RunInstances does, for a launch template, version, image, subnet, security group or instance
   *   profile that is not there, and `InsufficientInstanceCapacity` in an availability zone that is lost.
   */
  launch(request: LaunchRequest): Instance {
    const checked = checkLaunch(this.region, this.surroundings, request);
    const { availabilityZone: zone } = checked.subnet;
    if (this.lostZones.has(zone))
      throw new ServiceError(
        'InsufficientInstanceCapacity',
        `We currently do not have sufficient ${checked.settings.instanceType} capacity in the Availability Zone you requested (${zone}). Our system will be working on provisioning additional capacity.`,
        { status: 500 },
      );
    const instance = createInstance(this.region, checked, request);
    this.listeners.tell((listener) => listener.stateChanged?.(instance, undefined));
    if (request.atOnce) this.run(instance);
    else this.afterwards(instance, instanceDelays.starting, () => this.run(instance));
    return instance;
  }

  /** Finds and checks all that a launch refers to, and launches nothing. @throws ServiceError as {@link launch} */
  check(request: LaunchRequest): void {
    checkLaunch(this.region, this.surroundings, request);
  }

  find(id: string): Instance | undefined {
    return this.region.instances.find(id);
  }

  /** @throws ServiceError `InvalidInstanceID.NotFound`, `InvalidInstanceID.Malformed` */
  get(id: string): Instance {
    if (!/^i-([0-9a-f]{8}|[0-9a-f]{17})$/.test(id))
      throw new ServiceError(
        'InvalidInstanceID.Malformed',
        `Invalid id: "${id}" (expecting "i-...")`,
      );
    return this.region.instances.get(id);
  }

  /** In the order of ids, terminated ones included for an hour. */
  all(): Instance[] {
    return this.region.instances.all();
  }

  /**
   * Shuts an instance down for good; does nothing to one that is terminated.
   *
   * @param options.evenIfProtected - as Auto Scaling may, which termination protection does not hold back. @default false
   * @param options.atOnce - whether it takes no emulated time, as when a stack is deleted: it is terminated as soon as
   *   its software has ended. @default false
   * @throws ServiceError `OperationNotPermitted` for one that is protected from termination.
   */
  terminate(
    id: string,
    { evenIfProtected = false, atOnce = false }: TerminationOptions = {},
  ): Instance {
    const instance = this.get(id);
    if (!evenIfProtected && instance.terminationProtection)
      throw new ServiceError(
        'OperationNotPermitted',
        `The instance '${id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`,
      );
    if (instance.state === 'terminated') return instance;
    if (instance.state !== 'shutting-down') {
      this.explain(instance);
      this.enter(instance, 'shutting-down');
    } else if (!atOnce) return instance;
    this.endMachine(instance, atOnce ? 0 : instanceDelays.ending, () => this.end(instance));
    return instance;
  }

  /** @throws ServiceError `IncorrectInstanceState` unless it is running, or stopped already. */
  stop(id: string): Instance {
    const instance = this.get(id);
    const { state } = instance;
    if (state === 'stopping' || state === 'stopped') return instance;
    if (state !== 'running')
      throw new ServiceError(
        'IncorrectInstanceState',
        `This instance '${id}' is not in a state from which it can be stopped.`,
      );
    this.explain(instance);
    this.enter(instance, 'stopping');
    this.endMachine(instance, instanceDelays.ending, () => this.enter(instance, 'stopped'));
    return instance;
  }

  /** An instance switches itself off: it stops or is terminated, as its shutdown behaviour says. */
  powerOff(id: string): void {
    const instance = this.get(id);
    if (instance.state !== 'running') return;
    const code = 'Client.InstanceInitiatedShutdown';
    instance.stateReason = { code, message: `${code}: Instance initiated shutdown` };
    const isTerminated = instance.shutdownBehavior === 'terminate';
    this.enter(instance, isTerminated ? 'shutting-down' : 'stopping');
    this.endMachine(instance, instanceDelays.ending, () =>
      isTerminated ? this.end(instance) : this.enter(instance, 'stopped'),
    );
  }

  /** @throws ServiceError `IncorrectInstanceState` unless it is stopped, or running already. */
  start(id: string): Instance {
    const instance = this.get(id);
    const { state } = instance;
    if (state === 'pending' || state === 'running') return instance;
    if (state !== 'stopped')
      throw new ServiceError(
        'IncorrectInstanceState',
        `The instance '${id}' is not in a state from which it can be started.`,
      );
    instance.transitionReason = '';
    instance.stateReason = undefined;
    instance.machine = 'up';
    this.enter(instance, 'pending');
    this.afterwards(instance, instanceDelays.starting, () => this.run(instance));
    return instance;
  }

  /** Boots the software of a running instance anew, which does not repair its machine. */
  reboot(id: string): void {
    const instance = this.get(id);
    if (instance.state !== 'running')
      throw new ServiceError(
        'IncorrectInstanceState',
        `This instance '${id}' is not in a state from which it can be rebooted.`,
      );
    if (instance.machine === 'down') return;
    this.setMachine(id, 'down');
    this.setMachine(id, 'up');
  }

  /** What Auto Scaling is about to do with an instance, which the instance can read from its metadata. */
  setTargetLifecycleState(id: string, state: string | undefined): void {
    this.get(id).targetLifecycleState = state;
  }

  /** Something happens to a machine. Listeners hear of it at once, EC2 at the next status check. */
  setMachine(id: string, condition: MachineCondition): void {
    const instance = this.get(id);
    if (instance.state !== 'running' || instance.machine === condition) return;
    instance.machine = condition;
    this.listeners.tell((listener) => listener.machineChanged?.(instance));
    this.scheduleCheck(instance);
  }

  /** Something happens to every machine in an availability zone. */
  setMachinesIn(zone: string, condition: MachineCondition): void {
    for (const { id, availabilityZone } of this.all())
      if (availabilityZone === zone) this.setMachine(id, condition);
  }

  /** Whether instances can be launched in an availability zone. */
  zoneIsUsable(zone: string): boolean {
    return !this.lostZones.has(zone);
  }

  private run(instance: Instance): void {
    instance.runningSince = this.region.clock.now();
    instance.systemStatus = 'initializing';
    instance.instanceStatus = 'initializing';
    this.enter(instance, 'running');
    if (this.lostZones.has(instance.availabilityZone)) this.setMachine(instance.id, 'down');
    else this.scheduleCheck(instance);
  }

  private endMachine(instance: Instance, delay: number, then: () => void): void {
    const { clock } = this.region;
    const softwareEnded = this.shutDown(instance);
    const finish = () => {
      void clock.work(`shutdown of ${instance.id}`, async () => {
        await softwareEnded;
        then();
      });
    };
    if (delay > 0) this.afterwards(instance, delay, finish);
    else {
      this.transitions.get(instance.id)?.cancel();
      finish();
    }
  }

  private end(instance: Instance): void {
    if (instance.state === 'terminated') return;
    this.enter(instance, 'terminated');
    this.region.networkInterfaces.delete(instance.networkInterfaceId);
    const { clock } = this.region;
    clock.after(instanceDelays.shownAfterwards, `the end of ${instance.id} being shown`, () =>
      this.region.instances.delete(instance.id),
    );
  }

  private enter(instance: Instance, state: InstanceState): void {
    const previous = instance.state;
    instance.state = state;
    if (state !== 'running') {
      instance.runningSince = undefined;
      instance.impairedSince = undefined;
      this.checks.get(instance.id)?.cancel();
    }
    this.listeners.tell((listener) => listener.stateChanged?.(instance, previous));
  }

  private afterwards(instance: Instance, delay: number, change: () => void): void {
    const { clock } = this.region;
    this.transitions.get(instance.id)?.cancel();
    const label = `${instance.id} is no longer ${instance.state}`;
    const timer = clock.after(delay, label, () => {
      this.transitions.delete(instance.id);
      change();
    });
    this.transitions.set(instance.id, timer);
  }

  /** Checks run every minute from when the instance began to run; only one that can change something is waited for. */
  private scheduleCheck(instance: Instance): void {
    const { runningSince } = instance;
    if (runningSince === undefined) return;
    this.checks.get(instance.id)?.cancel();
    const { clock } = this.region;
    const { betweenChecks, firstChecks } = instanceDelays;
    const running = clock.now() - runningSince;
    const next = (Math.floor(running / betweenChecks) + 1) * betweenChecks;
    const due = runningSince + Math.max(next, firstChecks);
    const timer = clock.at(due, `status checks of ${instance.id}`, () => {
      this.checks.delete(instance.id);
      this.findStatus(instance);
    });
    this.checks.set(instance.id, timer);
  }

  private findStatus(instance: Instance): void {
    const systemStatus: CheckResult = instance.machine === 'down' ? 'impaired' : 'ok';
    const instanceStatus: CheckResult = instance.machine === 'up' ? 'ok' : 'impaired';
    if (systemStatus === instance.systemStatus && instanceStatus === instance.instanceStatus)
      return;
    instance.systemStatus = systemStatus;
    instance.instanceStatus = instanceStatus;
    const fails = instance.machine !== 'up';
    instance.impairedSince = fails
      ? (instance.impairedSince ?? this.region.clock.now())
      : undefined;
    this.listeners.tell((listener) => listener.statusChanged?.(instance));
  }

  /** As for everybody who calls EC2, Auto Scaling included. */
  private explain(instance: Instance): void {
    const at = new Date(this.region.clock.now()).toISOString().slice(0, 19).replace('T', ' ');
    const code = 'Client.UserInitiatedShutdown';
    instance.transitionReason = `User initiated (${at} GMT)`;
    instance.stateReason = { code, message: `${code}: User initiated shutdown` };
  }
}
