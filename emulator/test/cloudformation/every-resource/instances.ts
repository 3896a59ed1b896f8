import { attribute, type Resources, ref, tags } from './template-parts';

const amazonLinux =
  '{{resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64}}';

/** Launch templates, instances and Auto Scaling groups. */
export const instances: Resources = {
  LaunchTemplate: [
    'AWS::EC2::LaunchTemplate',
    {
      LaunchTemplateData: {
        InstanceType: 't3.micro',
        MetadataOptions: { HttpTokens: 'required' },
        UserData: 'ZWNobw==',
      },
      TagSpecifications: [{ ResourceType: 'launch-template', Tags: tags }],
    },
  ],
  Instance: [
    'AWS::EC2::Instance',
    {
      ImageId: amazonLinux,
      LaunchTemplate: {
        LaunchTemplateId: ref('LaunchTemplate'),
        Version: attribute('LaunchTemplate', 'LatestVersionNumber'),
      },
      DisableApiTermination: false,
      Tags: tags,
    },
  ],
  Group: [
    'AWS::AutoScaling::AutoScalingGroup',
    {
      AvailabilityZones: ['us-east-1a', 'us-east-1b'],
      Cooldown: '60',
      HealthCheckGracePeriod: 60,
      LaunchTemplate: {
        LaunchTemplateId: ref('LaunchTemplate'),
        Version: attribute('LaunchTemplate', 'LatestVersionNumber'),
      },
      MaxSize: '2',
      MetricsCollection: [{ Granularity: '1Minute' }],
      MinSize: '0',
      NotificationConfigurations: [
        { TopicARN: ref('Topic'), NotificationTypes: ['autoscaling:EC2_INSTANCE_LAUNCH'] },
      ],
      Tags: [{ Key: 'team', Value: 'shop', PropagateAtLaunch: true }],
      TerminationPolicies: ['OldestInstance'],
    },
  ],
  GroupHook: [
    'AWS::AutoScaling::LifecycleHook',
    {
      AutoScalingGroupName: ref('Group'),
      DefaultResult: 'CONTINUE',
      HeartbeatTimeout: 300,
      LifecycleHookName: 'finish',
      LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
    },
  ],
  GroupPolicy: [
    'AWS::AutoScaling::ScalingPolicy',
    {
      AdjustmentType: 'ChangeInCapacity',
      AutoScalingGroupName: ref('Group'),
      PolicyType: 'StepScaling',
      StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }],
    },
  ],
  GroupSchedule: [
    'AWS::AutoScaling::ScheduledAction',
    {
      AutoScalingGroupName: ref('Group'),
      MinSize: 1,
      Recurrence: '0 9 * * 1-5',
      TimeZone: 'Europe/Vienna',
    },
  ],
};
