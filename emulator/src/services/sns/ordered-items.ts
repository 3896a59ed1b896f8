/**
 * Items by key, in the order in which they were added. Listing costs nothing while nothing changes, and a
 * page is found by its first item's number, so that going through 100,000 items page by page stays linear.
 */
export class OrderedItems<T> {
  private readonly items = new Map<string, { readonly order: number; readonly item: T }>();
  private nextOrder = 0;
  private entries: readonly { readonly order: number; readonly item: T }[] | undefined = [];
  private listed: readonly T[] | undefined = [];

  constructor(private readonly keyOf: (item: T) => string) {}

  get size(): number {
    return this.items.size;
  }

  get(key: string): T | undefined {
    return this.items.get(key)?.item;
  }

  add(item: T): void {
    this.items.set(this.keyOf(item), { order: this.nextOrder++, item });
    this.entries = undefined;
    this.listed = undefined;
  }

  delete(key: string): boolean {
    this.entries = undefined;
    this.listed = undefined;
    return this.items.delete(key);
  }

  /** All of them; the list does not change any more. */
  list(): readonly T[] {
    this.listed ??= this.ordered().map(({ item }) => item);
    return this.listed;
  }

  /**
   * Up to `size` items behind a token.
   *
   * @param token - of the page before; undefined for the first page
   * @param invalid - makes the error for a token that was never given out
   */
  page(
    size: number,
    token: string | undefined,
    invalid: () => Error,
  ): { readonly items: T[]; readonly nextToken: string | undefined } {
    const entries = this.ordered();
    const start = token === undefined ? 0 : firstFrom(entries, orderOf(token, invalid));
    const next = entries[start + size];
    return {
      items: entries.slice(start, start + size).map(({ item }) => item),
      nextToken: next && Buffer.from(`v1:${next.order}`).toString('base64url'),
    };
  }

  private ordered() {
    this.entries ??= [...this.items.values()];
    return this.entries;
  }
}

function orderOf(token: string, invalid: () => Error): number {
  const [, digits] = /^v1:(\d+)$/.exec(Buffer.from(token, 'base64url').toString('latin1')) ?? [];
  if (digits === undefined) throw invalid();
  return Number(digits);
}

/** Position of the first entry with that number or a greater one. */
function firstFrom(entries: readonly { readonly order: number }[], order: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries[middle]?.order ?? order) < order) low = middle + 1;
    else high = middle;
  }
  return low;
}
