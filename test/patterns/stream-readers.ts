import type {
  _Record,
  Kinesis,
  StartingPosition,
  SubscribeToShardEventStream,
} from '@aws-sdk/client-kinesis';
import { Duration } from 'aws-cdk-lib';
import type { ManualClock } from 'cdk-decouple-emulator';

/** What both kinds of readers do: read each shard to its end, and its children when all of their parents are done. */
abstract class ShardTreeReader {
  /** Texts in the order in which they were read. */
  readonly texts: string[] = [];
  private readonly begun = new Set<string>();
  private readonly done = new Set<string>();

  constructor(
    protected readonly kinesis: Kinesis,
    protected readonly StreamName: string,
  ) {}

  /** Begins with the shards that can be read now. */
  async begin(): Promise<void> {
    const { Shards = [] } = await this.kinesis.listShards({ StreamName: this.StreamName });
    const all = new Set(Shards.map(({ ShardId }) => ShardId));
    for (const { ShardId = '', ParentShardId, AdjacentParentShardId } of Shards) {
      const parents = [ParentShardId, AdjacentParentShardId].filter(
        (id): id is string => id !== undefined && all.has(id),
      );
      if (this.begun.has(ShardId) || !parents.every((id) => this.done.has(id))) continue;
      this.begun.add(ShardId);
      await this.read(ShardId);
    }
  }

  protected abstract read(shardId: string): Promise<void>;

  protected take(records: readonly _Record[] = []): void {
    for (const { Data } of records) this.texts.push(Buffer.from(Data ?? []).toString());
  }

  protected async ended(shardId: string): Promise<void> {
    this.done.add(shardId);
    await this.begin();
  }
}

/** Reads a stream as an application without enhanced fan-out does: by polling each shard once a second. */
export class PollingReader extends ShardTreeReader {
  private readonly iterators = new Map<string, string | undefined>();

  /** Looks at each shard. */
  async poll(): Promise<void> {
    for (const [shardId, ShardIterator] of [...this.iterators]) {
      if (ShardIterator === undefined) continue;
      const { Records, NextShardIterator } = await this.kinesis.getRecords({ ShardIterator });
      this.take(Records);
      this.iterators.set(shardId, NextShardIterator);
      if (NextShardIterator === undefined) await this.ended(shardId);
    }
  }

  protected override async read(ShardId: string): Promise<void> {
    const { ShardIterator } = await this.kinesis.getShardIterator({
      StreamName: this.StreamName,
      ShardId,
      ShardIteratorType: 'TRIM_HORIZON',
    });
    this.iterators.set(ShardId, ShardIterator);
  }
}

/** Reads a stream as a registered consumer: what comes is pushed, and a subscription that ends is renewed. */
export class PushedReader extends ShardTreeReader {
  private readonly subscriptions = new Set<Promise<void>>();

  constructor(
    kinesis: Kinesis,
    streamName: string,
    private readonly consumerArn: string,
  ) {
    super(kinesis, streamName);
  }

  /** Resolves when no shard is subscribed to any more, as its stream is gone. */
  async end(clock: ManualClock): Promise<void> {
    await clock.until(Promise.allSettled(this.subscriptions), Duration.hours(1));
  }

  protected override async read(shardId: string): Promise<void> {
    const subscription = this.subscribe(shardId, { Type: 'TRIM_HORIZON' });
    this.subscriptions.add(subscription);
  }

  private async subscribe(ShardId: string, StartingPosition: StartingPosition): Promise<void> {
    const { EventStream } = await this.kinesis.subscribeToShard({
      ConsumerARN: this.consumerArn,
      ShardId,
      StartingPosition,
    });
    const next = await this.collect(ShardId, EventStream);
    if (next !== undefined)
      await this.subscribe(ShardId, { Type: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: next });
  }

  /** @returns where to go on; undefined at the end of the shard */
  private async collect(
    shardId: string,
    events: AsyncIterable<SubscribeToShardEventStream> = noEvents(),
  ): Promise<string | undefined> {
    let next: string | undefined;
    for await (const { SubscribeToShardEvent: event } of events) {
      if (!event) continue;
      this.take(event.Records);
      next = event.ContinuationSequenceNumber;
      if (event.ChildShards) {
        await this.ended(shardId);
        return undefined;
      }
    }
    return next;
  }
}

async function* noEvents(): AsyncGenerator<SubscribeToShardEventStream> {}
