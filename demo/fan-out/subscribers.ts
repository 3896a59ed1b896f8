import type { Kind } from './announcement';

/** Who hears of orders, and of which: the filters of the stack once more, so that the count does not rest on SNS. */
export const subscribers = {
  invoices: () => true,
  parcels: (kind: Kind) => kind === 'goods',
  loyalty: (kind: Kind) => kind !== 'voucher',
  archive: () => true,
} as const satisfies Record<string, (kind: Kind) => boolean>;

export type SubscriberName = keyof typeof subscribers;

/** In the order of tables and charts. */
export const subscriberNames: readonly SubscriberName[] = [
  'invoices',
  'parcels',
  'loyalty',
  'archive',
];

/** Ids of the published orders that a subscriber has to get. */
export function wantedBy(name: SubscriberName, published: ReadonlyMap<string, Kind>): string[] {
  return [...published].filter(([, kind]) => subscribers[name](kind)).map(([id]) => id);
}
