import type { Duration } from 'aws-cdk-lib';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import type { Construct } from 'constructs';
import { failuresOf, integerBetween, knownSeconds, type ValidationRule } from '../validation';
import { PERIOD } from './queue-metrics';
import type { IScaling, ScalingBindOptions, ScalingBounds } from './scaling-contract';
import { wakeFromZero } from './wake';

/**
 * What `Scaling.backlogPerInstance` is told. Their quotient is the target: the messages that may wait for each instance.
 */
export interface BacklogScalingOptions {
  /**
   * How long a message may wait, once the group has had time to grow; longer than `timePerMessage`.
   *
   * An instance takes minutes to be asked for and to start, so a burst waits for longer than a latency of about 5 minutes or less.
   */
  readonly acceptableLatency: Duration;

  /** How long a worker takes for a message, on average. */
  readonly timePerMessage: Duration;

  /**
   * Messages that an instance works on at a time: the `concurrency` of `runWorker`.
   *
   * @default 1
   */
  readonly concurrency?: number;
}

const BACKLOG_SCALING_RULES: ReadonlyArray<ValidationRule<BacklogScalingOptions>> = [
  {
    fails: ({ acceptableLatency, timePerMessage }) =>
      acceptableLatency.isUnresolved() || timePerMessage.isUnresolved(),
    message: () =>
      'acceptableLatency and timePerMessage must be known at synthesis: the target is their quotient',
  },
  {
    fails: ({ timePerMessage }) => knownMilliseconds(timePerMessage) === 0,
    message: () => 'timePerMessage must not be zero: the target would be without end',
  },
  {
    fails: ({ acceptableLatency, timePerMessage }) => {
      const latency = knownSeconds(acceptableLatency);
      const time = knownSeconds(timePerMessage);
      return latency !== undefined && time !== undefined && latency <= time;
    },
    message: ({ acceptableLatency, timePerMessage }) =>
      `acceptableLatency must be longer than timePerMessage (${timePerMessage.toString()}), got ${acceptableLatency.toString()}: no number of instances could keep it`,
  },
  integerBetween('concurrency', ({ concurrency }) => concurrency, { min: 1, max: 1_000 }),
];

function knownMilliseconds(duration: Duration): number | undefined {
  return duration.isUnresolved() ? undefined : duration.toMilliseconds();
}

/**
 * Target tracking on messages waiting for each instance in service.
 *
 * On the L1: `scaleToTrackMetric` of aws-cdk-lib takes no expressions.
 *
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-target-tracking-metric-math.html
 */
export class BacklogScaling implements IScaling {
  constructor(private readonly options: BacklogScalingOptions) {}

  public validate(_bounds: ScalingBounds): readonly string[] {
    return failuresOf(this.options, BACKLOG_SCALING_RULES);
  }

  public bind(scope: Construct, options: ScalingBindOptions): void {
    const { group, queue } = options;
    new autoscaling.CfnScalingPolicy(scope, 'TargetTrackingPolicy', {
      autoScalingGroupName: group.autoScalingGroupName,
      policyType: 'TargetTrackingScaling',
      targetTrackingConfiguration: {
        targetValue: this.target(),
        customizedMetricSpecification: {
          metrics: [
            {
              id: 'waiting',
              label: 'Messages waiting',
              returnData: false,
              metricStat: {
                metric: {
                  namespace: 'AWS/SQS',
                  metricName: 'ApproximateNumberOfMessagesVisible',
                  dimensions: [{ name: 'QueueName', value: queue.queueName }],
                },
                stat: 'Sum',
                period: PERIOD.toSeconds(),
              },
            },
            {
              id: 'instances',
              label: 'Instances in service',
              returnData: false,
              metricStat: {
                metric: {
                  namespace: 'AWS/AutoScaling',
                  metricName: 'GroupInServiceInstances',
                  dimensions: [{ name: 'AutoScalingGroupName', value: group.autoScalingGroupName }],
                },
                stat: 'Average',
                period: PERIOD.toSeconds(),
              },
            },
            {
              id: 'backlog',
              label: 'Messages waiting for each instance',
              expression: 'waiting / instances',
              returnData: true,
            },
          ],
        },
      },
    });
    // Without an instance there is nothing to divide by, and the expression has no data.
    if (options.minCapacity === 0) {
      wakeFromZero(scope, options);
    }
  }

  private target(): number {
    const { acceptableLatency, concurrency = 1, timePerMessage } = this.options;
    return (acceptableLatency.toMilliseconds() / timePerMessage.toMilliseconds()) * concurrency;
  }
}
