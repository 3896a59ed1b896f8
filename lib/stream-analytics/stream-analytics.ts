import { Names, Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import {
  CfnApplication,
  CfnApplicationCloudWatchLoggingOption,
} from 'aws-cdk-lib/aws-kinesisanalyticsv2';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { notifyOn } from '../alarms/notify';
import { logKey } from '../encryption/log-key';
import { grantReadStream } from '../stream-consumer/read-grants';
import { ProducerGrants } from '../streams/producer-grants';
import { throwIfAny } from '../validation';
import { analyticsAlarms, type StreamAnalyticsAlarms } from './stream-analytics-alarms';
import { FlinkVersion, type StreamAnalyticsProps } from './stream-analytics-props';
import { streamAnalyticsFailures } from './stream-analytics-rules';

const DEFAULT_CHECKPOINT_MILLISECONDS = 60_000;

/**
 * A program that computes over streams while they flow, with state that survives failures: an application of Managed Service for Apache
 * Flink.
 *
 * It is made, and not started: `aws kinesisanalyticsv2 start-application` does.
 *
 * @example
 * new StreamAnalytics(this, 'Sessions', {
 *   code: AnalyticsCode.fromAsset('sessions.jar'),
 *   inputs: [clicks.stream],
 * });
 */
export class StreamAnalytics extends Construct {
  /** The application. */
  public readonly application: CfnApplication;

  /** Its name. */
  public readonly applicationName: string;

  /** What the program reads and writes as. */
  public readonly role: iam.Role;

  /** Where it logs. */
  public readonly logGroup: logs.LogGroup;

  /** Its alarms. */
  public readonly alarms: StreamAnalyticsAlarms;

  constructor(scope: Construct, id: string, props: StreamAnalyticsProps) {
    throwIfAny(scope, id, StreamAnalytics.name, streamAnalyticsFailures(props));
    super(scope, id);
    const { alarmTopic, inputs = [], outputs = [] } = props;
    this.applicationName =
      props.applicationName ?? Names.uniqueResourceName(this, { maxLength: 128, separator: '-' });
    this.role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('kinesisanalytics.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    });
    for (const stream of inputs) grantReadStream(stream, this.role);
    for (const stream of outputs) ProducerGrants.sdk(stream, this.role);
    this.logGroup = new logs.LogGroup(this, 'LogGroup', {
      retention: props.logRetention ?? logs.RetentionDays.ONE_MONTH,
      encryptionKey: logKey(this, props.logEncryptionKey),
    });
    this.application = this.makeApplication(props);
    this.logTo(this.logGroup);
    this.application.node.addDependency(this.role);

    this.alarms = analyticsAlarms(this, this.applicationName);
    if (alarmTopic !== undefined) {
      const { checkpoints, cpu, downtime, memory } = this.alarms;
      notifyOn(this, alarmTopic, [downtime, checkpoints, cpu, memory]);
    }
  }

  private makeApplication(props: StreamAnalyticsProps): CfnApplication {
    const { checkpointInterval, flinkVersion = FlinkVersion.V1_20, properties = {} } = props;
    const groups = Object.entries(properties);
    return new CfnApplication(this, 'Resource', {
      applicationName: this.applicationName,
      applicationMode: 'STREAMING',
      runtimeEnvironment: flinkVersion.runtimeEnvironment,
      serviceExecutionRole: this.role.roleArn,
      applicationConfiguration: {
        applicationCodeConfiguration: {
          codeContentType: 'ZIPFILE',
          codeContent: { s3ContentLocation: props.code.bind(this, this.role) },
        },
        applicationSnapshotConfiguration: { snapshotsEnabled: props.snapshots ?? true },
        environmentProperties:
          groups.length === 0
            ? undefined
            : {
                propertyGroups: groups.map(([propertyGroupId, propertyMap]) => ({
                  propertyGroupId,
                  propertyMap: { ...propertyMap },
                })),
              },
        flinkApplicationConfiguration: {
          checkpointConfiguration: {
            configurationType: 'CUSTOM',
            checkpointingEnabled: true,
            checkpointInterval:
              checkpointInterval?.toMilliseconds() ?? DEFAULT_CHECKPOINT_MILLISECONDS,
            minPauseBetweenCheckpoints: 5_000,
          },
          monitoringConfiguration: {
            configurationType: 'CUSTOM',
            logLevel: 'INFO',
            metricsLevel: 'APPLICATION',
          },
          parallelismConfiguration: {
            configurationType: 'CUSTOM',
            parallelism: props.parallelism ?? 1,
            parallelismPerKpu: props.parallelismPerKpu ?? 1,
            autoScalingEnabled: props.autoScaling ?? true,
          },
        },
        vpcConfigurations: this.network(props),
      },
    });
  }

  /** @see https://docs.aws.amazon.com/managed-flink/latest/java/vpc-permissions.html */
  private network({ securityGroups = [], vpc, vpcSubnets }: StreamAnalyticsProps) {
    if (vpc === undefined) return undefined;
    this.role.addToPolicy(
      new iam.PolicyStatement({
        actions: [
          'ec2:DescribeVpcs',
          'ec2:DescribeSubnets',
          'ec2:DescribeSecurityGroups',
          'ec2:DescribeDhcpOptions',
          'ec2:DescribeNetworkInterfaces',
          'ec2:CreateNetworkInterface',
          'ec2:CreateNetworkInterfacePermission',
          'ec2:DeleteNetworkInterface',
        ],
        resources: ['*'],
      }),
    );
    Validations.of(this.role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'The application makes network interfaces in the VPC, which have no names before.',
    });
    return [
      {
        subnetIds: vpc.selectSubnets(vpcSubnets).subnetIds,
        securityGroupIds: securityGroups.map(({ securityGroupId }) => securityGroupId),
      },
    ];
  }

  private logTo(logGroup: logs.LogGroup): void {
    const { logStreamName } = logGroup.addStream('LogStream');
    const logStreamArn = Stack.of(this).formatArn({
      service: 'logs',
      resource: `log-group:${logGroup.logGroupName}:log-stream:${logStreamName}`,
    });
    this.role.addToPolicy(
      new iam.PolicyStatement({ actions: ['logs:PutLogEvents'], resources: [logStreamArn] }),
    );
    this.role.addToPolicy(
      new iam.PolicyStatement({
        actions: ['logs:DescribeLogStreams'],
        resources: [logGroup.logGroupArn],
      }),
    );
    new CfnApplicationCloudWatchLoggingOption(this, 'Logging', {
      applicationName: this.application.ref,
      cloudWatchLoggingOption: { logStreamArn },
    });
  }
}
