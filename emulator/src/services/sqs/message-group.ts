import type { Message } from './message';
import { RingBuffer } from './ring-buffer';

/** The messages of one group of a FIFO queue, in order; while one is in flight, no other is received. */
export class MessageGroup {
  private readonly waiting = new RingBuffer<Message>();
  /** Received and come back: all of them come before those that wait. At most one receive's worth. */
  private returned: Message[] = [];
  private hidden = 0;
  /** Whether the queue has it in line. */
  inLine = false;

  constructor(readonly id: string) {}

  /** Whether messages of it are in flight. */
  get inFlight(): boolean {
    return this.hidden > 0;
  }

  /** Whether its first message can be received. */
  get ready(): boolean {
    return this.hidden === 0 && this.first()?.state === 'visible';
  }

  get empty(): boolean {
    return this.hidden === 0 && this.first() === undefined;
  }

  /** The first message that is not in flight. */
  first(): Message | undefined {
    for (let first = this.returned[0]; first; first = this.returned[0]) {
      if (first.state !== 'gone') return first;
      this.returned.shift();
    }
    for (let first = this.waiting.first(); first; first = this.waiting.first()) {
      if (first.state !== 'gone') return first;
      this.waiting.shift();
    }
    return undefined;
  }

  /** Puts a new message at the end. */
  add(message: Message): void {
    this.waiting.push(message);
  }

  /** Takes the first message, if it is visible. */
  take(): Message | undefined {
    const first = this.first();
    if (first?.state !== 'visible') return undefined;
    return this.returned[0] === first ? this.returned.shift() : this.waiting.shift();
  }

  /** Notes that a message that was taken is in flight. */
  hide(): void {
    this.hidden += 1;
  }

  /** A message in flight is gone. */
  release(): void {
    this.hidden -= 1;
  }

  /** A message in flight has come back. */
  putBack(message: Message): void {
    this.hidden -= 1;
    this.restore(message);
  }

  /** Puts back a message that was taken. */
  restore(message: Message): void {
    this.returned.push(message);
    this.returned.sort((a, b) => a.order - b.order);
  }
}
