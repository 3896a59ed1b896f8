/** What happens elsewhere, in the order in which this process learns of it. */
export class Observed<T> {
  readonly events: T[] = [];
  private failure: Error | undefined;
  private waiting: (() => void)[] = [];

  add(event: T): void {
    this.events.push(event);
    this.resume();
  }

  /** No more will happen, for this reason. */
  fail(reason: Error): void {
    this.failure ??= reason;
    this.resume();
  }

  /**
   * Waits until something is so, which is asked again with each event.
   *
   * @throws Error the reason why it will never be so
   */
  async until(isSo: (events: readonly T[]) => boolean): Promise<void> {
    while (!isSo(this.events)) {
      if (this.failure) throw this.failure;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  private resume(): void {
    for (const resume of this.waiting.splice(0)) resume();
  }
}
