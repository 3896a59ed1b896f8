import { type Duration, Names, Validations } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct, type IConstruct } from 'constructs';
import { FILTER_RULES, type FilterPattern } from '../event-filters/filter-pattern';
import { grantReadSecret } from '../shipped-functions/secret-access';
import {
  failuresOf,
  integerBetween,
  secondsBetween,
  throwIfAny,
  type ValidationRule,
} from '../validation';
import type { IActiveStandbyBroker } from './active-standby-broker-reference';
import type { IRabbitMqBroker } from './rabbit-mq-broker-reference';

/** How a function is given messages of a queue of a broker. */
export interface BrokerEventSourceProps {
  /** Name of the queue, which has to be there. */
  readonly queue: string;

  /**
   * The most messages of one call; 1 to 10,000.
   *
   * @default 100
   */
  readonly batchSize?: number;

  /**
   * How long Lambda waits for a batch to fill; up to 5 minutes.
   *
   * @default Duration.millis(500)
   */
  readonly maxBatchingWindow?: Duration;

  /**
   * Which messages the function is called with: those that one of the patterns matches, by their `data`. At most 5.
   *
   * A message that no pattern matches is acknowledged, and so gone.
   *
   * @default - all
   * @see https://docs.aws.amazon.com/lambda/latest/dg/with-mq-filtering.html
   */
  readonly filters?: readonly FilterPattern[];

  /**
   * Whether it begins at once.
   *
   * @default true
   */
  readonly enabled?: boolean;
}

/** How a function is given messages of ActiveMQ. */
export interface ActiveMqEventSourceProps extends BrokerEventSourceProps {
  /** The user of the broker that Lambda connects as. */
  readonly user: string;
}

/** How a function is given messages of RabbitMQ. */
export interface RabbitMqEventSourceProps extends BrokerEventSourceProps {
  /**
   * The virtual host that the queue is in.
   *
   * @default '/'
   */
  readonly virtualHost?: string;

  /**
   * A secret with `username` and `password` of the user that Lambda connects as.
   *
   * @default - `credentials` of the broker: the administrator, unless it is imported
   */
  readonly credentials?: secretsmanager.ISecret;
}

/** A broker as Lambda reaches it. */
interface PolledBroker extends IConstruct {
  readonly brokerArn: string;
  readonly securityGroup?: ec2.ISecurityGroup;
  /** One that is imported has its rules from the app that it is of. */
  allowEventSources?(): void;
}

interface Polling {
  readonly broker: PolledBroker;
  readonly credentials: secretsmanager.ISecret;
  readonly virtualHost?: string;
  readonly props: BrokerEventSourceProps;
}

/**
 * Gives a function the messages of a queue of ActiveMQ. One that fails is given the whole batch again.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-mq.html
 *
 * @example
 * invoices.addEventSource(new ActiveMqEventSource(broker, { queue: 'orders', user: 'invoices' }));
 */
export class ActiveMqEventSource implements lambda.IEventSource {
  constructor(
    private readonly broker: IActiveStandbyBroker,
    private readonly props: ActiveMqEventSourceProps,
  ) {}

  /** Called by `addEventSource`. */
  public bind(target: lambda.IFunction): void {
    const { broker, props } = this;
    poll(target, {
      broker,
      credentials: broker.secretOf(props.user),
      props,
    });
  }
}

/**
 * Gives a function the messages of a queue of RabbitMQ. One that fails is given the whole batch again.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-mq.html
 */
export class RabbitMqEventSource implements lambda.IEventSource {
  constructor(
    private readonly broker: IRabbitMqBroker,
    private readonly props: RabbitMqEventSourceProps,
  ) {}

  /** Called by `addEventSource`. */
  public bind(target: lambda.IFunction): void {
    const { broker, props } = this;
    poll(target, {
      broker,
      credentials: props.credentials ?? broker.credentials,
      virtualHost: props.virtualHost ?? '/',
      props,
    });
  }
}

const RULES: ReadonlyArray<ValidationRule<BrokerEventSourceProps>> = [
  integerBetween('batchSize', ({ batchSize }) => batchSize, { min: 1, max: 10_000 }),
  secondsBetween('maxBatchingWindow', ({ maxBatchingWindow }) => maxBatchingWindow, {
    min: 0,
    max: 300,
  }),
  ...FILTER_RULES,
];

function poll(
  target: lambda.IFunction,
  { broker, credentials, props, virtualHost }: Polling,
): void {
  // A function may work off queues of one name of several brokers, or of several virtual hosts of one.
  const id = ['EventSource', Names.nodeUniqueId(broker.node), virtualHost, props.queue]
    .filter((part) => part !== undefined && part !== '/')
    .join(':');
  throwIfAny(target, id, 'EventSource', failuresOf(props, RULES));
  const scope = new Construct(target, id);
  const types = lambda.SourceAccessConfigurationType;
  const mapping = new lambda.CfnEventSourceMapping(scope, 'Resource', {
    functionName: target.functionName,
    eventSourceArn: broker.brokerArn,
    queues: [props.queue],
    batchSize: props.batchSize ?? 100,
    maximumBatchingWindowInSeconds: props.maxBatchingWindow?.toSeconds(),
    enabled: props.enabled ?? true,
    filterCriteria: props.filters && {
      filters: props.filters.map((pattern) => lambda.FilterCriteria.filter({ ...pattern })),
    },
    sourceAccessConfigurations: [
      { type: types.BASIC_AUTH.type, uri: credentials.secretArn },
      ...(virtualHost === undefined
        ? []
        : [{ type: types.of('VIRTUAL_HOST').type, uri: virtualHost }]),
    ],
  });
  Validations.of(mapping).acknowledge({
    id: 'Serverless-LambdaEventSourceMappingDestination',
    reason:
      'Lambda has no destinations for messages of Amazon MQ: what fails too often goes to a dead-letter queue of the broker.',
  });
  const { role } = target;
  if (role !== undefined) mapping.node.addDependency(rightsOf(scope, role, broker));
  if (role !== undefined) grantReadSecret(role, credentials);
  broker.allowEventSources?.();
}

/** Lambda makes network interfaces beside the broker, in its subnets and with its security group, as the role of the function. */
function rightsOf(scope: Construct, role: iam.IRole, broker: PolledBroker): iam.Policy {
  const policy = new iam.Policy(scope, 'Policy', {
    roles: [role],
    statements: [
      new iam.PolicyStatement({ actions: ['mq:DescribeBroker'], resources: [broker.brokerArn] }),
      ...(broker.securityGroup === undefined
        ? []
        : [
            new iam.PolicyStatement({
              actions: [
                'ec2:CreateNetworkInterface',
                'ec2:DeleteNetworkInterface',
                'ec2:DescribeNetworkInterfaces',
                'ec2:DescribeSecurityGroups',
                'ec2:DescribeSubnets',
                'ec2:DescribeVpcs',
              ],
              resources: ['*'],
            }),
          ]),
    ],
  });
  Validations.of(policy).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'Network interfaces have no name before Lambda makes them.',
  });
  return policy;
}
