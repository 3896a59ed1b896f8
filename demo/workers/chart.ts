import { minute } from '../shop/demo';
import { drawChart, type Moment } from '../shop/line-chart';
import { death, lostZone } from './outages';

/** What is seen of the videos and of their encoders at one moment. */
export interface Sample extends Moment {
  /** Requests that the front end has taken so far. */
  readonly accepted: number;
  /** Videos whose results are in the bucket so far. */
  readonly encoded: number;
  /** Messages in the queue that nobody works on. */
  readonly waiting: number;
  /** Messages that are being worked on. */
  readonly inFlight: number;
  /** Encoders that are asked for. */
  readonly desired: number;
  /** Encoders in service. */
  readonly inService: number;
  /** Encoders that there are, those that come and go included. */
  readonly encoders: number;
  /** Emulated milliseconds that the oldest video without a result has waited. */
  readonly age: number;
}

/** Draws arrivals, depth, capacity and age, as an SVG document. */
export function drawVideos(samples: readonly Sample[], title: string): string {
  return drawChart<Sample>({
    title,
    samples,
    rates: [
      { name: 'accepted', color: '#2563eb', value: ({ accepted }) => accepted },
      { name: 'encoded', color: '#16a34a', value: ({ encoded }) => encoded },
    ],
    waiting: [
      { name: 'waiting', color: '#d97706', value: ({ waiting }) => waiting },
      { name: 'in flight', color: '#0891b2', value: ({ inFlight }) => inFlight },
    ],
    more: [
      {
        name: 'encoders',
        lines: [
          { name: 'asked for', color: '#9333ea', value: ({ desired }) => desired },
          { name: 'in service', color: '#4b5563', value: ({ inService }) => inService },
        ],
      },
      {
        name: 'minutes that the oldest waits',
        lines: [{ name: 'age', color: '#be123c', value: ({ age }) => age / minute }],
      },
    ],
    outages: [
      { from: death, to: death + minute / 4, name: 'an encoder dies' },
      { ...lostZone, name: 'a zone lost' },
    ],
  });
}
