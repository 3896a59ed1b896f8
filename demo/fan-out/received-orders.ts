/** What one subscriber has got. It does its work for an order once, however often it comes. */
export class ReceivedOrders {
  private readonly seen = new Set<string>();
  private again = 0;

  get ids(): ReadonlySet<string> {
    return this.seen;
  }

  /** Deliveries of an order that had come before. */
  get duplicatesAbsorbed(): number {
    return this.again;
  }

  /** @param message - as the shop published it */
  take(message: string): void {
    const { orderId } = JSON.parse(message) as { orderId: string };
    if (this.seen.has(orderId)) this.again += 1;
    else this.seen.add(orderId);
  }
}
