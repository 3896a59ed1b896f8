import type { RandomStream } from '../../random/random';
import { type HeapItem, OrderedHeap } from './ordered-heap';
import { RingBuffer } from './ring-buffer';

/** Out of how many of the first in line a reordering queue picks. */
const reorderWindow = 1_000;

class Returned<T> implements HeapItem {
  index = -1;

  constructor(
    readonly item: T,
    readonly key: number,
  ) {}

  get order(): number {
    return this.key;
  }
}

/**
 * What can be received, in order: messages of a standard queue, groups of a FIFO queue.
 *
 * New items join at the end, in O(1). Items that come back take the place that their order gives
 * them, in O(log n) of those that came back. An item that is not ready any more is skipped.
 */
export class ReadyLine<T extends object> {
  private readonly line = new RingBuffer<T>();
  private readonly returned = new OrderedHeap<Returned<T>>();

  constructor(
    private readonly isReady: (item: T) => boolean,
    private readonly orderOf: (item: T) => number,
    /** Told of each item that is skipped. */
    private readonly onSkipped: (item: T) => void = () => undefined,
  ) {}

  /** Puts an item at the end. */
  add(item: T): void {
    this.line.push(item);
  }

  /** Puts an item where its order places it. */
  putBack(item: T): void {
    this.returned.add(new Returned(item, this.orderOf(item)));
  }

  /** Takes the first item, or with `random` any of the first ones. */
  take(random?: RandomStream): T | undefined {
    if (random && this.line.size > 1) {
      this.line.swapWithFirst(random.integer(Math.min(this.line.size, reorderWindow)));
    }
    this.skip();
    const first = this.line.first();
    const returned = this.returned.first();
    if (returned && (!first || returned.key < this.orderOf(first))) {
      this.returned.remove(returned);
      return returned.item;
    }
    return this.line.shift();
  }

  /** Whether anything is ready. */
  any(): boolean {
    this.skip();
    return this.line.size > 0 || this.returned.size > 0;
  }

  /** Drops what is not ready any more from the front. */
  skip(): void {
    for (let first = this.line.first(); first; first = this.line.first()) {
      if (this.isReady(first)) break;
      this.line.shift();
      this.onSkipped(first);
    }
    for (let first = this.returned.first(); first; first = this.returned.first()) {
      if (this.isReady(first.item)) break;
      this.returned.remove(first);
      this.onSkipped(first.item);
    }
  }

  clear(): void {
    this.line.clear();
    this.returned.clear();
  }
}
