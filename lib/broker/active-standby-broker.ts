import { Fn, Names } from 'aws-cdk-lib';
import { CfnBroker, CfnConfiguration } from 'aws-cdk-lib/aws-amazonmq';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { notifyOn } from '../alarms/notify';
import { throwIfAny } from '../validation';
import { type BrokerMemberAlarms, memberAlarms } from './active-standby-broker-alarms';
import type { ActiveStandbyBrokerProps } from './active-standby-broker-props';
import {
  type ActiveStandbyBrokerAttributes,
  ActiveStandbyBrokerReference,
  type IActiveStandbyBroker,
  ImportedActiveStandbyBroker,
} from './active-standby-broker-reference';
import {
  activeStandbyBrokerFailures,
  DEFAULT_ACTIVEMQ_VERSION,
  DEFAULT_BROKER_INSTANCE_TYPE,
  PAIR,
} from './active-standby-broker-rules';
import type { ActiveMqConfiguration } from './activemq-configuration';
import { brokerLogGroups, type LogKind, logsPolicy } from './broker-logs';
import { brokerSubnets, closedSecurityGroup, openToEventSources } from './broker-network';
import { BrokerProtocol, PROTOCOL_PORTS } from './broker-protocol';
import { passwordOf, userSecrets } from './broker-users';
import { weeklyStartTime } from './maintenance-window';

const LONGEST_NAME = 50;

/**
 * A broker of ActiveMQ that survives the loss of an availability zone: an active member in one zone and a standby in another, with their messages in one EFS file system
 * that spans both. When the active one is lost the other serves, with every message that was stored.
 *
 * Clients find whichever serves by both addresses: {@link failoverUri}. What they had in hand when it was lost they send, or get, again.
 *
 * @see https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/active-standby-broker-deployment.html
 *
 * @example
 * const broker = new ActiveStandbyBroker(this, 'Broker', {
 *   vpc,
 *   users: { shop: { groups: ['shops'] }, invoices: { groups: ['invoices'] } },
 *   configuration: ActiveMqConfiguration.of({
 *     policies: [DestinationPolicy.queue('orders.>', { deadLetters: DeadLetterStrategy.individual() })],
 *     authorization: [Authorization.queue('orders.>', { write: ['shops'], read: ['invoices'], admin: ['shops', 'invoices'] })],
 *   }),
 * });
 * broker.allowFrom(shop, BrokerProtocol.AMQP);
 */
export class ActiveStandbyBroker extends ActiveStandbyBrokerReference {
  /**
   * A broker that another app has, for event sources and clients of this one.
   *
   * @throws PropsValidationError if `brokerArn` is known and none of a broker
   */
  public static fromActiveStandbyBrokerAttributes(
    scope: Construct,
    id: string,
    attributes: ActiveStandbyBrokerAttributes,
  ): IActiveStandbyBroker {
    return new ImportedActiveStandbyBroker(scope, id, attributes);
  }

  /** Id of the broker, such as `b-1234a5b6-78cd-901e-2fgh-3i45j6k178l9`. */
  public readonly brokerId: string;

  /** ARN of the broker. */
  public readonly brokerArn: string;

  /** Name of the broker. Metrics are published by it, with `-1` and `-2` for the members. */
  public readonly brokerName: string;

  /** The secrets of the users by their names: JSON objects with `username` and `password`. */
  public readonly secrets: Readonly<Record<string, secretsmanager.ISecret>>;

  /** The two subnets, in two zones. */
  public readonly subnets: readonly ec2.ISubnet[];

  /** Who reaches the broker. See {@link allowFrom}. */
  public readonly connections: ec2.Connections;

  /** The security group of both members. */
  public readonly securityGroup: ec2.SecurityGroup;

  /** What the broker says of itself; undefined without `generalLog`. */
  public readonly generalLogGroup?: logs.ILogGroup;

  /** Who managed the broker; undefined without `auditLog`. */
  public readonly auditLogGroup?: logs.ILogGroup;

  /** The alarms of the two members, in the order of their numbers. */
  public readonly alarms: readonly BrokerMemberAlarms[];

  private readonly resource: CfnBroker;

  constructor(scope: Construct, id: string, props: ActiveStandbyBrokerProps) {
    throwIfAny(scope, id, ActiveStandbyBroker.name, activeStandbyBrokerFailures(props));
    super(scope, id);
    this.brokerName =
      props.brokerName ??
      Names.uniqueResourceName(this, {
        maxLength: LONGEST_NAME,
        separator: '-',
        allowedSpecialCharacters: '_',
      });
    this.subnets = brokerSubnets(props, PAIR);
    this.securityGroup = closedSecurityGroup(this, props.vpc);
    this.connections = new ec2.Connections({ securityGroups: [this.securityGroup] });
    this.secrets = userSecrets(this, Object.keys(props.users), props.encryptionKey);
    this.resource = this.broker(props);
    this.brokerId = this.resource.ref;
    this.brokerArn = this.resource.attrArn;
    const { audit, general } = brokerLogGroups(this, this.brokerId, logKinds(props), props);
    this.generalLogGroup = general;
    this.auditLogGroup = audit;
    this.alarms = memberAlarms(this, this.brokerName, props.alarmThresholds);
    if (props.alarmTopic !== undefined) {
      const alarms = this.alarms.flatMap(({ cpu, heap, journal, store }) => [
        cpu,
        heap,
        store,
        journal,
      ]);
      notifyOn(this, props.alarmTopic, alarms);
    }
  }

  /**
   * The addresses of a protocol, of both members in the order of their numbers: only the active one answers.
   *
   * In the schemes of Amazon MQ, such as `amqp+ssl://…:5671`.
   */
  public endpoints(protocol: BrokerProtocol): string[] {
    const all = this.endpointsOf(protocol);
    return Array.from({ length: PAIR }, (_, member) => Fn.select(member, all));
  }

  /**
   * Lets event sources of Lambda reach the broker: their network interfaces have its security group, which then lets itself in, and out to Lambda, STS and Secrets Manager.
   *
   * Event sources call it. Where only other apps have some, call it yourself: EC2 takes a rule once, so that what is imported makes none of these.
   */
  public allowEventSources(): void {
    // Lambda is a client of JMS.
    openToEventSources(this.connections, PROTOCOL_PORTS[BrokerProtocol.OPENWIRE]);
  }

  private broker(props: ActiveStandbyBrokerProps): CfnBroker {
    const { configuration, encryptionKey, maintenanceWindow } = props;
    const { version } = props.engineVersion ?? DEFAULT_ACTIVEMQ_VERSION;
    const kinds = logKinds(props);
    const broker = new CfnBroker(this, 'Resource', {
      brokerName: this.brokerName,
      engineType: 'ACTIVEMQ',
      engineVersion: version,
      deploymentMode: 'ACTIVE_STANDBY_MULTI_AZ',
      storageType: 'EFS',
      hostInstanceType: `mq.${props.instanceType ?? DEFAULT_BROKER_INSTANCE_TYPE}`,
      // Amazon MQ takes nothing else of the versions that there are.
      autoMinorVersionUpgrade: true,
      authenticationStrategy: 'SIMPLE',
      publiclyAccessible: props.publiclyAccessible ?? false,
      subnetIds: this.subnets.map(({ subnetId }) => subnetId),
      securityGroups: [this.securityGroup.securityGroupId],
      encryptionOptions: encryptionKey
        ? { useAwsOwnedKey: false, kmsKeyId: encryptionKey.keyArn }
        : { useAwsOwnedKey: true },
      logs: { general: kinds.includes('general'), audit: kinds.includes('audit') },
      maintenanceWindowStartTime: maintenanceWindow && weeklyStartTime(maintenanceWindow),
      configuration: configuration && this.configuration(configuration, version),
      users: Object.entries(props.users).map(([username, { consoleAccess, groups }]) => ({
        username,
        password: passwordOf(this.secretOf(username)),
        consoleAccess: consoleAccess ?? false,
        groups: groups && [...groups],
      })),
    });
    if (kinds.length > 0) broker.node.addDependency(logsPolicy(this));
    return broker;
  }

  private configuration({ xml }: ActiveMqConfiguration, version: string) {
    const configuration = new CfnConfiguration(this, 'Configuration', {
      name: this.brokerName,
      engineType: 'ACTIVEMQ',
      engineVersion: version,
      data: Fn.base64(xml),
    });
    return { id: configuration.ref, revision: configuration.attrRevision };
  }

  private endpointsOf(protocol: BrokerProtocol): string[] {
    switch (protocol) {
      case BrokerProtocol.OPENWIRE:
        return this.resource.attrOpenWireEndpoints;
      case BrokerProtocol.AMQP:
        return this.resource.attrAmqpEndpoints;
      case BrokerProtocol.STOMP:
        return this.resource.attrStompEndpoints;
      case BrokerProtocol.MQTT:
        return this.resource.attrMqttEndpoints;
      case BrokerProtocol.WSS:
        return this.resource.attrWssEndpoints;
    }
  }
}

function logKinds({ auditLog = true, generalLog = true }: ActiveStandbyBrokerProps): LogKind[] {
  return [...(generalLog ? (['general'] as const) : []), ...(auditLog ? (['audit'] as const) : [])];
}
