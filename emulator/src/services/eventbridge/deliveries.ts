import type { Caller, ServiceCaller } from '../../iam/caller';
import { ServiceError } from '../../protocol/errors';
import type { ServiceEnvironment } from '../service';
import type { BusEvent } from './bus-event';
import { type DeliveryFailure, deliveryFailure } from './delivery-failure';
import type { EventsMetricName } from './metrics';
import { retryDelay } from './retry-schedule';
import type { Rule } from './rule';
import type { Target } from './target';
import { type TargetServices, textAttribute } from './target-services';

/** What deliveries need besides the targets' services: other buses. */
export interface DeliveryServices extends TargetServices {
  readonly buses: {
    /** @returns the event's id */
    forward(rule: Rule, busArn: string, event: BusEvent, caller: Caller): string;
  };
}

/** One event for one target. */
interface Delivery {
  readonly rule: Rule;
  readonly target: Target;
  readonly event: BusEvent;
  /** How often it has been tried. */
  attempts: number;
}

/** Which limit of a target's retry policy has ended a delivery, as the dead-letter queue is told. */
type ExhaustedCondition = 'MaximumEventAgeInSeconds' | 'MaximumRetryAttempts';

const service = 'events.amazonaws.com';

/**
 * Brings events to the targets of rules.
 *
 * Nobody waits for it: a delivery is a timer that is due at once. One that fails for a while is tried again by the
 * target's retry policy; what lacks permission or is not there is not. What cannot be delivered goes to the target's
 * dead-letter queue, or is lost. The journal knows each by the event's id.
 */
export class Deliveries {
  constructor(
    private readonly env: ServiceEnvironment,
    private readonly services: DeliveryServices,
  ) {}

  /** Sends an event to every target that a rule has now. */
  trigger(rule: Rule, event: BusEvent): void {
    this.count(rule, 'TriggeredRules');
    for (const target of rule.targets.values())
      this.later(0, { rule, target, event, attempts: 0 }, (delivery) => this.attempt(delivery));
  }

  private later(delay: number, delivery: Delivery, run: (delivery: Delivery) => void): void {
    const { rule, target } = delivery;
    this.env.clock.after(delay, `${rule.arn} to ${target.arn}`, () => run(delivery));
  }

  private attempt(delivery: Delivery): void {
    const { rule } = delivery;
    this.count(rule, 'InvocationAttempts');
    if (delivery.attempts > 0) this.count(rule, 'RetryInvocationAttempts');
    delivery.attempts += 1;
    try {
      this.delivered(delivery, this.send(delivery));
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      this.failed(delivery, error);
    }
  }

  /** @returns the id under which the target knows the event */
  private send({ rule, target, event }: Delivery): string | undefined {
    const { queues, topics, functions, buses } = this.services;
    const caller = this.callerFor(rule, target);
    const input = () => target.inputFor(event, { ruleArn: rule.arn, ruleName: rule.name });
    switch (target.kind) {
      case 'queue': {
        const { traceHeader } = event;
        return queues.send(
          target.arn,
          {
            MessageBody: input(),
            MessageGroupId: target.given.SqsParameters?.MessageGroupId,
            ...(traceHeader !== undefined && {
              MessageSystemAttributes: { AWSTraceHeader: textAttribute(traceHeader) },
            }),
          },
          caller,
        );
      }
      case 'topic':
        return topics.publish(target.arn, input(), caller);
      case 'function':
        return functions.invoke(target.arn, input(), caller);
      case 'bus':
        return buses.forward(rule, target.arn, event, caller);
    }
  }

  /**
   * Who calls the target: its role where it has one, else EventBridge on behalf of the rule. Buses are not told of
   * rules: without a role, the account of the rule calls them.
   */
  private callerFor(rule: Rule, target: Target): Caller {
    const eventBridge = serviceCaller(rule);
    const { RoleArn: roleArn } = target.given;
    if (roleArn === undefined)
      return target.kind === 'bus'
        ? this.env.identities.resolve(rule.bus.address.account)
        : eventBridge;
    try {
      this.env.authorize({ caller: eventBridge, action: 'sts:AssumeRole', resource: roleArn });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      throw new ServiceError('FAILED_TO_ASSUME_ROLE', error.message);
    }
    const session = this.env.identities.openSession(roleArn, `Events_${rule.name}`);
    this.env.identities.closeSession(session.accessKeyId);
    return session.caller;
  }

  private delivered(delivery: Delivery, id: string | undefined): void {
    const { rule } = delivery;
    this.count(rule, 'Invocations');
    this.count(rule, 'SuccessfulInvocationAttempts');
    this.record('delivered', delivery, { as: id ?? '' });
  }

  private failed(delivery: Delivery, error: ServiceError): void {
    const { target, event, attempts } = delivery;
    const failure = deliveryFailure(error);
    const reason = `${error.code}: ${error.message}`;
    const deadline = event.ingestedAt + target.retries.age;
    const now = this.env.clock.now();
    const exhausted =
      attempts > target.retries.attempts
        ? 'MaximumRetryAttempts'
        : now >= deadline
          ? 'MaximumEventAgeInSeconds'
          : undefined;
    if (!failure.passing || exhausted) {
      this.record('failed', delivery, { reason, attempt: attempts });
      this.giveUp(delivery, failure, failure.passing ? exhausted : undefined);
      return;
    }
    const delay = retryDelay(attempts - 1);
    const tooLate = now + delay > deadline;
    this.record('failed', delivery, {
      reason,
      attempt: attempts,
      ...(!tooLate && { retryInMilliseconds: delay }),
    });
    if (tooLate)
      this.later(deadline - now, delivery, () =>
        this.giveUp(delivery, failure, 'MaximumEventAgeInSeconds'),
      );
    else this.later(delay, delivery, () => this.attempt(delivery));
  }

  /** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-event-delivery.html#eb-rule-dlq */
  private giveUp(
    delivery: Delivery,
    failure: DeliveryFailure,
    exhausted: ExhaustedCondition | undefined,
  ): void {
    const { rule, target, event } = delivery;
    this.count(rule, 'Invocations');
    this.count(rule, 'FailedInvocations');
    const { deadLetterQueue: queueArn } = target;
    if (queueArn === undefined) return;
    const attributes = {
      RULE_ARN: rule.arn,
      TARGET_ARN: target.arn,
      ERROR_CODE: failure.code,
      ERROR_MESSAGE: failure.message,
      RETRY_ATTEMPTS: String(delivery.attempts - 1),
      ...(exhausted && { EXHAUSTED_RETRY_CONDITION: exhausted }),
    };
    const message = {
      MessageBody: event.text,
      MessageAttributes: Object.fromEntries(
        Object.entries(attributes).map(([name, text]) => [name, textAttribute(text)]),
      ),
    };
    try {
      const id = this.services.queues.send(queueArn, message, serviceCaller(rule));
      this.count(rule, 'InvocationsSentToDlq');
      this.record('dead-lettered', delivery, { deadLetterQueue: queueArn, as: id ?? '' });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      this.count(rule, 'InvocationsFailedToBeSentToDlq');
      this.record('failed', delivery, {
        deadLetterQueue: queueArn,
        reason: `${error.code}: ${error.message}`,
      });
    }
  }

  private count(rule: Rule, metric: EventsMetricName): void {
    rule.metrics.add(metric, this.env.clock.now());
  }

  private record(
    kind: 'delivered' | 'failed' | 'dead-lettered',
    { rule, target, event }: Delivery,
    detail: Readonly<Record<string, string | number>>,
  ): void {
    this.env.journal.record(kind, event.document.id, target.arn, { rule: rule.arn, ...detail });
  }
}

/** EventBridge, as it calls others on behalf of a rule. */
function serviceCaller(rule: Rule): ServiceCaller {
  const { account } = rule.bus.address;
  return { kind: 'service', service, account, arn: service, sourceArn: rule.arn };
}
