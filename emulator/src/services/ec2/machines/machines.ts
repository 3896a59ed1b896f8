import type { ServiceEnvironment } from '../../service';
import type { Ec2Region } from '../ec2-region';
import type { Instance, InstanceState } from '../instances/instance';
import type { InstanceListener } from '../instances/instance-listener';
import type { InstanceProfile } from '../instances/launching';
import { ConsoleOutput } from './console-output';
import { InstanceCredentials } from './instance-credentials';
import { Machine, type MachineHost, type MachineSurroundings } from './machine';
import { type WorkerDescriptor, workerDescriptor } from './worker-descriptor';

/** What the machines of all instances need. */
export interface MachinesOptions extends MachineSurroundings {
  readonly environment: Pick<
    ServiceEnvironment,
    'authorize' | 'clock' | 'endpoint' | 'identities' | 'scratchDirectory'
  >;
  readonly regionOf: (instance: Instance) => Ec2Region;
  readonly profileOf: (account: string, arn: string) => InstanceProfile | undefined;
  /** An instance switches itself off. */
  readonly powerOff: (instance: Instance) => void;
}

/** Who answers on a port of an instance: its process, on a port of 127.0.0.1, or nobody, or nobody knows. */
export type Respondent =
  | { readonly kind: 'process'; readonly port: number }
  | { readonly kind: 'refuses' }
  | { readonly kind: 'recorded' };

/**
 * Runs the programs of instances whose user data has a worker descriptor. On the manual clock there are no
 * processes: whoever tests hands in-process workers to the group instead.
 */
export class Machines implements InstanceListener {
  private readonly machines = new Map<string, Machine>();
  private readonly consoles = new WeakMap<Instance, ConsoleOutput>();

  constructor(private readonly options: MachinesOptions) {}

  stateChanged(instance: Instance, _previous: InstanceState | undefined): void {
    if (instance.state === 'running') this.machineOf(instance)?.boot();
    if (instance.state === 'terminated') this.forget(instance);
  }

  machineChanged(instance: Instance): void {
    const machine = this.machines.get(instance.id);
    if (!machine) return;
    if (instance.machine === 'frozen') machine.freeze();
    else if (instance.machine === 'down') void machine.cutPower();
    else if (machine.isOn) machine.thaw();
    else machine.boot();
  }

  /** Resolves when nothing runs on an instance any more. */
  async shutDown(instance: Instance): Promise<void> {
    await this.machines.get(instance.id)?.shutDown();
  }

  /** What an instance has printed; undefined if it was never started. */
  console(instance: Instance): ConsoleOutput | undefined {
    return this.consoles.get(instance);
  }

  /** Who answers on a port of an instance that runs. */
  respondent(instanceId: string, port: number): Respondent {
    const machine = this.machines.get(instanceId);
    if (!machine) return { kind: 'recorded' };
    const local = machine.localPort(port);
    return local === undefined ? { kind: 'refuses' } : { kind: 'process', port: local };
  }

  /** Ends everything that runs. */
  async stop(): Promise<void> {
    const all = [...this.machines.values()];
    this.machines.clear();
    await Promise.all(
      all.map(async (machine) => {
        await machine.cutPower();
        await machine.remove();
      }),
    );
  }

  private machineOf(instance: Instance): Machine | undefined {
    const existing = this.machines.get(instance.id);
    if (existing) return existing;
    const { clock } = this.options.environment;
    const output = this.consoles.get(instance) ?? new ConsoleOutput(() => clock.now());
    this.consoles.set(instance, output);
    const descriptor = this.readDescriptor(instance, output);
    if (!descriptor) return undefined;
    const machine = this.newMachine(instance, descriptor, output);
    this.machines.set(instance.id, machine);
    return machine;
  }

  private readDescriptor(instance: Instance, output: ConsoleOutput): WorkerDescriptor | undefined {
    try {
      const descriptor = workerDescriptor(instance.userData);
      if (!descriptor)
        output.say('emulator: no worker descriptor in the user data: nothing runs here');
      else if (this.options.environment.clock.kind !== 'manual') return descriptor;
      else output.say('emulator: there are no processes on the manual clock');
    } catch (error) {
      output.say(`cloud-init: ${error instanceof Error ? error.message : String(error)}`);
      this.options.powerOff(instance);
    }
    return undefined;
  }

  private newMachine(
    instance: Instance,
    descriptor: WorkerDescriptor,
    output: ConsoleOutput,
  ): Machine {
    const { environment, profileOf, regionOf } = this.options;
    const { authorize, clock, identities } = environment;
    const credentials = new InstanceCredentials(instance.id, {
      clock,
      identities,
      authorize,
      profile: () => instance.profile && profileOf(instance.account, instance.profile.arn),
    });
    const host: MachineHost = {
      ...this.options,
      clock,
      endpoint: () => environment.endpoint(),
      scratchDirectory: () => environment.scratchDirectory(),
    };
    return new Machine(instance, descriptor, regionOf(instance), credentials, output, host);
  }

  private forget(instance: Instance): void {
    const machine = this.machines.get(instance.id);
    this.machines.delete(instance.id);
    void machine?.remove();
  }
}
