import { randomSource } from 'cdk-decouple-emulator';
import { arrivalTimes } from '../shop/arrivals';
import { saleLength } from '../shop/demo';
import type { Order } from '../shop/order';

/** What an order is of. */
export type Kind = 'goods' | 'download' | 'voucher';

/** An order that the shop announces at a moment of the sale. */
export interface Announcement {
  /** Milliseconds of emulated time since the sale opened. */
  readonly at: number;
  readonly order: Order;
  readonly kind: Kind;
}

/** Spreads orders over the sale: seven in ten are of goods, two are downloads, one is a voucher. */
export function announcementsOf(orders: readonly Order[], seed: number): Announcement[] {
  const random = randomSource(seed).stream('fan-out/kinds');
  const times = arrivalTimes(orders.length, saleLength);
  return orders.map((order, index) => {
    const draw = random.integer(10);
    const kind = draw < 7 ? 'goods' : draw < 9 ? 'download' : 'voucher';
    return { at: times[index] ?? 0, order, kind };
  });
}
