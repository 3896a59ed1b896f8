/** Work of an actor that has arrived and waits to be let in: a request at the gateway, or a function's result. */
export interface HeldWork {
  /** Position in the actor's own order, given where the work began. */
  readonly sequence: number;
  /** Lets it in. */
  readonly release: () => void;
}

/**
 * Something that runs code which the emulator does not drive: a function's worker, a registered process.
 *
 * The manual clock moves only while every actor is parked, and lets in what they hold in rounds,
 * ordered by (actor, sequence), so that the speed of threads and sockets cannot change the outcome.
 */
export interface Actor {
  /** Unique, and stable from run to run: it decides the order within a round. */
  readonly id: string;
  /** Whether all that it waits for is known: an emulated timer, a parked long poll, held work, or nothing. */
  parked(): boolean;
  /** A number that changes whenever anything happens to the actor. */
  version(): number;
  /** When its earliest own timer is due, in emulated time; Infinity without one. */
  nextTimer(): number;
  /** Fires its own timers due at `now`. */
  tick(now: number): void;
  /** Whether it holds work that waits to be let in. */
  holds(): boolean;
  /** Takes out all work that it holds. */
  takeHeld(): HeldWork[];
  /** One line for a person who wonders what the clock waits for. */
  describe(): string;
}

/** The actors that a clock knows. */
export interface Actors {
  /** Adds an actor; the returned function removes it. */
  add(actor: Actor): () => void;
  /** Tells the clock that an actor's state has changed, so that a settling clock looks again. */
  poke(): void;
  /**
   * Whether work of actors is to be held for rounds (the manual clock) or let in at once (the others).
   */
  readonly rounds: boolean;
}
