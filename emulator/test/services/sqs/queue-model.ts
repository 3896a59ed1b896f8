import fc from 'fast-check';
import type { Queue } from '../../../src/services/sqs';
import type { Delivery } from '../../../src/services/sqs/delivery';
import { startSqs } from './support';

/** One step of a random history of a queue. */
export type Step =
  | {
      readonly do: 'send';
      readonly group: string;
      readonly deduplicationId: number;
      readonly delay: number;
    }
  | { readonly do: 'receive'; readonly max: number; readonly timeout: number }
  /** `which` counts the deliveries so far from the latest. */
  | { readonly do: 'delete' | 'show'; readonly which: number }
  | { readonly do: 'hide'; readonly which: number; readonly timeout: number }
  | { readonly do: 'wait'; readonly seconds: number };

/** Random histories. */
export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({
      do: fc.constant('send' as const),
      group: fc.constantFrom('a', 'b', 'c'),
      // Most are sent once only, so that groups grow.
      deduplicationId: fc.oneof({ weight: 3, arbitrary: fc.nat(10_000) }, fc.nat(6)),
      delay: fc.constantFrom(0, 0, 0, 3),
    }),
    fc.record({
      do: fc.constant('receive' as const),
      max: fc.integer({ min: 1, max: 10 }),
      timeout: fc.constantFrom(0, 5, 30),
    }),
    fc.record({ do: fc.constantFrom('delete' as const, 'show' as const), which: fc.nat(8) }),
    fc.record({
      do: fc.constant('hide' as const),
      which: fc.nat(8),
      timeout: fc.constantFrom(1, 60),
    }),
    fc.record({ do: fc.constant('wait' as const), seconds: fc.constantFrom(1, 5, 30, 270, 300) }),
  ),
  // Without a size no history has more than ten steps.
  { maxLength: 120, size: 'max' },
);

/** What a history does to a queue, in the order in which it happens. */
export interface Observer {
  sent?(messageId: string, step: Step & { do: 'send' }): void;
  received?(delivery: Delivery): void;
  deleted?(messageId: string, delivery: Delivery): void;
}

/** Runs histories on real queues and tells what happened. */
export class History {
  private readonly started = startSqs();
  private readonly deliveries: Delivery[] = [];

  constructor(private readonly observer: Observer) {}

  get faults() {
    return this.started.service.faults;
  }

  get now(): number {
    return this.started.clock.now();
  }

  async create(name: string, attributes: Record<string, string> = {}): Promise<Queue> {
    const url = await this.started.create(name, attributes);
    const queue = this.started.service
      .queues()
      .find(({ address }) => url.endsWith(`/${address.name}`));
    if (!queue) throw new Error(`no queue ${name}`);
    return queue;
  }

  async run(queue: Queue, history: readonly Step[]): Promise<void> {
    for (const step of history) await this.step(queue, step);
  }

  /** Receives and deletes until nothing comes for longer than any timeout. */
  async drain(queue: Queue): Promise<void> {
    for (let quiet = 0; quiet < 3; quiet++) {
      await this.started.clock.advance(60_000);
      for (let batch = this.receive(queue, 10, 300); batch.length > 0; ) {
        quiet = 0;
        for (const delivery of batch) this.remove(queue, delivery);
        batch = this.receive(queue, 10, 300);
      }
    }
  }

  private async step(queue: Queue, step: Step): Promise<void> {
    switch (step.do) {
      case 'send': {
        const [sent] = queue.send([
          {
            content: { body: step.group, md5OfBody: '' },
            senderId: '',
            size: 1,
            delaySeconds: queue.fifo ? undefined : step.delay,
            details: queue.fifo
              ? { groupId: step.group, deduplicationId: String(step.deduplicationId) }
              : undefined,
          },
        ]);
        if (sent) this.observer.sent?.(sent.messageId, step);
        return;
      }
      case 'receive':
        this.receive(queue, step.max, step.timeout);
        return;
      case 'wait':
        await this.started.clock.advance(step.seconds * 1000);
        return;
      default: {
        const delivery = this.deliveries.at(-1 - step.which);
        if (!delivery) return;
        if (step.do === 'delete') this.remove(queue, delivery);
        else this.hide(queue, delivery, step.do === 'hide' ? step.timeout : 0);
      }
    }
  }

  private receive(queue: Queue, maxMessages: number, timeout: number): Delivery[] {
    const deliveries = queue.receiveNow({ maxMessages, visibilityTimeout: timeout * 1000 });
    for (const delivery of deliveries) {
      this.deliveries.push(delivery);
      this.observer.received?.(delivery);
    }
    return deliveries;
  }

  private remove(queue: Queue, delivery: Delivery): void {
    const before = queue.visible + queue.inFlight;
    try {
      queue.delete(delivery.receiptHandle);
    } catch {
      return;
    }
    if (queue.visible + queue.inFlight < before)
      this.observer.deleted?.(delivery.message.id, delivery);
  }

  private hide(queue: Queue, delivery: Delivery, timeout: number): void {
    try {
      queue.changeVisibility(delivery.receiptHandle, timeout * 1000);
    } catch {
      // The message is deleted, or on a FIFO queue its receipt handle has expired.
    }
  }
}
