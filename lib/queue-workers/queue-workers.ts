import type * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { grantWorking } from '../encryption/queue-grants';
import type { InstanceAlarms } from '../instances/instance-alarms';
import { instanceGroup } from '../instances/instance-group';
import { throwIfAny } from '../validation';
import type { QueueWorkersProps } from './queue-workers-props';
import { boundsOf, queueWorkersFailures, scalingFor } from './queue-workers-rules';

/**
 * Instances that work off a queue: more of them when messages pile up, fewer as it drains, and none is terminated in the middle of a
 * message.
 *
 * Each instance runs the program under systemd, as a user without rights, with the URL of the queue in `QUEUE_URL`. `runWorker` of
 * `cdk-decouple/worker` does what such a program has to: it receives, keeps messages hidden while it works on them, deletes what it
 * has done, and finishes what it holds when its instance is to leave.
 *
 * @example
 * const jobs = new WorkQueue(this, 'Jobs', { visibilityTimeout: Duration.minutes(5) });
 * new QueueWorkers(this, 'Encoders', {
 *   vpc,
 *   queue: jobs.queue,
 *   program: WorkerProgram.nodejs({ entry: 'encoder/main.ts' }),
 *   maxCapacity: 20,
 *   scaling: Scaling.step({ scaleOut: [{ messages: 1_000, instances: 2 }] }),
 * });
 */
export class QueueWorkers extends Construct implements ec2.IConnectable, iam.IGrantable {
  /** The queue that is worked off. */
  public readonly queue: sqs.IQueue;

  /** The instances. */
  public readonly autoScalingGroup: autoscaling.AutoScalingGroup;

  /** What new instances are made from. */
  public readonly launchTemplate: ec2.LaunchTemplate;

  /** What the program calls AWS as. */
  public readonly role: iam.Role;

  /** What the program and the boot script said, a stream for each instance. */
  public readonly logGroup: logs.LogGroup;

  /** Its alarms. */
  public readonly alarms: InstanceAlarms;

  /** The network side of the instances. */
  public readonly connections: ec2.Connections;

  /** The role, so that grants can name the workers. */
  public readonly grantPrincipal: iam.IPrincipal;

  constructor(scope: Construct, id: string, props: QueueWorkersProps) {
    throwIfAny(scope, id, QueueWorkers.name, queueWorkersFailures(props));
    super(scope, id);
    this.queue = props.queue;
    const made = instanceGroup(this, {
      ...props,
      takes: 'messages',
      environment: { QUEUE_URL: props.queue.queueUrl },
      grant: (role) => grantWorking(props.queue, role),
    });
    this.autoScalingGroup = made.group;
    this.launchTemplate = made.launchTemplate;
    this.role = made.role;
    this.logGroup = made.logGroup;
    this.alarms = made.alarms;
    this.connections = made.group.connections;
    this.grantPrincipal = made.role;
    scalingFor(props)?.bind(new Construct(this, 'Scaling'), {
      ...boundsOf(props),
      group: made.group,
      queue: props.queue,
    });
  }
}
