import { type CfnResource, Stack } from 'aws-cdk-lib';
import { CfnBroker } from 'aws-cdk-lib/aws-amazonmq';
import { NagRuleCompliance } from 'cdk-nag';
import { supportHasEnded } from '../broker/broker-catalog';

/** One rule: what it finds, why, and how. */
export interface AmazonMqRule {
  /** Such as `MQ1`. */
  readonly id: string;
  readonly info: string;
  readonly explanation: string;
  readonly rule: (node: CfnResource) => NagRuleCompliance;
}

/** The rules, in the order of their ids. */
export const AMAZON_MQ_RULES: readonly AmazonMqRule[] = [
  {
    id: 'MQ1',
    info: 'The broker is publicly accessible.',
    explanation:
      'A broker with a public address is open to whoever has, or guesses, a password. Applications outside of the VPC reach it by VPN or peering.',
    rule: forBrokers(({ publiclyAccessible }) => isFalse(publiclyAccessible)),
  },
  {
    id: 'MQ2',
    info: 'The broker does not write all of its logs.',
    explanation:
      'Without the general log nobody knows why a broker restarted, and without the audit log of ActiveMQ nobody knows who managed it.',
    rule: forBrokers(({ engineType, logs }) => {
      const { audit, general } = Object(logs);
      return isTrue(general) && (isRabbit(engineType) || isTrue(audit));
    }),
  },
  {
    id: 'MQ3',
    info: 'The broker is not kept at the newest patch.',
    explanation:
      'Patches close holes that are publicly known. Amazon MQ installs them in the maintenance window, and takes nothing else for ActiveMQ from 5.18 and RabbitMQ from 3.13 on.',
    rule: forBrokers(
      // Where nothing is said, it is true.
      ({ autoMinorVersionUpgrade: upgrade }) => upgrade === undefined || isTrue(upgrade),
    ),
  },
  {
    id: 'MQ4',
    info: 'The active/standby pair does not keep its messages on EFS.',
    explanation:
      'A volume of EBS is in one availability zone: the standby in another could not take over with the messages. Amazon MQ refuses it, at deployment.',
    rule: forBrokers(
      ({ deploymentMode, storageType = 'EFS' }) =>
        deploymentMode !== 'ACTIVE_STANDBY_MULTI_AZ' || /^efs$/i.test(String(storageType)),
    ),
  },
  {
    id: 'MQ5',
    info: 'Amazon MQ has ended its support of the version.',
    explanation:
      'It makes no new brokers of such versions, and upgrades those that there are at a time of its own choice.',
    rule: forBrokers(
      ({ engineType, engineVersion }) =>
        engineVersion === undefined ||
        !supportHasEnded(isRabbit(engineType) ? 'RABBITMQ' : 'ACTIVEMQ', String(engineVersion)),
    ),
  },
];

/** A rule for brokers; what is not known before deployment is taken for right. */
function forBrokers(fits: (broker: Partial<CfnBroker>) => boolean): AmazonMqRule['rule'] {
  return (node) => {
    if (!(node instanceof CfnBroker)) return NagRuleCompliance.NOT_APPLICABLE;
    const { autoMinorVersionUpgrade, deploymentMode, engineType, engineVersion, logs } = node;
    const { publiclyAccessible, storageType } = node;
    const properties = Stack.of(node).resolve({
      autoMinorVersionUpgrade,
      deploymentMode,
      engineType,
      engineVersion,
      logs,
      publiclyAccessible,
      storageType,
    });
    return fits(properties) ? NagRuleCompliance.COMPLIANT : NagRuleCompliance.NON_COMPLIANT;
  };
}

function isRabbit(engineType: string | undefined): boolean {
  return engineType?.toUpperCase?.() === 'RABBITMQ';
}

function isTrue(value: unknown): boolean {
  return typeof value === 'object' ? value !== null : String(value) === 'true';
}

function isFalse(value: unknown): boolean {
  return typeof value === 'object' || value === undefined || String(value) === 'false';
}
