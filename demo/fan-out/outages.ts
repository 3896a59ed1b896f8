import { minute } from '../shop/demo';
import type { Span } from '../shop/line-chart';

/** When the archive answers 503. */
export const archiveOutage: Span = { from: 4 * minute, to: 8 * minute };

/** When the policy of the invoices' queue does not let SNS in. */
export const brokenPolicy: Span = { from: 6 * minute, to: 8 * minute };

/** When what was not delivered to it is sent on. */
export const sendingOn = 9 * minute;

/** When the consumer of the loyalty points has stopped. */
export const loyaltyPause: Span = { from: 7 * minute, to: 12 * minute };
