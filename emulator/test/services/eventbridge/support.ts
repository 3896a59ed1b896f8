import { EventBridge, type PutEventsRequestEntry, type Target } from '@aws-sdk/client-eventbridge';
import { SQS } from '@aws-sdk/client-sqs';
import { Emulator } from '../../../src/emulator';
import type { EmulatorOptions } from '../../../src/options';
import { policyFor, TestQueue } from '../test-queue';

/** The account that clients call as unless they say otherwise. */
export const account = '000000000000';
export const region = 'us-east-1';

const sender = 'events.amazonaws.com';

/** An event as targets get it. */
export interface EventDocument {
  readonly version: string;
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** An emulator on the manual clock with clients of EventBridge and SQS, and what tests do again and again. */
export class EventBench {
  private constructor(
    readonly aws: Awaited<ReturnType<typeof startManual>>,
    readonly events: EventBridge,
    readonly sqs: SQS,
  ) {}

  static async start(options: EmulatorOptions = {}): Promise<EventBench> {
    const aws = await startManual(options);
    return new EventBench(aws, aws.client(EventBridge), aws.client(SQS));
  }

  async stop(): Promise<void> {
    await this.aws.stop();
  }

  /** Makes a queue that EventBridge may send to. */
  async queue(
    QueueName: string,
    attributes: Record<string, string> = {},
    sqs = this.sqs,
  ): Promise<TestQueue> {
    return TestQueue.create(this.aws.clock, QueueName, { sender, attributes, sqs });
  }

  /** Makes a rule with targets. @returns its ARN */
  async rule(
    Name: string,
    pattern: object,
    targets: readonly (Omit<Target, 'Id'> & { readonly Id?: string })[],
    EventBusName?: string,
  ): Promise<string> {
    const EventPattern = JSON.stringify(pattern);
    const { RuleArn = '' } = await this.events.putRule({ Name, EventPattern, EventBusName });
    await this.events.putTargets({
      Rule: Name,
      EventBusName,
      Targets: targets.map((target, index) => ({ Id: `target-${index}`, ...target })),
    });
    return RuleArn;
  }

  /** Puts one event. @returns its id */
  async put(detail: object, entry: Partial<PutEventsRequestEntry> = {}): Promise<string> {
    const { Entries = [] } = await this.events.putEvents({
      Entries: [{ Source: 'shop', DetailType: 'Order', Detail: JSON.stringify(detail), ...entry }],
    });
    return Entries[0]?.EventId ?? '';
  }
}

/** Takes the events out of a queue. */
export async function eventsIn(queue: TestQueue): Promise<EventDocument[]> {
  return (await queue.bodies()).map((body) => JSON.parse(body));
}

/** A queue policy that lets EventBridge send. */
export const openPolicy = policyFor(sender);

function startManual(options: EmulatorOptions) {
  return Emulator.start({ ...options, clock: 'manual' });
}
