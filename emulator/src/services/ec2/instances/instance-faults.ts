import type { Regional } from '../../service';
import type { Instance } from './instance';
import type { Instances } from './instances';

/** What may happen to the machine of an instance. EC2 finds out at its next status check, within a minute. */
export interface InstanceFaults {
  /** It dies, with whatever it was doing; it stays down until its instance is stopped and started, or replaced. */
  kill(): void;
  /** It answers nobody and does nothing, and keeps what it has in memory. */
  freeze(): void;
  /** It goes on where it was frozen. */
  thaw(): void;
}

/** What may happen to an availability zone. */
export interface ZoneFaults {
  /** Every machine in it dies, and none can be launched: `InsufficientInstanceCapacity`. */
  lose(): void;
  /** It is back, and those machines boot that have not been terminated meanwhile. */
  recover(): void;
}

/** The faults of EC2, over all accounts and regions. */
export class Ec2Faults {
  constructor(
    private readonly regions: Regional<Instances>,
    private readonly lostZones: Set<string>,
  ) {}

  /** @throws Error if there is no instance of that id that runs. */
  instance(id: string): InstanceFaults {
    const { instances, instance } = this.find(id);
    if (instance.state !== 'running')
      throw new Error(`The instance ${id} is ${instance.state}: only one that runs can fail`);
    return {
      kill: () => instances.setMachine(id, 'down'),
      freeze: () => instances.setMachine(id, 'frozen'),
      thaw: () => {
        if (instance.machine === 'frozen') instances.setMachine(id, 'up');
      },
    };
  }

  /** @param name - such as `us-east-1a` */
  zone(name: string): ZoneFaults {
    return {
      lose: () => {
        this.lostZones.add(name);
        for (const instances of this.regions.all()) instances.setMachinesIn(name, 'down');
      },
      recover: () => {
        this.lostZones.delete(name);
        for (const instances of this.regions.all()) instances.setMachinesIn(name, 'up');
      },
    };
  }

  private find(id: string): { readonly instances: Instances; readonly instance: Instance } {
    for (const instances of this.regions.all()) {
      const instance = instances.find(id);
      if (instance) return { instances, instance };
    }
    throw new Error(`There is no instance ${id}`);
  }
}
