import { type _Record, Kinesis, type ShardIteratorType } from '@aws-sdk/client-kinesis';
import { Emulator } from '../../../src/emulator';
import type { EmulatorOptions } from '../../../src/options';

export const account = '000000000000';
export const region = 'us-east-1';

export const streamArn = (name: string) => `arn:aws:kinesis:${region}:${account}:stream/${name}`;

/** Milliseconds that a stream is being created or changed. */
export const transition = 5000;

/** An emulator on the manual clock with a client of Kinesis, and what tests do again and again. */
export class KinesisBench {
  private constructor(
    readonly aws: Awaited<ReturnType<typeof startManual>>,
    readonly kinesis: Kinesis,
  ) {}

  static async start(options: EmulatorOptions = {}): Promise<KinesisBench> {
    const aws = await startManual(options);
    return new KinesisBench(aws, aws.client(Kinesis));
  }

  async stop(): Promise<void> {
    await this.aws.stop();
  }

  /** Makes a stream that can be used. */
  async stream(StreamName: string, ShardCount = 1): Promise<void> {
    await this.kinesis.createStream({ StreamName, ShardCount });
    await this.settle();
  }

  /** Lets a change of a stream be done. */
  async settle(): Promise<void> {
    await this.aws.clock.advance(transition);
  }

  put(StreamName: string, PartitionKey: string, text: string) {
    return this.kinesis.putRecord({ StreamName, PartitionKey, Data: Buffer.from(text) });
  }

  async iterator(
    StreamName: string,
    ShardId: string,
    ShardIteratorType: ShardIteratorType = 'TRIM_HORIZON',
    StartingSequenceNumber?: string,
  ): Promise<string> {
    const { ShardIterator = '' } = await this.kinesis.getShardIterator({
      StreamName,
      ShardId,
      ShardIteratorType,
      StartingSequenceNumber,
    });
    return ShardIterator;
  }

  /** The texts of what a shard holds. */
  async texts(StreamName: string, ShardId = shardId(0)): Promise<string[]> {
    const ShardIterator = await this.iterator(StreamName, ShardId);
    return textsOf((await this.kinesis.getRecords({ ShardIterator })).Records);
  }
}

export function shardId(index: number): string {
  return `shardId-${String(index).padStart(12, '0')}`;
}

export function textsOf(records: readonly _Record[] = []): string[] {
  return records.map(({ Data }) => Buffer.from(Data ?? []).toString());
}

function startManual(options: EmulatorOptions) {
  return Emulator.start({ ...options, clock: 'manual' });
}
