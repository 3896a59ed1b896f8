import { arrivalTimes } from '../shop/arrivals';
import { saleLength } from '../shop/demo';
import { decimalAmount, type Order } from '../shop/order';

/** A click on the website at a moment of the sale. */
export interface Click {
  /** Milliseconds of emulated time since the sale opened. */
  readonly at: number;
  readonly id: string;
  /** Whose: the clicks of a customer stay in their order. */
  readonly customerId: string;
  /** What is sent. */
  readonly body: string;
  readonly broken: boolean;
}

/** One in so many clicks is no JSON: an old version of the website is still out there. */
const brokenEvery = 500;

/** A click for each order, spread over the sale; `position` counts those of a customer. */
export function clicksOf(orders: readonly Order[]): Click[] {
  const times = arrivalTimes(orders.length, saleLength);
  const positions = new Map<string, number>();
  return orders.map(({ customerId, orderId, pennies }, index) => {
    const position = (positions.get(customerId) ?? 0) + 1;
    positions.set(customerId, position);
    const broken = index % brokenEvery === brokenEvery - 1;
    const body = broken
      ? `click=${orderId}&customer=${customerId}`
      : `{"clickId":"${orderId}","customerId":"${customerId}","position":${position},"price":${decimalAmount(pennies)},"ip":"198.51.100.${index % 256}"}`;
    return { at: times[index] ?? 0, id: orderId, customerId, body, broken };
  });
}
