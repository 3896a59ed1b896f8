import { drawChart, type Moment } from '../shop/line-chart';
import { archiveOutage, brokenPolicy, loyaltyPause } from './outages';
import { type SubscriberName, subscriberNames } from './subscribers';

/** What is seen of the announcements at one moment. */
export interface Sample extends Moment {
  /** Orders published so far. */
  readonly published: number;
  /** Orders that each subscriber has got so far. */
  readonly delivered: Readonly<Record<SubscriberName, number>>;
  /** Orders that were published for it and that it has not got yet. */
  readonly waiting: Readonly<Record<SubscriberName, number>>;
}

const colors: Readonly<Record<SubscriberName, string>> = {
  invoices: '#16a34a',
  parcels: '#9333ea',
  loyalty: '#d97706',
  archive: '#0891b2',
};

/** Draws what was published, delivered and waited, as an SVG document. */
export function drawAnnouncements(samples: readonly Sample[], title: string): string {
  return drawChart<Sample>({
    title,
    samples,
    rates: [
      { name: 'published', color: '#2563eb', value: ({ published }) => published },
      ...subscriberNames.map((name) => ({
        name,
        color: colors[name],
        value: ({ delivered }: Sample) => delivered[name],
      })),
    ],
    waiting: subscriberNames.map((name) => ({
      name,
      color: colors[name],
      value: ({ waiting }) => waiting[name],
    })),
    outages: [
      { ...archiveOutage, name: 'archive down' },
      { ...brokenPolicy, name: 'invoices shut' },
      { ...loyaltyPause, name: 'loyalty stopped' },
    ],
  });
}
