import { Duration, Validations } from 'aws-cdk-lib';
import type * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { notifyOn } from '../alarms/notify';
import { grantSending } from '../encryption/queue-grants';
import type { InstanceAlarms } from '../instances/instance-alarms';
import { instanceGroup } from '../instances/instance-group';
import type { InstanceOptions } from '../instances/instance-options';
import { throwIfAny } from '../validation';
import type { FrontEndOptions } from './decoupled-tiers-props';
import { frontEndFailures, hasRoom } from './front-end-rules';

const DEFAULT_PORT = 8_080;
const DEFAULT_REQUESTS = 1_000;
/** Load balancers publish their metrics once a minute. */
const PERIOD = Duration.minutes(1);

/** What a {@link FrontEnd} by itself is told. */
export interface FrontEndProps extends FrontEndOptions, InstanceOptions {
  /** Where it sends to. */
  readonly queue: sqs.IQueue;
}

/** The alarms of a front end. */
export interface FrontEndAlarms extends InstanceAlarms {
  /** Goes off when the load balancer takes an instance for unhealthy. */
  readonly unhealthyHosts: cloudwatch.Alarm;
}

/**
 * The tier that takes requests in: a load balancer and instances that may send to the queue, and nothing besides.
 *
 * {@link DecoupledTiers} has one; by itself it is for a queue that is made elsewhere, such as that of a WriteBuffer.
 */
export class FrontEnd extends Construct implements iam.IGrantable, ec2.IConnectable {
  /** What clients call. */
  public readonly loadBalancer: elbv2.ApplicationLoadBalancer;

  /** Where its requests arrive. */
  public readonly listener: elbv2.ApplicationListener;

  /** The instances, as the load balancer sees them. */
  public readonly targetGroup: elbv2.ApplicationTargetGroup;

  /** The instances. */
  public readonly autoScalingGroup: autoscaling.AutoScalingGroup;

  /** What the program calls AWS as. */
  public readonly role: iam.Role;

  /** What the program and the boot script said. */
  public readonly logGroup: logs.LogGroup;

  /** Its alarms. */
  public readonly alarms: FrontEndAlarms;

  /** The network side of the instances. */
  public readonly connections: ec2.Connections;

  public readonly grantPrincipal: iam.IPrincipal;

  constructor(scope: Construct, id: string, props: FrontEndProps) {
    throwIfAny(scope, id, FrontEnd.name, frontEndFailures(props));
    super(scope, id);
    const port = props.port ?? DEFAULT_PORT;
    const made = instanceGroup(this, {
      ...props,
      takes: 'requests',
      environment: { QUEUE_URL: props.queue.queueUrl, PORT: String(port) },
      grant: (role) => grantSending(props.queue, role),
    });
    this.autoScalingGroup = made.group;
    this.role = made.role;
    this.logGroup = made.logGroup;
    this.connections = made.group.connections;
    this.grantPrincipal = made.role;

    this.loadBalancer = this.makeLoadBalancer(props);
    this.targetGroup = new elbv2.ApplicationTargetGroup(this, 'Targets', {
      vpc: props.vpc,
      port,
      protocol: elbv2.ApplicationProtocol.HTTP,
      targets: [made.group],
      // A request ends as soon as its message is sent.
      deregistrationDelay: Duration.seconds(30),
      healthCheck: {
        path: props.healthCheckPath ?? '/health',
        healthyHttpCodes: '200',
        interval: Duration.seconds(15),
        timeout: Duration.seconds(5),
        healthyThresholdCount: 2,
        unhealthyThresholdCount: 3,
      },
    });
    this.listener = this.listen(props);
    if (hasRoom(props)) {
      made.group.scaleOnRequestCount('Requests', {
        targetRequestsPerMinute: props.requestsPerInstance ?? DEFAULT_REQUESTS,
      });
    }
    this.alarms = { ...made.alarms, unhealthyHosts: this.unhealthyHosts() };
    if (props.alarmTopic !== undefined) {
      notifyOn(this, props.alarmTopic, [this.alarms.unhealthyHosts]);
    }
  }

  private makeLoadBalancer(props: FrontEndProps): elbv2.ApplicationLoadBalancer {
    const loadBalancer = new elbv2.ApplicationLoadBalancer(this, 'LoadBalancer', {
      vpc: props.vpc,
      internetFacing: props.internetFacing ?? true,
      dropInvalidHeaderFields: true,
    });
    if (props.accessLogBucket === undefined) {
      Validations.of(loadBalancer).acknowledge({
        id: 'AwsSolutions-ELB2',
        reason: 'Access logs need a bucket, which accessLogBucket gives.',
      });
    } else {
      loadBalancer.logAccessLogs(props.accessLogBucket);
    }
    Validations.of(loadBalancer).acknowledge({
      id: 'AwsSolutions-EC23',
      reason:
        'It is the way in, on the ports of its listeners only; the instances are open to it alone.',
    });
    return loadBalancer;
  }

  private listen({ certificate }: FrontEndProps): elbv2.ApplicationListener {
    if (certificate === undefined) {
      return this.loadBalancer.addListener('Http', {
        protocol: elbv2.ApplicationProtocol.HTTP,
        defaultTargetGroups: [this.targetGroup],
      });
    }
    this.loadBalancer.addRedirect();
    return this.loadBalancer.addListener('Https', {
      protocol: elbv2.ApplicationProtocol.HTTPS,
      certificates: [certificate],
      sslPolicy: elbv2.SslPolicy.RECOMMENDED_TLS,
      defaultTargetGroups: [this.targetGroup],
    });
  }

  private unhealthyHosts(): cloudwatch.Alarm {
    return new cloudwatch.Alarm(this, 'UnhealthyHostsAlarm', {
      metric: this.targetGroup.metrics.unhealthyHostCount({
        statistic: cloudwatch.Stats.MAXIMUM,
        period: PERIOD,
      }),
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      threshold: 1,
      evaluationPeriods: 5,
      datapointsToAlarm: 3,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      alarmDescription:
        'An instance of the front end does not answer its health checks; its group replaces it.',
    });
  }
}
