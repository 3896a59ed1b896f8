import type { MetricSink } from '../../metrics/metric-sink';
import type { EventBus } from './event-bus';
import type { EventPattern } from './event-pattern';
import { type EventsMetrics, ruleMetrics } from './metrics';
import { ruleArn } from './names';
import type { Schedule } from './schedule-expression';
import type { Target } from './target';

/** What PutRule says of a rule; each call says all of it anew. */
export interface RuleDefinition {
  readonly description: string | undefined;
  readonly pattern: EventPattern | undefined;
  readonly schedule: Schedule | undefined;
  readonly enabled: boolean;
  readonly roleArn: string | undefined;
}

/** A rule of a bus: which events, or when, and the targets. */
export class Rule {
  readonly arn: string;
  readonly tags = new Map<string, string>();
  readonly targets = new Map<string, Target>();
  readonly metrics: EventsMetrics;
  deleted = false;

  constructor(
    readonly bus: EventBus,
    readonly name: string,
    public definition: RuleDefinition,
    sink: MetricSink,
  ) {
    this.metrics = ruleMetrics(sink, bus.address, name);
    this.arn = ruleArn(bus.address, name);
  }

  /** As DescribeRule and ListRules show it. */
  describe() {
    const { description, pattern, schedule, enabled, roleArn } = this.definition;
    return {
      Name: this.name,
      Arn: this.arn,
      EventPattern: pattern?.text,
      ScheduleExpression: schedule?.text,
      State: enabled ? ('ENABLED' as const) : ('DISABLED' as const),
      Description: description,
      RoleArn: roleArn,
      EventBusName: this.bus.address.name,
    };
  }
}
