import { Annotations, Duration, Size, Stack, Token, Validations } from 'aws-cdk-lib';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { notifyOn } from '../alarms/notify';
import { logKey } from '../encryption/log-key';
import { throwIfAny } from '../validation';
import { bootScript } from './boot-script';
import { atMaximumAlarm, type InstanceAlarms, statusCheckAlarm } from './instance-alarms';
import type { InstanceOptions } from './instance-options';
import { grantGroupMembership, instanceRole } from './instance-role';
import { DEFAULT_MAX_CAPACITY, DEFAULT_MIN_CAPACITY, launchFailures } from './instance-rules';
import { allowMounting } from './mounted-file-system';
import { httpsOutOnly } from './security-group';

/** Hooks are named within their group: instances know this one by it. */
const HOOK_NAME = 'finish-work';
/** Of Amazon Linux, and of images made from it. */
const ROOT_DEVICE = '/dev/xvda';

const DEFAULT_TERMINATION_TIMEOUT = Duration.minutes(5);

/** A group in the making. */
export interface InstanceGroupOptions extends InstanceOptions {
  /** Variables that tell the program where its work is. */
  readonly environment: Readonly<Record<string, string>>;
  /** Gives the role the rights that instances need from their start. */
  readonly grant: (role: iam.Role) => void;
  /**
   * Whether instances take their work from a queue: a leaving one is given time to finish, and protects itself while it is busy. Others
   * are behind a load balancer, which sends nothing to one that leaves, and whose health checks count.
   */
  readonly takes: 'messages' | 'requests';
}

/** A group that has been made. */
export interface InstanceGroup {
  readonly group: autoscaling.AutoScalingGroup;
  readonly launchTemplate: ec2.LaunchTemplate;
  readonly role: iam.Role;
  readonly securityGroup: ec2.SecurityGroup;
  readonly logGroup: logs.LogGroup;
  readonly alarms: InstanceAlarms;
}

/**
 * Instances that run a program: their role, logs, launch template and Auto Scaling group, with a hook that gives a leaving instance
 * time to finish what it took from a queue. The options must be valid.
 */
export function instanceGroup(scope: Construct, options: InstanceGroupOptions): InstanceGroup {
  const { maxCapacity = DEFAULT_MAX_CAPACITY, minCapacity = DEFAULT_MIN_CAPACITY, vpc } = options;
  const terminationTimeout = options.terminationTimeout ?? DEFAULT_TERMINATION_TIMEOUT;
  const takesMessages = options.takes === 'messages';
  const program = options.program.bind(scope);
  const logGroup = new logs.LogGroup(scope, 'Logs', {
    retention: options.logRetention ?? logs.RetentionDays.ONE_MONTH,
    encryptionKey: logKey(scope, options.logEncryptionKey),
  });
  const role = instanceRole(scope, { asset: program.asset, logGroup });
  options.grant(role);
  const securityGroup = httpsOutOnly(scope, vpc);
  const userData = bootScript(scope, {
    program,
    environment: {
      AWS_REGION: Stack.of(scope).region,
      ...(takesMessages && { LIFECYCLE_HOOK_NAME: HOOK_NAME }),
      ...options.environment,
    },
    logGroupName: logGroup.logGroupName,
    stopSeconds: terminationTimeout.toSeconds(),
    fileSystem: options.fileSystem,
  });
  const launchTemplate = new ec2.LaunchTemplate(scope, 'LaunchTemplate', {
    ...image(options),
    role,
    securityGroup,
    userData,
    requireImdsv2: true,
    // Not from containers on the instance.
    httpPutResponseHopLimit: 1,
    instanceInitiatedShutdownBehavior: ec2.InstanceInitiatedShutdownBehavior.TERMINATE,
    blockDevices: [
      {
        deviceName: ROOT_DEVICE,
        volume: ec2.BlockDeviceVolume.ebs((options.diskSize ?? Size.gibibytes(20)).toGibibytes(), {
          encrypted: true,
          volumeType: ec2.EbsDeviceVolumeType.GP3,
        }),
      },
    ],
  });
  throwIfAny(
    scope,
    '',
    scope.constructor.name,
    launchFailures(launchTemplate.osType, knownText(scope, userData)),
  );
  const group = new autoscaling.AutoScalingGroup(scope, 'Group', {
    vpc,
    vpcSubnets: options.vpcSubnets ?? { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
    launchTemplate,
    minCapacity,
    maxCapacity,
    defaultInstanceWarmup: options.warmup ?? Duration.minutes(3),
    groupMetrics: [autoscaling.GroupMetrics.all()],
    healthChecks: healthChecks(options),
    // A new program or image: instance by instance, each with the time that its hook gives it.
    updatePolicy: autoscaling.UpdatePolicy.rollingUpdate({
      maxBatchSize: 1,
      minInstancesInService: Math.min(minCapacity, maxCapacity - 1),
    }),
  });
  // Instances fetch their program as soon as they start.
  group.node.addDependency(role);
  if (options.fileSystem !== undefined) {
    group.node.addDependency(allowMounting(options.fileSystem, role, securityGroup));
  }
  if (takesMessages) {
    grantGroupMembership(scope, role, group);
    group.addLifecycleHook('FinishWork', {
      lifecycleHookName: HOOK_NAME,
      lifecycleTransition: autoscaling.LifecycleTransition.INSTANCE_TERMINATING,
      heartbeatTimeout: terminationTimeout,
      defaultResult: autoscaling.DefaultResult.CONTINUE,
    });
  }
  Validations.of(group).acknowledge({
    id: 'AwsSolutions-AS3',
    reason:
      'Growing and shrinking is what the group does all day: Auto Scaling keeps its activities, and the alarms tell of what is not as it should be.',
  });

  const alarms: InstanceAlarms = {
    statusCheck: statusCheckAlarm(scope, group),
    atMaximum: minCapacity < maxCapacity ? atMaximumAlarm(scope, group, maxCapacity) : undefined,
  };
  if (options.alarmTopic !== undefined) {
    notifyOn(scope, options.alarmTopic, [alarms.statusCheck, alarms.atMaximum]);
  }
  warnOfIsolation(scope, options);
  return {
    group,
    launchTemplate,
    role,
    securityGroup,
    logGroup,
    alarms,
  };
}

function image({ instanceType, machineImage }: InstanceOptions) {
  const type = instanceType ?? ec2.InstanceType.of(ec2.InstanceClass.T4G, ec2.InstanceSize.SMALL);
  return {
    instanceType: type,
    machineImage:
      machineImage ??
      ec2.MachineImage.latestAmazonLinux2023({
        cpuType: Token.isUnresolved(type.toString())
          ? undefined
          : type.architecture === ec2.InstanceArchitecture.ARM_64
            ? ec2.AmazonLinuxCpuType.ARM_64
            : ec2.AmazonLinuxCpuType.X86_64,
      }),
  };
}

function healthChecks({ takes, warmup }: InstanceGroupOptions): autoscaling.HealthChecks {
  const gracePeriod = warmup ?? Duration.minutes(3);
  return takes === 'requests'
    ? autoscaling.HealthChecks.withAdditionalChecks({
        additionalTypes: [autoscaling.AdditionalHealthCheckType.ELB],
        gracePeriod,
      })
    : autoscaling.HealthChecks.ec2({ gracePeriod });
}

/** User data without what is only known at deployment. */
function knownText(scope: Construct, userData: ec2.UserData): string {
  return textIn(Stack.of(scope).resolve(userData.render()));
}

function textIn(value: unknown): string {
  if (typeof value === 'string') {
    return value;
  }
  return value instanceof Object ? Object.values(value).map(textIn).join('') : '';
}

/** Whether there are endpoints cannot be seen from a VPC. */
function warnOfIsolation(scope: Construct, { vpc, vpcSubnets }: InstanceOptions): void {
  if (vpcSubnets === undefined) {
    return;
  }
  const isolated = new Set(vpc.isolatedSubnets.map(({ subnetId }) => subnetId));
  if (vpc.selectSubnets(vpcSubnets).subnetIds.some((id) => isolated.has(id))) {
    Annotations.of(scope).addWarningV2(
      'cdk-decouple:isolatedInstances',
      'The instances run in isolated subnets: they start only if the VPC has endpoints for S3 (which has the packages of Amazon Linux too), SQS, CloudWatch Logs, Auto Scaling and Systems Manager.',
    );
  }
}
