/** What happens elsewhere, in the order in which this process learns of it. */
export class Observed<T> {
  readonly events: T[] = [];
  private waiting: (() => void)[] = [];

  add(event: T): void {
    this.events.push(event);
    for (const resume of this.waiting.splice(0)) resume();
  }

  /** Waits until something is so, which is asked again with each event. */
  async until(isSo: (events: readonly T[]) => boolean): Promise<void> {
    while (!isSo(this.events)) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }
}
