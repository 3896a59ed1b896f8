import type { Item } from './item';

/** A range of keys, as a sorted store reads it. */
export interface KeyRange {
  readonly gt?: string;
  readonly gte?: string;
  readonly lt?: string;
  readonly lte?: string;
  readonly reverse?: boolean;
  /** How many items at most; negative for all. */
  readonly limit?: number;
}

/** Items in the order of their encoded keys, by code units. */
export class SortedItems {
  private readonly items = new Map<string, Item>();
  private readonly keys: string[] = [];

  get size(): number {
    return this.items.size;
  }

  get(key: string): Item | undefined {
    return this.items.get(key);
  }

  put(key: string, item: Item): void {
    if (!this.items.has(key)) this.keys.splice(this.firstFrom(key), 0, key);
    this.items.set(key, item);
  }

  delete(key: string): void {
    if (this.items.delete(key)) this.keys.splice(this.firstFrom(key), 1);
  }

  values(): Item[] {
    return this.range({});
  }

  /** The items in a range: a list of its own, which later writes leave alone. */
  range({ gt, gte, lt, lte, reverse = false, limit = -1 }: KeyRange): Item[] {
    const from = Math.max(
      gte === undefined ? 0 : this.firstFrom(gte),
      gt === undefined ? 0 : this.firstAfter(gt),
    );
    const to = Math.min(
      lt === undefined ? this.keys.length : this.firstFrom(lt),
      lte === undefined ? this.keys.length : this.firstAfter(lte),
    );
    const keys = this.keys.slice(from, Math.max(from, to));
    if (reverse) keys.reverse();
    return (limit < 0 ? keys : keys.slice(0, limit)).flatMap((key) => {
      const item = this.items.get(key);
      return item ? [item] : [];
    });
  }

  private firstFrom(key: string): number {
    return this.search((candidate) => candidate >= key);
  }

  private firstAfter(key: string): number {
    return this.search((candidate) => candidate > key);
  }

  /** Position of the first key for which a condition holds that holds for all keys after it. */
  private search(holds: (key: string) => boolean): number {
    let low = 0;
    let high = this.keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (holds(this.keys[middle] ?? '')) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
