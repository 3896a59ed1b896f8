import type { Queue } from './queue';

interface Watch {
  readonly listeners: Set<() => void>;
  /** Ends the watch of the queue that has the ARN now. */
  end: (() => void) | undefined;
}

/**
 * Those who are told when a queue's messages become receivable, by the queue's ARN: a queue that is
 * deleted and made again is the same to an event source mapping, as it is on AWS.
 */
export class ReceivableListeners {
  private readonly watches = new Map<string, Watch>();

  constructor(private readonly find: (arn: string) => Queue | undefined) {}

  /** Calls `listener` synchronously whenever a message becomes receivable. Returns what ends it. */
  add(arn: string, listener: () => void): () => void {
    const watch = this.watches.get(arn) ?? this.open(arn);
    watch.listeners.add(listener);
    return () => {
      watch.listeners.delete(listener);
      if (watch.listeners.size > 0) return;
      watch.end?.();
      if (this.watches.get(arn) === watch) this.watches.delete(arn);
    };
  }

  /** A queue has come into being. */
  created(queue: Queue): void {
    const watch = this.watches.get(queue.arn);
    if (watch) watch.end = listen(queue, watch);
  }

  private open(arn: string): Watch {
    const watch: Watch = { listeners: new Set(), end: undefined };
    this.watches.set(arn, watch);
    const queue = this.find(arn);
    if (queue) watch.end = listen(queue, watch);
    return watch;
  }
}

function listen(queue: Queue, watch: Watch): () => void {
  return queue.onReceivable(() => {
    for (const listener of [...watch.listeners]) listener();
  });
}
