import type { Timer } from '../../clock/clock';
import type { ServiceEnvironment } from '../service';
import { busEvent } from './bus-event';
import type { Deliveries } from './deliveries';
import type { Rule } from './rule';

/** Runs rules when their schedules say so. */
export class Schedules {
  private readonly timers = new Map<Rule, Timer>();

  constructor(
    private readonly env: ServiceEnvironment,
    private readonly deliveries: Deliveries,
  ) {}

  /** Begins the schedule that a rule has now, if it has one and is enabled; ends what it had before. */
  restart(rule: Rule): void {
    this.stop(rule);
    const { schedule, enabled } = rule.definition;
    if (!schedule || !enabled || rule.deleted) return;
    const start = this.env.clock.now();
    const wait = (after: number) => {
      const due = schedule.next(after, start);
      if (due === undefined) return;
      const timer = this.env.clock.at(due, `schedule of ${rule.arn}`, () => {
        wait(due);
        this.run(rule, due);
      });
      this.timers.set(rule, timer);
    };
    wait(start);
  }

  stop(rule: Rule): void {
    this.timers.get(rule)?.cancel();
    this.timers.delete(rule);
  }

  stopAll(): void {
    for (const timer of this.timers.values()) timer.cancel();
    this.timers.clear();
  }

  private run(rule: Rule, time: number): void {
    const { account, region } = rule.bus.address;
    const event = busEvent(
      {
        id: this.env.random.stream(`events/${rule.arn}/schedule`).uuid(),
        'detail-type': 'Scheduled Event',
        source: 'aws.events',
        account,
        region,
        resources: [rule.arn],
        detail: {},
        time,
      },
      this.env.clock.now(),
    );
    this.env.journal.record('published', event.document.id, rule.arn);
    this.deliveries.trigger(rule, event);
  }
}
