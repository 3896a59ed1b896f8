import type { Caller } from '../../iam/caller';
import { ServiceError } from '../../protocol/errors';
import type { ServiceEnvironment } from '../service';
import type { Activity } from './activity';
import { validationError } from './errors';
import type { Group } from './group';
import type { LifecycleHook } from './lifecycle-hook';
import type { Member } from './member';
import { serviceLinkedRoleArn } from './names';

/** An event for the default bus of an account. */
export interface GroupEvent {
  readonly account: string;
  readonly region: string;
  readonly source: string;
  readonly detailType: string;
  readonly resources: readonly string[];
  readonly detail: object;
  readonly time: number;
}

/** Whom groups tell what becomes of their instances. */
export interface Audience {
  /** @throws ServiceError what Publish does */
  publish(topicArn: string, subject: string | undefined, text: string, caller: Caller): void;
  /** @throws ServiceError what SendMessage does */
  send(queueArn: string, body: string, caller: Caller): void;
  event(event: GroupEvent): void;
}

/** What a group's topics can be told. */
export const notificationTypes = [
  'autoscaling:EC2_INSTANCE_LAUNCH',
  'autoscaling:EC2_INSTANCE_LAUNCH_ERROR',
  'autoscaling:EC2_INSTANCE_TERMINATE',
  'autoscaling:EC2_INSTANCE_TERMINATE_ERROR',
  'autoscaling:TEST_NOTIFICATION',
] as const;

/** What has become of an activity. */
export type ActivityNews = Exclude<
  (typeof notificationTypes)[number],
  'autoscaling:TEST_NOTIFICATION'
>;

const news: Readonly<Record<ActivityNews, { subject: string; detailType: string }>> = {
  'autoscaling:EC2_INSTANCE_LAUNCH': {
    subject: 'launch',
    detailType: 'EC2 Instance Launch Successful',
  },
  'autoscaling:EC2_INSTANCE_LAUNCH_ERROR': {
    subject: 'failed launch',
    detailType: 'EC2 Instance Launch Unsuccessful',
  },
  'autoscaling:EC2_INSTANCE_TERMINATE': {
    subject: 'termination',
    detailType: 'EC2 Instance Terminate Successful',
  },
  'autoscaling:EC2_INSTANCE_TERMINATE_ERROR': {
    subject: 'failed termination',
    detailType: 'EC2 Instance Terminate Unsuccessful',
  },
};

const service = 'AWS Auto Scaling';

/**
 * Tells topics, queues and EventBridge what becomes of the instances of groups: topics as the service-linked role, the
 * targets of lifecycle hooks as the hook's role.
 *
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-sns-notifications.html
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-event-reference.html
 */
export class Announcements {
  constructor(
    private readonly env: Pick<ServiceEnvironment, 'clock' | 'identities' | 'random'>,
    private readonly audience: Audience,
  ) {}

  /** Whoever publishes for a group: the service-linked role of its account. */
  caller({ account }: { readonly account: string }): Caller {
    return this.session(serviceLinkedRoleArn(account), 'AutoScaling');
  }

  /** An activity has ended. */
  activity(group: Group, type: ActivityNews, activity: Activity, instanceId: string): void {
    const { detailType, subject } = news[type];
    const launching = subject.endsWith('launch');
    const told = {
      StatusCode: activity.status === 'Successful' ? 'InProgress' : activity.status,
      Description: activity.description,
      AutoScalingGroupName: group.name,
      ActivityId: activity.id,
      Details: activity.details,
      RequestId: activity.id,
      StatusMessage: activity.statusMessage ?? '',
      EndTime: iso(activity.end ?? this.env.clock.now()),
      EC2InstanceId: instanceId,
      StartTime: iso(activity.start),
      Cause: activity.cause,
      Origin: launching ? 'EC2' : 'AutoScalingGroup',
      Destination: launching ? 'AutoScalingGroup' : 'EC2',
    };
    this.event(group, detailType, told, instanceId);
    this.notify(group, type, `Auto Scaling: ${subject} for group "${group.name}"`, {
      ...this.sender(group),
      ...told,
      Progress: 50,
      Event: type,
    });
  }

  /** A topic has been told to get notifications. */
  testNotification(group: Group, topicArn: string): void {
    const text = JSON.stringify({
      ...this.sender(group),
      RequestId: this.requestId(group),
      AutoScalingGroupName: group.name,
      Event: 'autoscaling:TEST_NOTIFICATION',
    });
    this.attempt(() =>
      this.audience.publish(
        topicArn,
        `Auto Scaling: test notification for group "${group.name}"`,
        text,
        this.caller(group.address),
      ),
    );
  }

  /** A hook holds an instance. */
  lifecycleAction(group: Group, member: Member, hook: LifecycleHook, token: string): void {
    const launching = hook.transition === 'autoscaling:EC2_INSTANCE_LAUNCHING';
    const detail = {
      LifecycleActionToken: token,
      AutoScalingGroupName: group.name,
      LifecycleHookName: hook.name,
      EC2InstanceId: member.id,
      LifecycleTransition: hook.transition,
      ...(hook.metadata !== undefined && { NotificationMetadata: hook.metadata }),
      Origin: launching ? 'EC2' : 'AutoScalingGroup',
      Destination: launching ? 'AutoScalingGroup' : 'EC2',
    };
    this.event(
      group,
      `EC2 Instance-${launching ? 'launch' : 'terminate'} Lifecycle Action`,
      detail,
    );
    const { account, time, Service } = this.common(group);
    this.attempt(() =>
      this.tellTarget(
        hook,
        `Auto Scaling:  Lifecycle action '${launching ? 'LAUNCHING' : 'TERMINATING'}' for instance ${member.id} in progress.`,
        {
          ...detail,
          AccountId: account,
          RequestId: this.requestId(group),
          Service,
          Time: time,
        },
      ),
    );
  }

  /** Tries out the target of a hook that is put. @throws ValidationError if it cannot be told */
  tryTarget(group: Group, hook: LifecycleHook): void {
    if (hook.targetArn === undefined) return;
    try {
      this.tellTarget(hook, `Auto Scaling: test notification for group "${group.name}"`, {
        ...this.sender(group),
        RequestId: this.requestId(group),
        AutoScalingGroupName: group.name,
        Event: 'autoscaling:TEST_NOTIFICATION',
      });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      throw validationError(
        `Unable to publish test message to notification target ${hook.targetArn} using IAM role ${hook.roleArn}. Please check your target and role configuration and try to put lifecycle hook again.`,
      );
    }
  }

  private tellTarget({ roleArn, targetArn }: LifecycleHook, subject: string, message: object) {
    if (targetArn === undefined || roleArn === undefined) return;
    const text = JSON.stringify(message);
    const caller = this.session(roleArn, 'AutoScaling');
    if (targetArn.split(':')[2] === 'sqs') this.audience.send(targetArn, text, caller);
    else this.audience.publish(targetArn, subject, text, caller);
  }

  private notify(group: Group, type: ActivityNews, subject: string, message: object): void {
    const caller = this.caller(group.address);
    const text = JSON.stringify(message);
    for (const [topicArn, types] of group.notifications)
      if (types.has(type))
        this.attempt(() => this.audience.publish(topicArn, subject, text, caller));
  }

  private event(group: Group, detailType: string, detail: object, instanceId?: string): void {
    const { account, region } = group.address;
    const instance = `arn:aws:ec2:${region}:${account}:instance/${instanceId}`;
    this.audience.event({
      account,
      region,
      source: 'aws.autoscaling',
      detailType,
      resources: instanceId ? [group.arn, instance] : [group.arn],
      detail,
      time: this.env.clock.now(),
    });
  }

  /** Whoever cannot be told is not told: AWS does not try again. */
  private attempt(tell: () => void): void {
    try {
      tell();
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
    }
  }

  private session(roleArn: string, name: string): Caller {
    const { accessKeyId, caller } = this.env.identities.openSession(roleArn, name);
    this.env.identities.closeSession(accessKeyId);
    return caller;
  }

  private common(group: Group) {
    return { account: group.address.account, time: iso(this.env.clock.now()), Service: service };
  }

  private sender(group: Group) {
    const { account, time } = this.common(group);
    return { AccountId: account, AutoScalingGroupARN: group.arn, Service: service, Time: time };
  }

  private requestId(group: Group): string {
    return this.env.random.stream(`autoscaling/${group.arn}/requests`).uuid();
  }
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
