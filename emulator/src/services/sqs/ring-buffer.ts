const smallest = 4;

/** A queue in an array that is used as a ring: O(1) at both ends, O(1) access by position. */
export class RingBuffer<T> {
  private items: (T | undefined)[] = new Array(smallest).fill(undefined);
  private head = 0;
  private count = 0;

  get size(): number {
    return this.count;
  }

  push(item: T): void {
    if (this.count === this.items.length) this.resize(this.items.length * 2);
    this.items[(this.head + this.count) & (this.items.length - 1)] = item;
    this.count += 1;
  }

  /** Takes the first item. */
  shift(): T | undefined {
    if (this.count === 0) return undefined;
    const item = this.items[this.head];
    this.items[this.head] = undefined;
    this.head = (this.head + 1) & (this.items.length - 1);
    this.count -= 1;
    if (this.items.length > smallest && this.count * 4 < this.items.length) {
      this.resize(this.items.length / 2);
    }
    return item;
  }

  first(): T | undefined {
    return this.count === 0 ? undefined : this.items[this.head];
  }

  /** Exchanges the first item with the one at `position`. */
  swapWithFirst(position: number): void {
    const other = (this.head + position) & (this.items.length - 1);
    const item = this.items[other];
    this.items[other] = this.items[this.head];
    this.items[this.head] = item;
  }

  clear(): void {
    this.items = new Array(smallest).fill(undefined);
    this.head = 0;
    this.count = 0;
  }

  private resize(length: number): void {
    const items: (T | undefined)[] = new Array(length).fill(undefined);
    for (let i = 0; i < this.count; i++) {
      items[i] = this.items[(this.head + i) & (this.items.length - 1)];
    }
    this.items = items;
    this.head = 0;
  }
}
