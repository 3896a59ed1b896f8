import { drawChart, type Moment, type Span } from '../shop/line-chart';

/** The state of the sale at one moment. */
export interface Sample extends Moment {
  /** Orders accepted so far. */
  readonly accepted: number;
  /** Messages in the queue, in flight ones included. */
  readonly depth: number;
  /** Rows in the database. */
  readonly written: number;
}

/** Draws arrivals, queue depth and writes over the sale as an SVG document. */
export function drawSale(samples: readonly Sample[], outage: Span, title: string): string {
  return drawChart({
    title,
    samples,
    rates: [
      { name: 'orders accepted', color: '#2563eb', value: ({ accepted }) => accepted },
      { name: 'rows written', color: '#16a34a', value: ({ written }) => written },
    ],
    waiting: [{ name: 'queue depth', color: '#d97706', value: ({ depth }) => depth }],
    outages: [{ ...outage, name: 'database stopped' }],
  });
}
