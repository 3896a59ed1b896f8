import type { Timer } from './clock';

/** A scheduled callback inside a {@link TimerHeap}. */
export class ScheduledTimer implements Timer {
  private cancelled = false;

  constructor(
    readonly due: number,
    readonly label: string,
    /** Order of creation: timers due at the same time fire in it. */
    readonly order: number,
    private readonly callback: () => void,
    private readonly onCancel: () => void,
  ) {}

  get active(): boolean {
    return !this.cancelled;
  }

  cancel(): void {
    if (this.cancelled) return;
    this.cancelled = true;
    this.onCancel();
  }

  fire(): void {
    this.cancelled = true;
    this.callback();
  }
}

/**
 * Timers ordered by due time, then by creation: O(log n) to add and to take.
 *
 * A cancelled timer stays until it surfaces or until more than half of the heap is cancelled.
 */
export class TimerHeap {
  private heap: ScheduledTimer[] = [];
  private created = 0;
  private cancelledCount = 0;

  add(due: number, label: string, callback: () => void): ScheduledTimer {
    const timer = new ScheduledTimer(due, label, this.created++, callback, () =>
      this.noteCancelled(),
    );
    this.heap.push(timer);
    this.siftUp(this.heap.length - 1);
    return timer;
  }

  /** When the earliest active timer is due; Infinity without one. */
  nextDue(): number {
    this.dropCancelled();
    return this.heap[0]?.due ?? Number.POSITIVE_INFINITY;
  }

  /** Takes the earliest active timer if it is due at `now` and was created before the `before`-th. */
  takeDue(now: number, before = Number.POSITIVE_INFINITY): ScheduledTimer | undefined {
    this.dropCancelled();
    const first = this.heap[0];
    if (!first || first.due > now || first.order >= before) return undefined;
    this.removeFirst();
    return first;
  }

  /** The number that the next timer created will have. */
  get nextOrder(): number {
    return this.created;
  }

  /** The earliest active timers, for a person to read. */
  earliest(count: number): ScheduledTimer[] {
    return this.heap
      .filter((timer) => timer.active)
      .sort(byDueThenOrder)
      .slice(0, count);
  }

  clear(): void {
    this.heap = [];
    this.cancelledCount = 0;
  }

  private noteCancelled(): void {
    this.cancelledCount += 1;
    if (this.cancelledCount < 64 || this.cancelledCount * 2 < this.heap.length) return;
    this.heap = this.heap.filter((timer) => timer.active).sort(byDueThenOrder);
    this.cancelledCount = 0;
  }

  private dropCancelled(): void {
    while (this.heap[0] && !this.heap[0].active) {
      this.removeFirst();
      this.cancelledCount -= 1;
    }
  }

  private removeFirst(): void {
    const last = this.heap.pop();
    if (last && this.heap.length > 0) {
      this.heap[0] = last;
      this.siftDown();
    }
  }

  private siftUp(start: number): void {
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.inOrder(index, parent)) return;
      this.swap(index, parent);
      index = parent;
    }
  }

  private siftDown(): void {
    let index = 0;
    for (;;) {
      let smallest = index;
      for (const child of [2 * index + 1, 2 * index + 2]) {
        if (child < this.heap.length && this.inOrder(child, smallest)) smallest = child;
      }
      if (smallest === index) return;
      this.swap(index, smallest);
      index = smallest;
    }
  }

  /** Whether the timer at `a` comes before the one at `b`. */
  private inOrder(a: number, b: number): boolean {
    const [first, second] = [this.heap[a], this.heap[b]];
    return first !== undefined && second !== undefined && byDueThenOrder(first, second) < 0;
  }

  private swap(a: number, b: number): void {
    const [first, second] = [this.heap[a], this.heap[b]];
    if (!first || !second) return;
    this.heap[a] = second;
    this.heap[b] = first;
  }
}

function byDueThenOrder(a: ScheduledTimer, b: ScheduledTimer): number {
  return a.due - b.due || a.order - b.order;
}
