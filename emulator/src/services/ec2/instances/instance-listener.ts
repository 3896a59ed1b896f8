import type { Instance, InstanceState } from './instance';

/** Is told what becomes of instances, of every account and region. */
export interface InstanceListener {
  /** Something of an instance's state in EC2 has changed: pending, running and so on. Called for `pending` as well. */
  stateChanged?(instance: Instance, previous: InstanceState | undefined): void;
  /**
   * Something has happened to the machine, at the instant when it happens: see {@link Instance.machine}. EC2 finds
   * out later.
   */
  machineChanged?(instance: Instance): void;
  /** A status check has found something else than before: see {@link Instance.systemStatus}. */
  statusChanged?(instance: Instance): void;
}

/** Those who want to know. They are told in the order in which they came, at once. */
export class InstanceListeners {
  private readonly listeners = new Set<InstanceListener>();

  /** @returns the function that ends it */
  add(listener: InstanceListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Resolves when an instance is in a state. @throws Error if it is terminated before */
  reached(instance: Instance, state: InstanceState): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = this.add({
        stateChanged: (one) => {
          if (one !== instance || (one.state !== state && one.state !== 'terminated')) return;
          end();
          if (one.state === state) resolve();
          else reject(new Error(`Instance ${one.id} was terminated`));
        },
      });
    });
  }

  tell(about: (listener: InstanceListener) => void): void {
    for (const listener of [...this.listeners]) about(listener);
  }
}
