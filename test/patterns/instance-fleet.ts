import { AutoScaling } from '@aws-sdk/client-auto-scaling';
import { SQS } from '@aws-sdk/client-sqs';
import { App, CfnElement, Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { type IQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { type Deployment, Emulator } from 'cdk-decouple-emulator';
import type { IConstruct } from 'constructs';

/** What Auto Scaling tells of a launch or a termination that has succeeded. */
export interface ScalingEvent {
  readonly 'detail-type': string;
  readonly detail: { readonly EC2InstanceId: string; readonly Cause: string };
}

/** Instances that run their programs as processes, an emulated minute in a second, and what becomes of them. */
export class InstanceFleet {
  readonly sqs: SQS;
  readonly autoScaling: AutoScaling;

  private constructor(
    readonly aws: Emulator,
    private readonly stack: Stack,
    private readonly deployment: Deployment,
    private readonly events: IQueue,
  ) {
    this.sqs = aws.client(SQS);
    this.autoScaling = aws.client(AutoScaling);
  }

  /** Deploys what `make` puts into a stack. */
  static async deploy<T>(make: (stack: Stack) => T): Promise<[InstanceFleet, T]> {
    const aws = await Emulator.start({ clock: { rate: 60 } });
    const stack = new Stack(new App(), 'Fleet');
    const made = make(stack);
    const events = new Queue(stack, 'ScalingEvents');
    new Rule(stack, 'Scaling', {
      eventPattern: { source: ['aws.autoscaling'] },
      targets: [new SqsQueue(events)],
    });
    return [new InstanceFleet(aws, stack, await aws.deploy(stack), events), made];
  }

  physicalId({ node }: IConstruct): string {
    const { defaultChild: resource } = node;
    if (!resource || !CfnElement.isCfnElement(resource)) {
      throw new Error(`${node.path} is no resource`);
    }
    return this.deployment.physicalId(this.stack.getLogicalId(resource));
  }

  output(name: string): string {
    return this.deployment.output(name);
  }

  async send(queue: IQueue, bodies: readonly string[]): Promise<void> {
    const QueueUrl = this.physicalId(queue);
    for (let first = 0; first < bodies.length; first += 10) {
      await this.sqs.sendMessageBatch({
        QueueUrl,
        Entries: bodies
          .slice(first, first + 10)
          .map((MessageBody, index) => ({ Id: String(index), MessageBody })),
      });
    }
  }

  /** Takes messages from a queue until there are enough. */
  async take<T>(queue: IQueue, isEnough: (taken: readonly T[]) => boolean): Promise<T[]> {
    const QueueUrl = this.physicalId(queue);
    const taken: T[] = [];
    while (!isEnough(taken)) {
      const { Messages = [] } = await this.sqs.receiveMessage({
        QueueUrl,
        WaitTimeSeconds: 20,
        MaxNumberOfMessages: 10,
      });
      for (const { Body = '', ReceiptHandle } of Messages) {
        taken.push(JSON.parse(Body));
        await this.sqs.deleteMessage({ QueueUrl, ReceiptHandle });
      }
    }
    return taken;
  }

  /** Waits until Auto Scaling has told of something. */
  async scaled(isEnough: (events: readonly ScalingEvent[]) => boolean): Promise<ScalingEvent[]> {
    return this.take<ScalingEvent>(this.events, isEnough);
  }

  /** Messages that wait or are in flight. */
  async depth(queue: IQueue): Promise<number> {
    const { Attributes = {} } = await this.sqs.getQueueAttributes({
      QueueUrl: this.physicalId(queue),
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    });
    return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
  }

  /** The instances of a group. */
  async instances(group: IConstruct): Promise<string[]> {
    const { AutoScalingGroups: [found] = [] } = await this.autoScaling.describeAutoScalingGroups({
      AutoScalingGroupNames: [this.physicalId(group)],
    });
    return found?.Instances?.flatMap(({ InstanceId }) => InstanceId ?? []) ?? [];
  }
}
