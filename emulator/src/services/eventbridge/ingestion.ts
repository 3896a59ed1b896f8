import { fieldsOf } from '../../filters';
import type { ServiceEnvironment } from '../service';
import type { BusEvent } from './bus-event';
import type { Deliveries } from './deliveries';
import type { EventBus } from './event-bus';

/** Takes events in, and finds the rules that they are for. */
export class Ingestion {
  constructor(
    private readonly env: ServiceEnvironment,
    private readonly deliveries: Deliveries,
  ) {}

  /** An event has arrived on a bus. */
  ingest(bus: EventBus, event: BusEvent): void {
    const { document } = event;
    const fields = fieldsOf(document);
    const rules = [...bus.rules.values()].filter(
      ({ definition: { enabled, pattern } }) => enabled && pattern?.matches(fields),
    );
    const kind = rules.length > 0 ? 'published' : 'filtered-out';
    this.env.journal.record(kind, document.id, bus.arn, {
      source: document.source,
      detailType: document['detail-type'],
    });
    for (const rule of rules) {
      rule.metrics.add('MatchedEvents', this.env.clock.now());
      this.deliveries.trigger(rule, event);
    }
  }
}
