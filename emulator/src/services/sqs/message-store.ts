import { type Message, type MessageState, Schedule } from './message';
import { OrderedHeap } from './ordered-heap';
import { Retention } from './retention';

/** The messages of a queue: how many are in which state, when they change it, and when they expire. */
export class MessageStore {
  private readonly counts: Record<MessageState, number> = {
    delayed: 0,
    visible: 0,
    'in-flight': 0,
    gone: 0,
  };
  private readonly schedule = new OrderedHeap<Schedule>();
  private readonly retention = new Retention();
  /** Messages that have been received: only those have receipt handles. */
  private readonly received = new Map<number, Message>();

  count(state: Exclude<MessageState, 'gone'>): number {
    return this.counts[state];
  }

  get size(): number {
    return this.counts.delayed + this.counts.visible + this.counts['in-flight'];
  }

  /** Takes in a message, visible at once or when `due` has come. */
  add(message: Message, due?: number): void {
    this.retention.add(message);
    // A dead-lettered message has been received, but its handles were another queue's.
    if (due === undefined) this.become(message, 'visible');
    else this.hide(message, 'delayed', due);
  }

  /** Hides a message until `due`. */
  hide(message: Message, state: 'delayed' | 'in-flight', due: number): void {
    if (message.schedule) this.schedule.remove(message.schedule);
    message.schedule = new Schedule(due, message);
    this.schedule.add(message.schedule);
    if (state === 'in-flight') this.received.set(message.order, message);
    this.become(message, state);
  }

  /** Makes a hidden message visible. */
  show(message: Message): void {
    this.unschedule(message);
    this.become(message, 'visible');
  }

  remove(message: Message): void {
    this.unschedule(message);
    this.retention.remove(message);
    this.received.delete(message.order);
    this.become(message, 'gone');
  }

  /** The message that a receipt handle's order number stands for, if it is still there. */
  find(order: number): Message | undefined {
    return this.received.get(order);
  }

  /** The hidden message that is due first, if it is due at `now`. */
  dueAt(now: number): Message | undefined {
    const first = this.schedule.first();
    return first && first.key <= now ? first.message : undefined;
  }

  /** A message that is past the retention period at `now`. */
  expiredAt(now: number, retention: number): Message | undefined {
    const first = this.retention.first();
    return first && first.sentTimestamp + retention <= now ? first : undefined;
  }

  /** When the next of these happens; Infinity if nothing will. */
  nextChange(retention: number): number {
    const oldest = this.retention.first();
    return Math.min(
      this.schedule.first()?.key ?? Number.POSITIVE_INFINITY,
      oldest ? oldest.sentTimestamp + retention : Number.POSITIVE_INFINITY,
    );
  }

  all(): Iterable<Message> {
    return this.retention.all();
  }

  oldestArrival(counts: (message: Message) => boolean): number | undefined {
    return this.retention.oldestArrival(counts);
  }

  private unschedule(message: Message): void {
    if (!message.schedule) return;
    this.schedule.remove(message.schedule);
    message.schedule = undefined;
  }

  private become(message: Message, state: MessageState): void {
    if (message.state !== 'gone') this.counts[message.state] -= 1;
    message.state = state;
    if (state !== 'gone') this.counts[state] += 1;
  }
}
