import { BacklogScaling, type BacklogScalingOptions } from './backlog-scaling';
import type { IScaling } from './scaling-contract';
import { StepScaling, type StepScalingOptions } from './step-scaling';

/**
 * The ways in which a group can follow its queue.
 */
export class Scaling {
  /**
   * Out by as many instances as the backlog asks for, in as the queue drains: two alarms with a policy each.
   *
   * Out on the messages that wait, in on those that wait or are in flight: what is being worked on needs its instance.
   */
  public static step(options: StepScalingOptions = {}): IScaling {
    return new StepScaling(options);
  }

  /**
   * As many instances as it takes for a message to wait no longer than is acceptable: target tracking on the backlog of an instance.
   *
   * Auto Scaling makes the alarms itself: out after 3 minutes above the target, in after 15 minutes below seven tenths of it.
   *
   * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-using-sqs-queue.html
   */
  public static backlogPerInstance(options: BacklogScalingOptions): IScaling {
    return new BacklogScaling(options);
  }

  private constructor() {}
}
