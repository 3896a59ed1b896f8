import { Token } from 'aws-cdk-lib';
import { failuresOf, integerBetween, isKnown, type ValidationRule } from '../validation';
import { ALARM_TOPIC_RULE } from '../work-queue/work-queue-rules';
import { BROKER_NAME_RULE, whyNotUnlessUnknown } from './active-standby-broker-rules';
import { enoughZones } from './broker-network';
import { RabbitMqVersion } from './engine-version';
import { MAINTENANCE_WINDOW_RULE } from './maintenance-window';
import type { RabbitMqBrokerProps } from './rabbit-mq-broker-props';
import { whyNotOfSize } from './rabbit-mq-storage';

/** Where the props do not say. */
export const DEFAULT_RABBITMQ_VERSION = RabbitMqVersion.V4_2;
export const DEFAULT_RABBITMQ_INSTANCE_TYPE = 'm7g.large';
export const DEFAULT_ADMIN = 'admin';

/** How many nodes a broker has. */
export function nodesOf({ cluster = true }: RabbitMqBrokerProps): number {
  return cluster ? 3 : 1;
}

/** All that is wrong with the props. */
export function rabbitMqBrokerFailures(props: RabbitMqBrokerProps): string[] {
  return failuresOf(props, RULES);
}

const RULES: ReadonlyArray<ValidationRule<RabbitMqBrokerProps>> = [
  BROKER_NAME_RULE,
  {
    fails: (props) => choiceFailure(props) !== undefined,
    message: (props) => choiceFailure(props) ?? '',
  },
  {
    fails: (props) => storageFailure(props) !== undefined,
    message: (props) => storageFailure(props) ?? '',
  },
  enoughZones(
    // Amazon MQ takes no subnets of a public one.
    (props) => (props.publiclyAccessible === true ? 0 : nodesOf(props)),
    ({ cluster = true }) => (cluster ? 'a cluster of RabbitMQ' : 'a single broker of RabbitMQ'),
  ),
  {
    fails: ({ publiclyAccessible, vpcSubnets }) =>
      publiclyAccessible === true && vpcSubnets !== undefined,
    message: () =>
      'vpcSubnets must be left out of a broker that is publicly accessible: Amazon MQ takes none for RabbitMQ',
  },
  {
    fails: ({ adminUsername }) =>
      isKnown(adminUsername) &&
      (!/^[A-Za-z0-9\-._~]{2,100}$/.test(adminUsername) || adminUsername === 'guest'),
    message: ({ adminUsername }) =>
      `adminUsername must be 2 to 100 letters, digits and - . _ ~, and not guest, got '${adminUsername}'`,
  },
  {
    fails: (props) => wrongSettings(props).length > 0,
    message: (props) =>
      `settings of the configuration must be names such as consumer_timeout with values of one line, got ${wrongSettings(props).join(', ')}`,
  },
  MAINTENANCE_WINDOW_RULE,
  integerBetween('memoryAlarmPercent', ({ memoryAlarmPercent }) => memoryAlarmPercent, {
    min: 1,
    max: 100,
  }),
  integerBetween('diskAlarmPercent', ({ diskAlarmPercent }) => diskAlarmPercent, {
    min: 100,
    max: 10_000,
  }),
  ALARM_TOPIC_RULE,
];

function choiceFailure(props: RabbitMqBrokerProps) {
  const { engineVersion = DEFAULT_RABBITMQ_VERSION, instanceType } = props;
  return whyNotUnlessUnknown({
    engine: 'RABBITMQ',
    version: engineVersion.version,
    instanceType: `mq.${instanceType ?? DEFAULT_RABBITMQ_INSTANCE_TYPE}`,
    storage: 'EBS',
    mode: nodesOf(props) === 1 ? 'SINGLE_INSTANCE' : 'CLUSTER_MULTI_AZ',
  });
}

function storageFailure({ instanceType, storageSize }: RabbitMqBrokerProps): string | undefined {
  const type = instanceType?.toString() ?? DEFAULT_RABBITMQ_INSTANCE_TYPE;
  return storageSize === undefined || storageSize.isUnresolved() || Token.isUnresolved(type)
    ? undefined
    : whyNotOfSize(type, storageSize.toGibibytes({ rounding: 1 }));
}

function wrongSettings({ configuration = {} }: RabbitMqBrokerProps): string[] {
  return Object.entries(configuration)
    .filter(([name, value]) => !/^[a-z0-9_.]+$/.test(name) || /[\r\n]/.test(String(value)))
    .map(([name]) => `'${name}'`);
}
