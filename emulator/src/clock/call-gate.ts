import type { Actor, Actors, HeldWork } from './actor';

/** Where calls of actors enter: held for a round on the manual clock, let in at once on the others. */
export interface CallGate {
  /** Resolves when the call may be served. A call of an actor that is not known enters at once. */
  enter(actorId: string, sequence: number): Promise<void>;
  /** Tells that the answer to a call has been written in full. */
  answered(actorId: string): void;
}

/** What a remote actor says of itself whenever it has nothing to do: all numbers count from its start. */
export interface IdleReport {
  /** How many messages from us it has seen. */
  readonly acknowledged: number;
  /** How many calls to the emulator it has started. */
  readonly started: number;
  /** How many of them it has seen finished. */
  readonly finished: number;
  /** Real input and output that it waits for, such as a query to a database; time must not pass meanwhile. */
  readonly openInputOutput: number;
  /** When its earliest timer is due, in emulated time; null without one. */
  readonly nextTimer: number | null;
}

/**
 * An actor behind a message channel and sockets: a function's worker or a process.
 *
 * It is parked when both sides agree on every count, so that nothing can be on its way in a
 * kernel's buffer where neither side sees it.
 */
export class RemoteActor implements Actor {
  private posted = 0;
  private arrived = 0;
  private answered = 0;
  private changes = 0;
  private report: IdleReport | undefined;
  private held: HeldWork[] = [];
  private ended = false;

  /** @param sendTick - sends the message that makes it fire its timers due at `now` */
  constructor(
    readonly id: string,
    private readonly actors: Actors,
    private readonly sendTick: (now: number) => void,
  ) {}

  /** To be called with every message that is sent to the actor, ticks apart. */
  notePosted(): void {
    this.posted += 1;
    this.changed();
  }

  /** To be called with each of its idle reports. */
  noteReport(report: IdleReport): void {
    this.report = report;
    this.changed();
  }

  /** Holds something that the actor has produced, such as a function's result, until its round. */
  hold(sequence: number, release: () => void): void {
    if (!this.actors.rounds) {
      release();
      return;
    }
    this.held.push({ sequence, release });
    this.changed();
  }

  /** Resolves when a call of the actor may be served. */
  enter(sequence: number): Promise<void> {
    this.arrived += 1;
    return new Promise((resolve) => this.hold(sequence, resolve));
  }

  noteAnswered(): void {
    this.answered += 1;
    this.changed();
  }

  /** Its code has ended: nothing more comes of it, but what it holds still waits for its round. */
  noteEnded(): void {
    this.ended = true;
    this.changed();
  }

  parked(): boolean {
    if (this.ended) return true;
    const report = this.report;
    return (
      report !== undefined &&
      report.openInputOutput === 0 &&
      report.acknowledged === this.posted &&
      report.started === this.arrived &&
      report.finished === this.answered
    );
  }

  version(): number {
    return this.changes;
  }

  nextTimer(): number {
    if (this.ended) return Number.POSITIVE_INFINITY;
    return this.report?.nextTimer ?? Number.POSITIVE_INFINITY;
  }

  tick(now: number): void {
    this.notePosted();
    this.sendTick(now);
  }

  holds(): boolean {
    return this.held.length > 0;
  }

  takeHeld(): HeldWork[] {
    const held = this.held;
    this.held = [];
    return held;
  }

  describe(): string {
    const report = this.report;
    if (!report) return `${this.id}: starting`;
    const reasons = [
      report.acknowledged !== this.posted && 'running code',
      report.started !== this.arrived && `${report.started - this.arrived} calls on their way here`,
      report.finished !== this.answered &&
        `${this.answered - report.finished} answers on their way to it`,
      report.openInputOutput > 0 && `${report.openInputOutput} other sockets waiting for data`,
    ].filter((reason) => reason !== false);
    return `${this.id}: ${reasons.join(', ') || 'parked'}`;
  }

  private changed(): void {
    this.changes += 1;
    this.actors.poke();
  }
}

/** The remote actors by id, as the gateway sees them. */
export class RemoteActors implements CallGate {
  private readonly byId = new Map<string, RemoteActor>();

  constructor(private readonly actors: Actors) {}

  /** Makes an actor known to the clock and to the gateway; the returned function removes it. */
  add(actor: RemoteActor): () => void {
    const remove = this.actors.add(actor);
    this.byId.set(actor.id, actor);
    return () => {
      this.byId.delete(actor.id);
      remove();
      // Calls still held would wait for ever: let them in, they find nobody to answer to.
      for (const work of actor.takeHeld()) work.release();
    };
  }

  async enter(actorId: string, sequence: number): Promise<void> {
    await this.byId.get(actorId)?.enter(sequence);
  }

  answered(actorId: string): void {
    this.byId.get(actorId)?.noteAnswered();
  }
}
