import { randomSource } from 'cdk-decouple-emulator';
import type { Order } from './order';

/** Something that reaches the front end at a moment of the sale. */
export interface Arrival {
  /** Milliseconds of emulated time since the sale opened. */
  readonly at: number;
  /** The message that the front end sends. */
  readonly body: string;
  /** The order's id; a poison message has one as well, if only for counting. */
  readonly id: string;
  readonly poison: boolean;
}

/** Makes `count` orders of a made-up shop. */
export function generateOrders(count: number, seed: number): Order[] {
  const random = randomSource(seed).stream('sale-day/orders');
  return Array.from({ length: count }, (_, index) => ({
    orderId: `S-${String(index + 1).padStart(6, '0')}`,
    placedAt: '2026-11-27',
    customerId: String(10_000 + random.integer(5_000)),
    pennies: BigInt(199 + random.integer(50_000)),
  }));
}

/** How many times the rate at the opening the sale's busiest moment has. */
export const peakFactor = 9;

/** When the sale is busiest, as a share of its length. */
const peakAt = 0.4;
const peakWidth = 0.12;

/** Rate of arrivals at a moment of the sale (0 to 1), in multiples of the rate at its opening. */
export function arrivalRate(moment: number): number {
  const distance = (moment - peakAt) / peakWidth;
  return 1 + (peakFactor - 1) * Math.exp(-distance * distance);
}

/**
 * Spreads `count` arrivals over a sale so that their rate follows {@link arrivalRate}; in order,
 * in milliseconds since the opening.
 */
export function arrivalTimes(count: number, saleLength: number): number[] {
  const steps = 1_000;
  const cumulative = [0];
  for (let i = 0; i < steps; i++) {
    cumulative.push((cumulative[i] ?? 0) + arrivalRate((i + 0.5) / steps));
  }
  const total = cumulative[steps] ?? 1;
  const times: number[] = [];
  let step = 0;
  for (let i = 0; i < count; i++) {
    const target = ((i + 0.5) / count) * total;
    while ((cumulative[step + 1] ?? total) < target && step < steps - 1) step += 1;
    const [from = 0, to = total] = [cumulative[step], cumulative[step + 1]];
    times.push(((step + (target - from) / (to - from)) / steps) * saleLength);
  }
  return times;
}

/** Messages that can never be written, one of each kind. */
export const poisonMessages = [
  { id: 'poison-not-json', body: '<order>not JSON</order>' },
  {
    id: 'poison-no-customer',
    body: '{"orderId":"poison-no-customer","placedAt":"2026-11-27","amount":"1.00"}',
  },
  {
    id: 'poison-negative',
    body: '{"orderId":"poison-negative","placedAt":"2026-11-27","customerId":"1","amount":"-1.00"}',
  },
  {
    id: 'poison-no-amount',
    body: '{"orderId":"poison-no-amount","placedAt":"2026-11-27","customerId":"1","amount":"a lot"}',
  },
] as const;
