import { minute } from '../shop/demo';
import { drawChart, type Moment } from '../shop/line-chart';
import { closedBucket, resharding, stoppedFunction } from './outages';

/** What is seen of the clicks at one moment. */
export interface Sample extends Moment {
  /** Clicks that the stream has taken so far. */
  readonly published: number;
  /** Clicks that are in the bucket so far. */
  readonly delivered: number;
  /** Clicks on their way. */
  readonly waiting: number;
}

/** Draws what was published, delivered and waited, as an SVG document. */
export function drawClicks(samples: readonly Sample[], title: string): string {
  return drawChart<Sample>({
    title,
    samples,
    rates: [
      { name: 'published', color: '#2563eb', value: ({ published }) => published },
      { name: 'delivered', color: '#16a34a', value: ({ delivered }) => delivered },
    ],
    waiting: [{ name: 'on their way', color: '#d97706', value: ({ waiting }) => waiting }],
    outages: [
      { ...closedBucket, name: 'bucket closed' },
      { from: resharding, to: resharding + minute / 2, name: 'resharding' },
      { ...stoppedFunction, name: 'function stopped' },
    ],
  });
}
