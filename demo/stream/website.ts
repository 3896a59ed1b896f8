import type { Kinesis, PutRecordsRequestEntry } from '@aws-sdk/client-kinesis';
import type { Clock } from 'cdk-decouple-emulator';
import type { Click } from './click';

/** How long it waits before it puts again what a shard did not take, in emulated milliseconds. */
const pause = 1_000;

/** The website's side: it puts each click until the stream has taken it. */
export class Website {
  private readonly taken = new Map<string, Click>();

  constructor(
    private readonly kinesis: Kinesis,
    private readonly streamName: string,
    private readonly clock: Clock,
  ) {}

  /** Clicks that the stream has taken, by their ids. */
  get published(): ReadonlyMap<string, Click> {
    return this.taken;
  }

  async put(clicks: readonly Click[]): Promise<void> {
    let left = clicks;
    for (;;) {
      const { Records = [] } = await this.kinesis.putRecords({
        StreamName: this.streamName,
        Records: left.map(recordOf),
      });
      const refused = left.filter((_click, index) => Records[index]?.ErrorCode !== undefined);
      for (const click of left) if (!refused.includes(click)) this.taken.set(click.id, click);
      if (refused.length === 0) return;
      left = refused;
      await this.clock.sleep(pause, 'put again');
    }
  }
}

function recordOf({ body, customerId }: Click): PutRecordsRequestEntry {
  return { PartitionKey: customerId, Data: Buffer.from(body, 'utf8') };
}
