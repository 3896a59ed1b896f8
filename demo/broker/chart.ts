import { drawChart, type Moment, type Span, seconds } from '../shop/line-chart';

/** What is seen of the exchange at one moment, in real milliseconds. */
export interface Sample extends Moment {
  /** Orders that the broker has confirmed so far. */
  readonly confirmed: number;
  /** Orders that the warehouse has got so far. */
  readonly received: number;
  /** Orders that the shop has sent, and the broker not confirmed. */
  readonly unconfirmed: number;
  /** Orders that the broker has confirmed, and the warehouse not got. */
  readonly stored: number;
}

/** Draws what was confirmed, received and waited, as an SVG document. */
export function drawFailover(samples: readonly Sample[], failover: Span, title: string): string {
  return drawChart<Sample>({
    title,
    samples,
    timeline: seconds,
    rates: [
      { name: 'confirmed', color: '#2563eb', value: ({ confirmed }) => confirmed },
      { name: 'received', color: '#16a34a', value: ({ received }) => received },
    ],
    waiting: [
      { name: 'not confirmed', color: '#d97706', value: ({ unconfirmed }) => unconfirmed },
      { name: 'stored, not received', color: '#9333ea', value: ({ stored }) => stored },
    ],
    outages: [{ ...failover, name: 'no active member' }],
  });
}
