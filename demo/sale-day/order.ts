/** One order, as the front end accepts it. */
export interface Order {
  readonly orderId: string;
  /** ISO 8601 date or time at which the customer placed it. */
  readonly placedAt: string;
  readonly customerId: string;
  /** Pennies. Money is never a floating-point number here. */
  readonly pennies: bigint;
}

/** Pennies as a decimal amount, such as `139.12`. */
export function decimalAmount(pennies: bigint): string {
  const sign = pennies < 0n ? '-' : '';
  const digits = (pennies < 0n ? -pennies : pennies).toString().padStart(3, '0');
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** A decimal amount with at most two places as pennies; undefined if it is not one. */
export function parseAmount(text: string): bigint | undefined {
  const match = /^(-?)(\d{1,15})(?:\.(\d{1,2}))?$/.exec(text.trim());
  if (!match) return undefined;
  const [, sign = '', whole = '0', places = ''] = match;
  const pennies = BigInt(whole) * 100n + BigInt(places.padEnd(2, '0'));
  return sign ? -pennies : pennies;
}

/** The message that the front end sends for an order. */
export function orderMessage(order: Order): string {
  return JSON.stringify({
    orderId: order.orderId,
    placedAt: order.placedAt,
    customerId: order.customerId,
    amount: decimalAmount(order.pennies),
  });
}
