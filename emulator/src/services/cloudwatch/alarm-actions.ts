import type { Clock } from '../../clock/clock';
import type { ServiceCaller } from '../../iam/caller';
import type { MetricStore } from '../../metrics/metric-store';
import { ServiceError } from '../../protocol/errors';
import type { Alarm } from './alarm';
import type { AlarmHistory } from './alarm-history';
import { functionEvent, type Transition, topicMessage } from './alarm-notification';
import type { AlarmState } from './missing-data';

/** Topics, as far as alarms need them. */
export interface AlarmTopics {
  /** @throws ServiceError what Publish does */
  publish(
    topicArn: string,
    message: { readonly Subject: string; readonly Message: string },
    caller: ServiceCaller,
  ): unknown;
}

/** Functions, as far as alarms need them. */
export interface AlarmFunctions {
  /** Has a function run soon. @param payload - JSON @throws ServiceError */
  invoke(functionArn: string, payload: string, caller: ServiceCaller): unknown;
}

/** What an alarm says to a scaling policy. */
export interface ScalingTrigger {
  readonly alarmName: string;
  readonly state: string;
  /** The latest value of what is watched; undefined if there are no data. */
  readonly value: number | undefined;
  readonly threshold: number;
}

/** Scaling policies, as far as alarms need them. */
export interface AlarmScaling {
  /** @throws ServiceError if there is no such policy, or nothing to scale by */
  run(policyArn: string, trigger: ScalingTrigger): void;
}

/** Those whom alarms tell. */
export interface AlarmTargets {
  readonly topics: AlarmTopics;
  readonly functions: AlarmFunctions;
  readonly scaling: AlarmScaling;
}

/** Carries out the actions of alarms that have changed their state. */
export class AlarmActions {
  constructor(
    private readonly clock: Clock,
    private readonly store: MetricStore,
    private readonly targets: AlarmTargets,
  ) {}

  /** What comes of each is in the history; an action that fails is not tried again, as on AWS. */
  run(transition: Transition, history: AlarmHistory): void {
    const { alarm, to } = transition;
    if (!alarm.actionsEnabled) return;
    for (const arn of actionsOf(alarm, to.value)) {
      void this.clock.work(`action of ${alarm.arn}`, async () => {
        const error = await this.attempt(arn, transition);
        history.add({
          alarmName: alarm.name,
          timestamp: this.clock.now(),
          kind: 'Action',
          summary:
            error === undefined
              ? `Successfully executed action ${arn}`
              : `Failed to execute action ${arn}. Received error: "${error}"`,
          data: JSON.stringify({
            actionState: error === undefined ? 'Succeeded' : 'Failed',
            notificationResource: arn,
            stateUpdateTimestamp: to.updatedAt,
            ...(error !== undefined && { error }),
          }),
        });
      });
    }
  }

  /**
   * Runs the scaling policies of an alarm that stays in its state, as is done every minute; the history has the first time only.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-actions.html
   */
  repeat(alarm: Alarm): void {
    if (!alarm.actionsEnabled) return;
    for (const arn of actionsOf(alarm, alarm.state.value)) {
      if (!isScaling(arn)) continue;
      void this.clock.work(`action of ${alarm.arn}`, async () => this.scale(arn, alarm));
    }
  }

  /** @returns why it failed */
  private async attempt(arn: string, transition: Transition): Promise<string | undefined> {
    const { topics, functions } = this.targets;
    const service = arn.split(':')[2];
    try {
      if (service === 'sns')
        topics.publish(
          arn,
          topicMessage(transition),
          caller(transition, 'cloudwatch.amazonaws.com'),
        );
      else if (service === 'lambda')
        functions.invoke(
          arn,
          JSON.stringify(functionEvent(transition)),
          caller(transition, 'lambda.alarms.cloudwatch.amazonaws.com'),
        );
      else return this.scale(arn, transition.alarm);
      return undefined;
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      return error.message;
    }
  }

  /** @returns why it failed */
  private scale(arn: string, alarm: Alarm): string | undefined {
    try {
      this.targets.scaling.run(arn, {
        alarmName: alarm.name,
        state: alarm.state.value,
        value: alarm.latestValue(this.store, this.clock.now()),
        threshold: alarm.definition.threshold,
      });
      return undefined;
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      return error.message;
    }
  }
}

function actionsOf({ definition }: Alarm, state: AlarmState): readonly string[] {
  const { AlarmActions: onAlarm, InsufficientDataActions, OKActions } = definition.settings;
  const actions = { ALARM: onAlarm, INSUFFICIENT_DATA: InsufficientDataActions, OK: OKActions };
  return actions[state] ?? [];
}

function isScaling(arn: string): boolean {
  return arn.split(':')[2] === 'autoscaling';
}

function caller({ alarm }: Transition, service: string): ServiceCaller {
  const { account } = alarm.place;
  return { kind: 'service', service, account, arn: service, sourceArn: alarm.arn };
}
