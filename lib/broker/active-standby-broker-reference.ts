import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct, type IConstruct } from 'constructs';
import { grantReadSecret } from '../shipped-functions/secret-access';
import { failuresOf, throwIfAny } from '../validation';
import { BROKER_ARN_RULE, brokerIdOf, brokerNameOf } from './broker-arn';
import { type BrokerProtocol, CONSOLE_PORT, PROTOCOL_PORTS } from './broker-protocol';
import { failoverUri } from './failover-uri';

/** A broker of ActiveMQ with a standby: an `ActiveStandbyBroker`, or one that another app has. */
export interface IActiveStandbyBroker extends IConstruct, ec2.IConnectable {
  /** ARN of the broker. */
  readonly brokerArn: string;

  /** Id of the broker, such as `b-1234a5b6-78cd-901e-2fgh-3i45j6k178l9`. */
  readonly brokerId: string;

  /** Name of the broker. Metrics are published by it, with `-1` and `-2` for the members. */
  readonly brokerName: string;

  /** The secrets of the users by their names: JSON objects with `username` and `password`. */
  readonly secrets: Readonly<Record<string, secretsmanager.ISecret>>;

  /** The security group of both members. */
  readonly securityGroup: ec2.ISecurityGroup;

  /**
   * The addresses of a protocol, of both members in the order of their numbers: only the active one answers.
   *
   * In the schemes of Amazon MQ, such as `amqp+ssl://…:5671`.
   */
  endpoints(protocol: BrokerProtocol): string[];

  /**
   * Where clients of a protocol find whichever member is active: `failover:(ssl://…:61617,ssl://…:61617)`.
   *
   * It is what clients of JMS take for OpenWire and, with the scheme `amqps`, for AMQP. Of the other protocols few clients know it; it holds the same two addresses.
   *
   * @see https://activemq.apache.org/components/classic/documentation/failover-transport-reference
   */
  failoverUri(protocol: BrokerProtocol): string;

  /** The secret of a user. @throws Error if there is no such user */
  secretOf(username: string): secretsmanager.ISecret;

  /**
   * Variables for a program that connects as a user: `BROKER_URI`, which is {@link failoverUri}, and `BROKER_SECRET_ARN`.
   *
   * @throws Error if there is no such user
   */
  environmentOf(username: string, protocol: BrokerProtocol): Record<string, string>;

  /**
   * Lets a program reach the broker by a protocol, and read the password of a user: what a client such as `QueueWorkers` needs besides {@link environmentOf}.
   *
   * @throws Error if there is no such user
   */
  grantConnect(
    client: ec2.IConnectable & iam.IGrantable,
    username: string,
    protocol: BrokerProtocol,
  ): iam.Grant;

  /** Lets somebody reach the broker, by these protocols and no others. */
  allowFrom(other: ec2.IConnectable, ...protocols: BrokerProtocol[]): void;

  /** Lets somebody reach the web console. */
  allowConsoleFrom(other: ec2.IConnectable): void;
}

/** What an app has to know of a broker with a standby that another app has. */
export interface ActiveStandbyBrokerAttributes {
  /** ARN of the broker: `arn:aws:mq:<region>:<account>:broker:<name>:<id>`. */
  readonly brokerArn: string;

  /**
   * The addresses of both members, of each protocol that is used; those that `endpoints` of the `ActiveStandbyBroker` gives.
   *
   * They do not follow from the ARN: the domain is another one in some Regions and for newer brokers.
   */
  readonly endpoints: Partial<Readonly<Record<BrokerProtocol, readonly [string, string]>>>;

  /** The secrets of the users that are used, by their names: JSON objects with `username` and `password`. */
  readonly secrets: Readonly<Record<string, secretsmanager.ISecret>>;

  /** Id of the security group of the broker. Rules for clients of this app are made in the stack that imports it. */
  readonly securityGroupId: string;
}

/** What a broker with a standby does for its clients, whoever made it. */
export abstract class ActiveStandbyBrokerReference
  extends Construct
  implements IActiveStandbyBroker
{
  public abstract readonly brokerId: string;
  public abstract readonly brokerArn: string;
  public abstract readonly brokerName: string;
  public abstract readonly secrets: Readonly<Record<string, secretsmanager.ISecret>>;
  public abstract readonly securityGroup: ec2.ISecurityGroup;
  /** Who reaches the broker. See {@link allowFrom}. */
  public abstract readonly connections: ec2.Connections;

  public abstract endpoints(protocol: BrokerProtocol): string[];

  public failoverUri(protocol: BrokerProtocol): string {
    return failoverUri(protocol, this.endpoints(protocol));
  }

  public secretOf(username: string): secretsmanager.ISecret {
    const secret = this.secrets[username];
    if (secret === undefined) {
      throw new Error(
        `the broker has no user '${username}'; it has ${Object.keys(this.secrets).join(', ')}`,
      );
    }
    return secret;
  }

  public environmentOf(username: string, protocol: BrokerProtocol): Record<string, string> {
    return {
      BROKER_URI: this.failoverUri(protocol),
      BROKER_SECRET_ARN: this.secretOf(username).secretArn,
    };
  }

  public grantConnect(
    client: ec2.IConnectable & iam.IGrantable,
    username: string,
    protocol: BrokerProtocol,
  ): iam.Grant {
    this.allowFrom(client, protocol);
    return grantReadSecret(client, this.secretOf(username));
  }

  public allowFrom(other: ec2.IConnectable, ...protocols: BrokerProtocol[]): void {
    for (const protocol of protocols) {
      this.connections.allowFrom(
        other,
        ec2.Port.tcp(PROTOCOL_PORTS[protocol]),
        `${protocol} of the broker`,
      );
    }
  }

  public allowConsoleFrom(other: ec2.IConnectable): void {
    this.connections.allowFrom(other, ec2.Port.tcp(CONSOLE_PORT), 'web console of the broker');
  }
}

/** One that another app has. */
export class ImportedActiveStandbyBroker extends ActiveStandbyBrokerReference {
  public readonly brokerId: string;
  public readonly brokerArn: string;
  public readonly brokerName: string;
  public readonly secrets: Readonly<Record<string, secretsmanager.ISecret>>;
  public readonly securityGroup: ec2.ISecurityGroup;
  public readonly connections: ec2.Connections;

  private readonly addresses: ActiveStandbyBrokerAttributes['endpoints'];

  constructor(scope: Construct, id: string, attributes: ActiveStandbyBrokerAttributes) {
    throwIfAny(
      scope,
      id,
      'imported ActiveStandbyBroker',
      failuresOf(attributes, [BROKER_ARN_RULE]),
    );
    super(scope, id);
    const { brokerArn, endpoints, secrets, securityGroupId } = attributes;
    this.brokerArn = brokerArn;
    this.brokerName = brokerNameOf(brokerArn);
    this.brokerId = brokerIdOf(brokerArn);
    this.secrets = secrets;
    this.securityGroup = ec2.SecurityGroup.fromSecurityGroupId(
      this,
      'SecurityGroup',
      securityGroupId,
    );
    this.connections = new ec2.Connections({ securityGroups: [this.securityGroup] });
    this.addresses = endpoints;
  }

  public endpoints(protocol: BrokerProtocol): string[] {
    const addresses = this.addresses[protocol];
    if (addresses === undefined) {
      throw new Error(
        `no addresses of ${protocol} are known of the broker ${this.node.path}: give them as endpoints.${protocol} where it is imported`,
      );
    }
    return [...addresses];
  }
}
