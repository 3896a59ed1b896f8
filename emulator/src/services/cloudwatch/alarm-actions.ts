import type { Clock } from '../../clock/clock';
import type { ServiceCaller } from '../../iam/caller';
import { ServiceError } from '../../protocol/errors';
import type { AlarmHistory } from './alarm-history';
import { functionEvent, type Transition, topicMessage } from './alarm-notification';

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

/** Those whom alarms tell. */
export interface AlarmTargets {
  readonly topics: AlarmTopics;
  readonly functions: AlarmFunctions;
}

/** Carries out the actions of alarms that have changed their state. */
export class AlarmActions {
  constructor(
    private readonly clock: Clock,
    private readonly targets: AlarmTargets,
  ) {}

  /** What comes of each is in the history; an action that fails is not tried again, as on AWS. */
  run(transition: Transition, history: AlarmHistory): void {
    const { alarm, to } = transition;
    if (!alarm.actionsEnabled) return;
    const { AlarmActions: onAlarm, InsufficientDataActions, OKActions } = alarm.definition.settings;
    const actions = { ALARM: onAlarm, INSUFFICIENT_DATA: InsufficientDataActions, OK: OKActions };
    for (const arn of actions[to.value] ?? []) {
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
      else return 'cdk-decouple-emulator has no Auto Scaling yet: nothing was scaled';
      return undefined;
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      return error.message;
    }
  }
}

function caller({ alarm }: Transition, service: string): ServiceCaller {
  const { account } = alarm.place;
  return { kind: 'service', service, account, arn: service, sourceArn: alarm.arn };
}
