import { minute } from '../shop/demo';
import type { Span } from '../shop/line-chart';

/** When an encoder dies in the middle of what it does. */
export const death = 7 * minute;

/** When one of the two zones is lost. */
export const lostZone: Span = { from: 11 * minute, to: 15 * minute };
