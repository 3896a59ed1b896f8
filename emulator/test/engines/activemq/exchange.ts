import type { Messaging } from './messaging';

/** How an exchange goes. */
export interface ExchangePlan {
  readonly messages: number;
  /** How many are sent without being confirmed, and delivered without being acknowledged. */
  readonly inFlight: number;
  /** What happens when half of all messages are confirmed. */
  readonly interrupt: () => Promise<void>;
}

/** What came of it. */
export interface ExchangeResult {
  /** Delivered more than once. */
  readonly duplicates: string[];
  /** What may be delivered again: it was not confirmed, or delivered and not acknowledged, when the connection broke. */
  readonly inFlight: ReadonlySet<string>;
}

/**
 * Sends numbered messages while they are consumed, and interrupts it half-way with at least `inFlight` of them sent and
 * not confirmed or delivered and not acknowledged.
 *
 * @returns when every single one has been delivered
 */
export async function exchange(messaging: Messaging, plan: ExchangePlan): Promise<ExchangeResult> {
  const texts = Array.from({ length: plan.messages }, (_, index) => `message ${index + 1}`);
  const deliveries = new Map<string, number>();
  const unconfirmed = new Set<string>();
  const unacknowledged = new Map<string, () => void>();
  let held = true;
  let confirmed = 0;
  let interruption: Promise<void> | undefined;
  let atInterruption = new Set<string>();
  let allArrived = () => {};
  const arrived = new Promise<void>((resolve) => {
    allArrived = resolve;
  });
  await messaging.consume(({ acknowledge, text }) => {
    deliveries.set(text, (deliveries.get(text) ?? 0) + 1);
    if (held) unacknowledged.set(text, acknowledge);
    else acknowledge();
    if (!held && deliveries.size === plan.messages) allArrived();
  });
  const interrupt = async () => {
    const before = [...unconfirmed];
    await plan.interrupt();
    atInterruption = new Set([...before, ...unconfirmed, ...unacknowledged.keys()]);
    held = false;
    for (const acknowledge of unacknowledged.values()) acknowledge();
    if (deliveries.size === plan.messages) allArrived();
  };
  const sendNext = async (): Promise<void> => {
    const text = texts.shift();
    if (text === undefined) return;
    unconfirmed.add(text);
    await messaging.send(text);
    unconfirmed.delete(text);
    confirmed++;
    if (confirmed === plan.messages / 2) interruption = interrupt();
    await sendNext();
  };
  await Promise.all(Array.from({ length: plan.inFlight }, sendNext));
  await interruption;
  await arrived;
  return {
    duplicates: [...deliveries].filter(([, count]) => count > 1).map(([text]) => text),
    inFlight: atInterruption,
  };
}
