/** Something that a heap can order and find again. */
export interface HeapItem {
  /** Smaller comes first. */
  readonly key: number;
  /** Decides between equal keys, so that the order never depends on chance. */
  readonly order: number;
  /** Position in its heap; -1 outside. Kept by the heap. */
  index: number;
}

/** A binary heap whose items know their position: O(log n) to add, take and remove. */
export class OrderedHeap<T extends HeapItem> {
  private items: T[] = [];

  get size(): number {
    return this.items.length;
  }

  first(): T | undefined {
    return this.items[0];
  }

  add(item: T): void {
    item.index = this.items.length;
    this.items.push(item);
    this.up(item);
  }

  /** Takes out an item; does nothing if it is not in the heap. */
  remove(item: T): void {
    const { index } = item;
    if (index < 0) return;
    item.index = -1;
    const last = this.items.pop();
    if (last === undefined || last === item) return;
    this.place(last, index);
    this.up(last);
    this.down(last);
  }

  clear(): void {
    for (const item of this.items) item.index = -1;
    this.items = [];
  }

  private up(item: T): void {
    while (item.index > 0) {
      const parent = this.items[(item.index - 1) >> 1];
      if (parent === undefined || !before(item, parent)) return;
      this.swap(item, parent);
    }
  }

  private down(item: T): void {
    for (;;) {
      const left = this.items[2 * item.index + 1];
      const right = this.items[2 * item.index + 2];
      const child = left && right && before(right, left) ? right : left;
      if (child === undefined || !before(child, item)) return;
      this.swap(item, child);
    }
  }

  private swap(a: T, b: T): void {
    const index = a.index;
    this.place(a, b.index);
    this.place(b, index);
  }

  private place(item: T, index: number): void {
    item.index = index;
    this.items[index] = item;
  }
}

function before(a: HeapItem, b: HeapItem): boolean {
  return a.key < b.key || (a.key === b.key && a.order < b.order);
}
