import type { EndWork } from './clock';

/** The work in hand: what the manual clock waits for before it moves. */
export class Ledger {
  private readonly open = new Map<number, string>();
  private started = 0;

  /** @param onChange - called whenever work begins or ends */
  constructor(private readonly onChange: () => void) {}

  begin(label: string): EndWork {
    const id = this.started++;
    this.open.set(id, label);
    this.onChange();
    return () => {
      if (this.open.delete(id)) this.onChange();
    };
  }

  get empty(): boolean {
    return this.open.size === 0;
  }

  /** Changes whenever work begins. */
  get version(): number {
    return this.started;
  }

  labels(): string[] {
    return [...this.open.values()];
  }
}
