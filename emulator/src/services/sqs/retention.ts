import type { Message } from './message';
import { type HeapItem, OrderedHeap } from './ordered-heap';

class Expiry implements HeapItem {
  index = -1;

  constructor(readonly message: Message) {}

  get key(): number {
    return this.message.sentTimestamp;
  }

  get order(): number {
    return this.message.order;
  }
}

/**
 * All messages of a queue by age, so that those past the retention period are found in O(1).
 *
 * Messages arrive in the order in which they were sent and so form a list. The exceptions go into a
 * heap: what comes to a dead-letter queue with its original SentTimestamp, and copies of a message.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/setting-up-dead-letter-queue-retention.html
 */
export class Retention {
  private oldest: Message | undefined;
  private newest: Message | undefined;
  private readonly stragglers = new Map<Message, Expiry>();
  private readonly heap = new OrderedHeap<Expiry>();

  add(message: Message): void {
    const inOrder = !this.newest || this.newest.sentTimestamp <= message.sentTimestamp;
    if (!inOrder || message.arrivedAt !== message.sentTimestamp) {
      const expiry = new Expiry(message);
      this.stragglers.set(message, expiry);
      this.heap.add(expiry);
      return;
    }
    message.older = this.newest;
    if (this.newest) this.newest.newer = message;
    else this.oldest = message;
    this.newest = message;
  }

  remove(message: Message): void {
    const expiry = this.stragglers.get(message);
    if (expiry) {
      this.heap.remove(expiry);
      this.stragglers.delete(message);
      return;
    }
    if (message.older) message.older.newer = message.newer;
    else this.oldest = message.newer;
    if (message.newer) message.newer.older = message.older;
    else this.newest = message.older;
    message.older = undefined;
    message.newer = undefined;
  }

  /** The message that was sent first. */
  first(): Message | undefined {
    const straggler = this.heap.first()?.message;
    if (!straggler || !this.oldest) return straggler ?? this.oldest;
    return straggler.sentTimestamp < this.oldest.sentTimestamp ? straggler : this.oldest;
  }

  /** All messages: those in the list, then those in the heap by arrival. */
  *all(): Generator<Message> {
    for (let message = this.oldest; message; ) {
      // The next one is looked up first: the caller may remove the one it is given.
      const { newer } = message;
      yield message;
      message = newer;
    }
    yield* [...this.stragglers.keys()];
  }

  /** When the longest-waiting message of those that `counts` accepts arrived. */
  oldestArrival(counts: (message: Message) => boolean): number | undefined {
    let arrival: number | undefined;
    for (let message = this.oldest; message; message = message.newer) {
      if (counts(message)) {
        arrival = message.arrivedAt;
        break;
      }
    }
    for (const message of this.stragglers.keys()) {
      // A copy is as old as its original, which counts while it is there.
      if (message.details?.deadLetteredAt === undefined || !counts(message)) continue;
      return arrival === undefined ? message.arrivedAt : Math.min(arrival, message.arrivedAt);
    }
    return arrival;
  }
}
