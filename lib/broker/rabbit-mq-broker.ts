import { Fn, Names } from 'aws-cdk-lib';
import { CfnBroker, CfnConfiguration } from 'aws-cdk-lib/aws-amazonmq';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { notifyOn } from '../alarms/notify';
import { throwIfAny } from '../validation';
import { brokerLogGroups, logsPolicy } from './broker-logs';
import { brokerSubnets, closedSecurityGroup, openToEventSources } from './broker-network';
import { passwordOf, userSecret } from './broker-users';
import { weeklyStartTime } from './maintenance-window';
import { type RabbitMqBrokerAlarms, rabbitMqAlarms } from './rabbit-mq-broker-alarms';
import type { RabbitMqBrokerProps } from './rabbit-mq-broker-props';
import {
  AMQP_PORT,
  ImportedRabbitMqBroker,
  type IRabbitMqBroker,
  type RabbitMqBrokerAttributes,
  RabbitMqBrokerReference,
} from './rabbit-mq-broker-reference';
import {
  DEFAULT_ADMIN,
  DEFAULT_RABBITMQ_INSTANCE_TYPE,
  DEFAULT_RABBITMQ_VERSION,
  nodesOf,
  rabbitMqBrokerFailures,
} from './rabbit-mq-broker-rules';

const LONGEST_NAME = 50;

/**
 * A broker of RabbitMQ: a cluster of three nodes in three zones behind one address, or a single node.
 *
 * @see https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/rabbitmq-broker-architecture.html
 *
 * @example
 * const broker = new RabbitMqBroker(this, 'Broker', { vpc });
 * broker.allowFrom(shop);
 */
export class RabbitMqBroker extends RabbitMqBrokerReference {
  /**
   * A broker that another app has, for event sources and clients of this one.
   *
   * @throws PropsValidationError if `brokerArn` is known and none of a broker
   */
  public static fromRabbitMqBrokerAttributes(
    scope: Construct,
    id: string,
    attributes: RabbitMqBrokerAttributes,
  ): IRabbitMqBroker {
    return new ImportedRabbitMqBroker(scope, id, attributes);
  }

  /** Id of the broker. */
  public readonly brokerId: string;

  /** ARN of the broker. */
  public readonly brokerArn: string;

  /** Name of the broker, by which metrics are published. */
  public readonly brokerName: string;

  /** Where clients connect to, all nodes behind it: `amqps://…:5671`. */
  public readonly amqpEndpoint: string;

  /** The secret of the administrator: a JSON object with `username` and `password`. */
  public readonly adminSecret: secretsmanager.ISecret;

  /** Whom clients connect as where nothing else is said: {@link adminSecret}. */
  public readonly credentials: secretsmanager.ISecret;

  /** The subnets, each in a zone of its own; none of a broker that is publicly accessible. */
  public readonly subnets: readonly ec2.ISubnet[];

  /** Who reaches the broker. See {@link allowFrom}. */
  public readonly connections: ec2.Connections;

  /** The security group of the broker; undefined if it is publicly accessible, as Amazon MQ takes none for it then. */
  public readonly securityGroup?: ec2.SecurityGroup;

  /** What the broker says of itself; undefined without `generalLog`. */
  public readonly generalLogGroup?: logs.ILogGroup;

  /** Its alarms. */
  public readonly alarms: RabbitMqBrokerAlarms;

  constructor(scope: Construct, id: string, props: RabbitMqBrokerProps) {
    throwIfAny(scope, id, RabbitMqBroker.name, rabbitMqBrokerFailures(props));
    super(scope, id);
    const isPublic = props.publiclyAccessible === true;
    const username = props.adminUsername ?? DEFAULT_ADMIN;
    this.brokerName =
      props.brokerName ??
      Names.uniqueResourceName(this, {
        maxLength: LONGEST_NAME,
        separator: '-',
        allowedSpecialCharacters: '_',
      });
    this.subnets = isPublic ? [] : brokerSubnets(props, nodesOf(props));
    this.securityGroup = isPublic ? undefined : closedSecurityGroup(this, props.vpc);
    this.connections = new ec2.Connections({
      securityGroups: this.securityGroup ? [this.securityGroup] : [],
    });
    this.adminSecret = userSecret(this, 'AdminSecret', username);
    this.credentials = this.adminSecret;
    const broker = this.broker(props, username);
    this.brokerId = broker.ref;
    this.brokerArn = broker.attrArn;
    this.amqpEndpoint = Fn.select(0, broker.attrAmqpEndpoints);
    const kinds = props.generalLog === false ? [] : (['general'] as const);
    this.generalLogGroup = brokerLogGroups(this, this.brokerId, kinds, props).general;
    this.alarms = rabbitMqAlarms(this, this.brokerName, props);
    if (props.alarmTopic !== undefined) {
      notifyOn(this, props.alarmTopic, [this.alarms.memory, this.alarms.disk]);
    }
  }

  /**
   * Lets event sources of Lambda reach the broker: their network interfaces have its security group, which then lets itself in, and out to Lambda, STS and Secrets Manager.
   *
   * Event sources call it. Where only other apps have some, call it yourself: EC2 takes a rule once, so that what is imported makes none of these.
   */
  public allowEventSources(): void {
    // One that is publicly accessible is polled from without.
    if (this.securityGroup !== undefined) openToEventSources(this.connections, AMQP_PORT);
  }

  private broker(props: RabbitMqBrokerProps, username: string): CfnBroker {
    const { configuration, maintenanceWindow, publiclyAccessible = false } = props;
    const { version } = props.engineVersion ?? DEFAULT_RABBITMQ_VERSION;
    const general = props.generalLog ?? true;
    const broker = new CfnBroker(this, 'Resource', {
      brokerName: this.brokerName,
      engineType: 'RABBITMQ',
      engineVersion: version,
      deploymentMode: nodesOf(props) === 1 ? 'SINGLE_INSTANCE' : 'CLUSTER_MULTI_AZ',
      hostInstanceType: `mq.${props.instanceType ?? DEFAULT_RABBITMQ_INSTANCE_TYPE}`,
      storageSize: props.storageSize?.toGibibytes(),
      // Amazon MQ takes nothing else of the versions that there are.
      autoMinorVersionUpgrade: true,
      publiclyAccessible,
      subnetIds: publiclyAccessible ? undefined : this.subnets.map(({ subnetId }) => subnetId),
      securityGroups: this.securityGroup && [this.securityGroup.securityGroupId],
      logs: { general },
      maintenanceWindowStartTime: maintenanceWindow && weeklyStartTime(maintenanceWindow),
      configuration: configuration && this.configuration(configuration, version),
      users: [{ username, password: passwordOf(this.adminSecret) }],
    });
    if (general) broker.node.addDependency(logsPolicy(this));
    return broker;
  }

  private configuration(
    settings: NonNullable<RabbitMqBrokerProps['configuration']>,
    version: string,
  ) {
    const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}\n`);
    const configuration = new CfnConfiguration(this, 'Configuration', {
      name: this.brokerName,
      engineType: 'RABBITMQ',
      engineVersion: version,
      data: Fn.base64(lines.join('')),
    });
    return { id: configuration.ref, revision: configuration.attrRevision };
  }
}
