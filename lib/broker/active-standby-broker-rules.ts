import { Token } from 'aws-cdk-lib';
import { failuresOf, integerBetween, isKnown, type ValidationRule } from '../validation';
import { ALARM_TOPIC_RULE } from '../work-queue/work-queue-rules';
import type { ActiveStandbyBrokerProps } from './active-standby-broker-props';
import { WEB_CONSOLE_GROUP } from './activemq-configuration/authorization';
import { type BrokerChoice, whyNot } from './broker-catalog';
import { enoughZones } from './broker-network';
import { USERS_RULES } from './broker-users';
import { ActiveMqVersion } from './engine-version';
import { MAINTENANCE_WINDOW_RULE } from './maintenance-window';

/** Where the props do not say. */
export const DEFAULT_ACTIVEMQ_VERSION = ActiveMqVersion.V5_19;
export const DEFAULT_BROKER_INSTANCE_TYPE = 'm5.large';

/** An active and a standby one. */
export const PAIR = 2;

/** All that is wrong with the props. */
export function activeStandbyBrokerFailures(props: ActiveStandbyBrokerProps): string[] {
  const { configuration, users } = props;
  return [
    ...failuresOf(props, RULES),
    ...failuresOf(users, USERS_RULES),
    ...(configuration?.failures ?? []),
  ];
}

/** A name of a broker, of either engine. */
export const BROKER_NAME_RULE: ValidationRule<{ readonly brokerName?: string }> = {
  fails: ({ brokerName }) => isKnown(brokerName) && !/^[A-Za-z0-9_-]{1,50}$/.test(brokerName),
  message: ({ brokerName }) =>
    `brokerName must be 1 to 50 letters, digits, hyphens and underscores, got '${brokerName}'`,
};

const RULES: ReadonlyArray<ValidationRule<ActiveStandbyBrokerProps>> = [
  BROKER_NAME_RULE,
  {
    fails: (props) => pairFailure(props) !== undefined,
    message: (props) => pairFailure(props) ?? '',
  },
  enoughZones(
    () => PAIR,
    () => 'an active/standby pair',
  ),
  MAINTENANCE_WINDOW_RULE,
  {
    fails: (props) => strangers(props).length > 0,
    message: (props) =>
      `the authorization of the configuration names ${strangers(props).join(', ')}, and no user is of such a group`,
  },
  {
    fails: ({ configuration, users }) =>
      (configuration?.authorization ?? []).length > 0 &&
      Object.values(users).some(({ consoleAccess }) => consoleAccess === true) &&
      !configuration?.authorization.some(({ groups }) => groups.includes(WEB_CONSOLE_GROUP)),
    message: () =>
      `a user has consoleAccess, and the authorization of the configuration does not let the console in: add the group ${WEB_CONSOLE_GROUP} to its entries, or take consoleAccess away`,
  },
  percent('cpuPercent', ({ alarmThresholds }) => alarmThresholds?.cpuPercent),
  percent('heapPercent', ({ alarmThresholds }) => alarmThresholds?.heapPercent),
  percent('storePercent', ({ alarmThresholds }) => alarmThresholds?.storePercent),
  integerBetween(
    'alarmThresholds.journalFiles',
    ({ alarmThresholds }) => alarmThresholds?.journalFiles,
    { min: 1, max: Number.MAX_SAFE_INTEGER },
  ),
  ALARM_TOPIC_RULE,
];

function percent(
  name: string,
  get: (props: ActiveStandbyBrokerProps) => number | undefined,
): ValidationRule<ActiveStandbyBrokerProps> {
  return integerBetween(`alarmThresholds.${name}`, get, { min: 1, max: 100 });
}

function pairFailure({ engineVersion, instanceType }: ActiveStandbyBrokerProps) {
  return whyNotUnlessUnknown({
    engine: 'ACTIVEMQ',
    version: (engineVersion ?? DEFAULT_ACTIVEMQ_VERSION).version,
    instanceType: `mq.${instanceType ?? DEFAULT_BROKER_INSTANCE_TYPE}`,
    storage: 'EFS',
    mode: 'ACTIVE_STANDBY_MULTI_AZ',
  });
}

/** Nothing is said of what is only known at deployment. */
export function whyNotUnlessUnknown(choice: BrokerChoice): string | undefined {
  return Token.isUnresolved(choice.version) || Token.isUnresolved(choice.instanceType)
    ? undefined
    : whyNot(choice);
}

/** Groups in the authorisation map that nobody is of. */
function strangers({ configuration, users }: ActiveStandbyBrokerProps): string[] {
  const groups = new Set([
    WEB_CONSOLE_GROUP,
    ...Object.values(users).flatMap(({ groups: own = [] }) => own),
  ]);
  const named = configuration?.authorization.flatMap((entry) => entry.groups) ?? [];
  return [...new Set(named)].filter((group) => !groups.has(group));
}
