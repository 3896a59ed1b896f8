import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { SQS } from '@aws-sdk/client-sqs';
import { App, CfnElement, Duration, Stack } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { type Deployment, Emulator, type ManualClock } from 'cdk-decouple-emulator';
import type { IConstruct } from 'constructs';

/** A stack on an emulator with a clock that a test moves, and the alarms in it. */
export class AlarmBench {
  readonly sqs: SQS;
  private readonly cloudWatch: CloudWatch;

  private constructor(
    readonly aws: Emulator<ManualClock>,
    readonly stack: Stack,
    private readonly deployment: Deployment,
  ) {
    this.sqs = aws.client(SQS);
    this.cloudWatch = aws.client(CloudWatch);
  }

  /**
   * Deploys what `make` puts into a stack.
   *
   * @param watchdog - real milliseconds that programs may take over something. @default - that of the emulator
   */
  static async deploy<T>(make: (stack: Stack) => T, watchdog?: number): Promise<[AlarmBench, T]> {
    const aws = await Emulator.start({
      clock: 'manual',
      firehoseEndpoints: { '*': 'capture' },
      watchdog,
    });
    const stack = new Stack(new App(), 'Alarms');
    const made = make(stack);
    return [new AlarmBench(aws, stack, await aws.deploy(stack)), made];
  }

  /** The state of an alarm. */
  async state(alarm: Alarm): Promise<string | undefined> {
    const AlarmNames = [this.idOf(alarm)];
    const { MetricAlarms } = await this.cloudWatch.describeAlarms({ AlarmNames });
    return MetricAlarms?.[0]?.StateValue;
  }

  url(queue: IQueue): string {
    return this.idOf(queue);
  }

  /** ARN of a function. */
  arnOf(fn: IFunction): string {
    return `arn:aws:lambda:${this.aws.region}:000000000000:function:${this.idOf(fn)}`;
  }

  /** The physical id of a construct's resource. */
  idOf(construct: IConstruct | undefined): string {
    const resource = construct?.node.defaultChild;
    if (!resource || !CfnElement.isCfnElement(resource))
      throw new Error(`${construct?.node.path} is no resource`);
    return this.deployment.physicalId(this.stack.getLogicalId(resource));
  }

  async send(queue: IQueue, ...bodies: string[]): Promise<void> {
    for (const MessageBody of bodies)
      await this.sqs.sendMessage({ QueueUrl: this.url(queue), MessageBody });
  }

  async purge(queue: IQueue): Promise<void> {
    await this.sqs.purgeQueue({ QueueUrl: this.url(queue) });
  }

  async minutes(count: number): Promise<void> {
    await this.aws.clock.advance(Duration.minutes(count));
  }
}
