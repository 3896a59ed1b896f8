import { Fn, Names } from 'aws-cdk-lib';
import { CfnBroker, CfnConfiguration } from 'aws-cdk-lib/aws-amazonmq';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { notifyOn } from '../alarms/notify';
import { grantReadSecret } from '../shipped-functions/secret-access';
import { throwIfAny } from '../validation';
import { brokerLogGroups, logsPolicy } from './broker-logs';
import { brokerSubnets, closedSecurityGroup } from './broker-network';
import { passwordOf, userSecret } from './broker-users';
import { weeklyStartTime } from './maintenance-window';
import { type RabbitMqBrokerAlarms, rabbitMqAlarms } from './rabbit-mq-broker-alarms';
import type { RabbitMqBrokerProps } from './rabbit-mq-broker-props';
import {
  DEFAULT_ADMIN,
  DEFAULT_RABBITMQ_INSTANCE_TYPE,
  DEFAULT_RABBITMQ_VERSION,
  nodesOf,
  rabbitMqBrokerFailures,
} from './rabbit-mq-broker-rules';

const LONGEST_NAME = 50;
/** AMQP 0-9-1 and, from RabbitMQ 4 on, 1.0; over TLS. */
const AMQP_PORT = 5671;
/** The web console and the management API. */
const MANAGEMENT_PORT = 443;

/**
 * A broker of RabbitMQ: a cluster of three nodes in three zones behind one address, or a single node.
 *
 * @see https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/rabbitmq-broker-architecture.html
 *
 * @example
 * const broker = new RabbitMqBroker(this, 'Broker', { vpc });
 * broker.allowFrom(shop);
 */
export class RabbitMqBroker extends Construct implements ec2.IConnectable {
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
   * Variables for a program that connects: `BROKER_URI`, which is {@link amqpEndpoint}, and `BROKER_SECRET_ARN`.
   *
   * @param credentials - a secret with `username` and `password` of the user that it connects as; the administrator's unless given
   */
  public environmentOf(credentials = this.adminSecret): Record<string, string> {
    return { BROKER_URI: this.amqpEndpoint, BROKER_SECRET_ARN: credentials.secretArn };
  }

  /**
   * Lets a program reach the broker over AMQP, and read a secret: what a client such as `QueueWorkers` needs besides {@link environmentOf}.
   *
   * @param credentials - a secret with `username` and `password` of the user that it connects as; the administrator's unless given
   */
  public grantConnect(
    client: ec2.IConnectable & iam.IGrantable,
    credentials = this.adminSecret,
  ): iam.Grant {
    this.allowFrom(client);
    return grantReadSecret(client, credentials);
  }

  /** Lets somebody connect over AMQP. */
  public allowFrom(other: ec2.IConnectable): void {
    this.allowPort(other, AMQP_PORT, 'AMQP of the broker');
  }

  /** Lets somebody reach the web console and the management API, which users are made by. */
  public allowManagementFrom(other: ec2.IConnectable): void {
    this.allowPort(other, MANAGEMENT_PORT, 'management of the broker');
  }

  private allowPort(other: ec2.IConnectable, port: number, description: string): void {
    if (this.securityGroup) {
      this.connections.allowFrom(other, ec2.Port.tcp(port), description);
    } else {
      // A public broker lets everybody in; others may still not be let out.
      other.connections.allowToAnyIpv4(ec2.Port.tcp(port), description);
    }
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
