import type { Actor, Actors, HeldWork } from './actor';

/** The actors of a clock, and what a settling clock asks of all of them at once. */
export class ActorRegistry implements Actors {
  private readonly actors = new Map<string, Actor>();

  /** @param onPoke - called whenever an actor's state may have changed */
  constructor(
    readonly rounds: boolean,
    private readonly onPoke: () => void,
  ) {}

  add(actor: Actor): () => void {
    if (this.actors.has(actor.id)) throw new Error(`There is an actor ${actor.id} already`);
    this.actors.set(actor.id, actor);
    this.onPoke();
    return () => {
      if (this.actors.get(actor.id) === actor) this.actors.delete(actor.id);
      this.onPoke();
    };
  }

  poke(): void {
    this.onPoke();
  }

  get allParked(): boolean {
    for (const actor of this.actors.values()) if (!actor.parked()) return false;
    return true;
  }

  /** Whether any actor holds work that waits to be let in. */
  get anyHeld(): boolean {
    for (const actor of this.actors.values()) if (actor.holds()) return true;
    return false;
  }

  /** Changes whenever anything happens to any actor. */
  get version(): number {
    let sum = this.actors.size;
    for (const actor of this.actors.values()) sum += actor.version();
    return sum;
  }

  nextTimer(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const actor of this.actors.values()) next = Math.min(next, actor.nextTimer());
    return next;
  }

  /** Fires the timers due at `now` of every actor, in order of their ids. */
  tick(now: number): boolean {
    const due = this.ordered().filter((actor) => actor.nextTimer() <= now);
    for (const actor of due) actor.tick(now);
    return due.length > 0;
  }

  /** All work held by any actor, in the order in which it is to be let in. */
  takeHeld(): HeldWork[] {
    return this.ordered().flatMap((actor) =>
      actor.takeHeld().sort((a, b) => a.sequence - b.sequence),
    );
  }

  describeBusy(): string[] {
    return this.ordered()
      .filter((actor) => !actor.parked())
      .map((actor) => actor.describe());
  }

  private ordered(): Actor[] {
    return [...this.actors.values()].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  }
}
