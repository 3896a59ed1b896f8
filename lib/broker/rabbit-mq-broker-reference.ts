import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct, type IConstruct } from 'constructs';
import { grantReadSecret } from '../shipped-functions/secret-access';
import { failuresOf, throwIfAny } from '../validation';
import { BROKER_ARN_RULE, brokerIdOf, brokerNameOf } from './broker-arn';

/** AMQP 0-9-1 and, from RabbitMQ 4 on, 1.0; over TLS. */
export const AMQP_PORT = 5671;
/** The web console and the management API. */
const MANAGEMENT_PORT = 443;

/** A broker of RabbitMQ: a `RabbitMqBroker`, or one that another app has. */
export interface IRabbitMqBroker extends IConstruct, ec2.IConnectable {
  /** ARN of the broker. */
  readonly brokerArn: string;

  /** Id of the broker. */
  readonly brokerId: string;

  /** Name of the broker, by which metrics are published. */
  readonly brokerName: string;

  /** Where clients connect to, all nodes behind it: `amqps://…:5671`. */
  readonly amqpEndpoint: string;

  /** Whom clients connect as where nothing else is said: the secret of a user, a JSON object with `username` and `password`. */
  readonly credentials: secretsmanager.ISecret;

  /** The security group of the broker; undefined if it is publicly accessible, as Amazon MQ takes none for it then. */
  readonly securityGroup?: ec2.ISecurityGroup;

  /**
   * Variables for a program that connects: `BROKER_URI`, which is {@link amqpEndpoint}, and `BROKER_SECRET_ARN`.
   *
   * @param credentials - a secret with `username` and `password` of the user that it connects as. @default - {@link credentials}
   */
  environmentOf(credentials?: secretsmanager.ISecret): Record<string, string>;

  /**
   * Lets a program reach the broker over AMQP, and read a secret: what a client such as `QueueWorkers` needs besides {@link environmentOf}.
   *
   * @param credentials - a secret with `username` and `password` of the user that it connects as. @default - {@link credentials}
   */
  grantConnect(
    client: ec2.IConnectable & iam.IGrantable,
    credentials?: secretsmanager.ISecret,
  ): iam.Grant;

  /** Lets somebody connect over AMQP. */
  allowFrom(other: ec2.IConnectable): void;

  /** Lets somebody reach the web console and the management API, which users are made by. */
  allowManagementFrom(other: ec2.IConnectable): void;
}

/** What an app has to know of a broker of RabbitMQ that another app has. */
export interface RabbitMqBrokerAttributes {
  /** ARN of the broker: `arn:aws:mq:<region>:<account>:broker:<name>:<id>`. */
  readonly brokerArn: string;

  /** Where clients connect to: `amqps://…:5671`. */
  readonly amqpEndpoint: string;

  /** Whom clients connect as where nothing else is said: the secret of a user, a JSON object with `username` and `password`. */
  readonly credentials: secretsmanager.ISecret;

  /**
   * Id of the security group of the broker. Rules for clients of this app are made in the stack that imports it.
   *
   * @default - none, as of a broker that is publicly accessible
   */
  readonly securityGroupId?: string;
}

/** What a broker of RabbitMQ does for its clients, whoever made it. */
export abstract class RabbitMqBrokerReference extends Construct implements IRabbitMqBroker {
  public abstract readonly brokerArn: string;
  public abstract readonly brokerId: string;
  public abstract readonly brokerName: string;
  public abstract readonly amqpEndpoint: string;
  public abstract readonly credentials: secretsmanager.ISecret;
  public abstract readonly securityGroup?: ec2.ISecurityGroup;
  /** Who reaches the broker. See {@link allowFrom}. */
  public abstract readonly connections: ec2.Connections;

  public environmentOf(credentials = this.credentials): Record<string, string> {
    return { BROKER_URI: this.amqpEndpoint, BROKER_SECRET_ARN: credentials.secretArn };
  }

  public grantConnect(
    client: ec2.IConnectable & iam.IGrantable,
    credentials = this.credentials,
  ): iam.Grant {
    this.allowFrom(client);
    return grantReadSecret(client, credentials);
  }

  public allowFrom(other: ec2.IConnectable): void {
    this.allowPort(other, AMQP_PORT, 'AMQP of the broker');
  }

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
}

/** One that another app has. */
export class ImportedRabbitMqBroker extends RabbitMqBrokerReference {
  public readonly brokerArn: string;
  public readonly brokerId: string;
  public readonly brokerName: string;
  public readonly amqpEndpoint: string;
  public readonly credentials: secretsmanager.ISecret;
  public readonly securityGroup?: ec2.ISecurityGroup;
  public readonly connections: ec2.Connections;

  constructor(scope: Construct, id: string, attributes: RabbitMqBrokerAttributes) {
    throwIfAny(scope, id, 'imported RabbitMqBroker', failuresOf(attributes, [BROKER_ARN_RULE]));
    super(scope, id);
    const { amqpEndpoint, brokerArn, credentials, securityGroupId } = attributes;
    this.brokerArn = brokerArn;
    this.brokerId = brokerIdOf(brokerArn);
    this.brokerName = brokerNameOf(brokerArn);
    this.amqpEndpoint = amqpEndpoint;
    this.credentials = credentials;
    this.securityGroup =
      securityGroupId === undefined
        ? undefined
        : ec2.SecurityGroup.fromSecurityGroupId(this, 'SecurityGroup', securityGroupId);
    this.connections = new ec2.Connections({
      securityGroups: this.securityGroup ? [this.securityGroup] : [],
    });
  }
}
