import type { Clock } from '../../clock/clock';
import type { Delivery, ReceiveRequest } from './delivery';

/** What a long poll needs to know of the call that it belongs to. */
export interface PollContext {
  readonly signal: AbortSignal;
  park<T>(wait: (wake: (value: T) => void) => void): Promise<T>;
}

/** What a long poll ends with. */
export type PollAnswer = readonly Delivery[] | 'queue-deleted';

/** A queue as its receivers see it. */
export interface Receivable {
  hasReady(): boolean;
  take(request: ReceiveRequest): Delivery[];
}

/** A ReceiveMessage call that waits for a message. */
interface LongPoll {
  readonly request: ReceiveRequest;
  /** Answers the call and forgets it. */
  readonly answer: (answer: PollAnswer) => void;
}

/** Those who wait for a queue's messages: long polls, in order of arrival, then listeners. */
export class Receivers {
  private readonly polls = new Set<LongPoll>();
  private readonly listeners = new Set<() => void>();
  private serving = false;
  private serveAgain = false;

  constructor(
    private readonly clock: Clock,
    private readonly queueArn: string,
    private readonly queue: Receivable,
  ) {}

  /** Waits up to `milliseconds` for messages; returns none when they are over or the caller hangs up. */
  poll(request: ReceiveRequest, milliseconds: number, context: PollContext): Promise<PollAnswer> {
    return context.park((wake) => {
      const giveUp = () => poll.answer([]);
      const timer = this.clock.after(milliseconds, `long poll of ${this.queueArn}`, giveUp);
      const poll: LongPoll = {
        request,
        answer: (answer) => {
          if (!this.polls.delete(poll)) return;
          timer.cancel();
          context.signal.removeEventListener('abort', giveUp);
          wake(answer);
        },
      };
      this.polls.add(poll);
      context.signal.addEventListener('abort', giveUp, { once: true });
    });
  }

  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Hands what is receivable to the long polls, the longest-waiting first, then calls the listeners. */
  serve(): void {
    if (this.polls.size === 0 && this.listeners.size === 0) return;
    // A listener may receive and delete, which comes back here.
    if (this.serving) {
      this.serveAgain = true;
      return;
    }
    this.serving = true;
    try {
      do {
        this.serveAgain = false;
        this.servePolls();
        if (this.listeners.size > 0 && this.queue.hasReady()) {
          for (const listener of [...this.listeners]) listener();
        }
      } while (this.serveAgain);
    } finally {
      this.serving = false;
    }
  }

  /** The queue is gone. */
  close(): void {
    for (const poll of [...this.polls]) poll.answer('queue-deleted');
    this.listeners.clear();
  }

  private servePolls(): void {
    for (const poll of this.polls) {
      if (!this.queue.hasReady()) return;
      const deliveries = this.queue.take(poll.request);
      if (deliveries.length === 0) return;
      poll.answer(deliveries);
    }
  }
}
