/** An order as the store has it. */
export interface StoredOrder {
  readonly orderId: string;
  readonly position: number;
  readonly amount: string;
}

/** Writers that are kept waiting in the middle of a batch. */
export interface BlockedWriters {
  /**
   * Resolves once so many of them wait.
   *
   * @param settled - resolves when the clock has settled
   */
  waiting(settled: Promise<void>): Promise<void>;
  release(): Promise<void>;
}

/** What a shop writes its orders to, whichever sink it is: what the patterns do to it and ask of it. */
export interface ShopStore {
  /** Orders that are many for it. */
  readonly volume: number;
  /** Orders that can never be written, as messages' bodies. */
  readonly poison: readonly string[];
  /** One that can be written after {@link repair}. */
  readonly repairable: string;
  /** Whether {@link orders} returns them in the order in which they were written. */
  readonly knowsOrder: boolean;
  /** All orders. */
  orders(table?: string): Promise<StoredOrder[]>;
  rowCount(table?: string): Promise<number>;
  /** Has the store turn away whatever comes. */
  stop(): Promise<void>;
  /** Has it take again what comes. */
  start(): Promise<void>;
  repair(): Promise<void>;
  /** Keeps every writer waiting in the middle of its batch until it is released. */
  blockWriters(writers: number): Promise<BlockedWriters>;
}
