/** One order, as the front end accepts it. */
export interface Order {
  readonly orderId: string;
  /** Day on which the customer placed it, such as `2026-11-27`. */
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

/** A decimal amount with at most 12 digits and two places, as the table holds it, in pennies; undefined if it is not one. */
export function parseAmount(text: string): bigint | undefined {
  const match = /^(-?)(\d{1,12})(?:\.(\d{1,2}))?$/.exec(text.trim());
  if (!match) return undefined;
  const [, sign = '', whole = '0', places = ''] = match;
  const pennies = BigInt(whole) * 100n + BigInt(places.padEnd(2, '0'));
  return sign ? -pennies : pennies;
}

/**
 * The day of a date or time, as the database takes it, such as `2026-11-27`; undefined if it is not one.
 *
 * ISO 8601 and, as spreadsheets write it, `month/day/year`: what `Date.parse` takes besides is a guess.
 */
export function parseDay(text: string): string | undefined {
  const [, isoYear, isoMonth, isoDay] = /^(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?$/.exec(text) ?? [];
  const [, month, day, year] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?: .*)?$/.exec(text) ?? [];
  const iso = isoYear
    ? `${isoYear}-${isoMonth}-${isoDay}`
    : `${year}-${month?.padStart(2, '0')}-${day?.padStart(2, '0')}`;
  const time = Date.parse(`${iso}T00:00:00Z`);
  // The 30th of February would be the 2nd of March.
  if (Number.isNaN(time) || Number.isNaN(Date.parse(text))) return undefined;
  return new Date(time).toISOString().startsWith(iso) ? iso : undefined;
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
