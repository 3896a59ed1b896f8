import { consumerArn } from './names';

/** Who receives a shard's records over a connection. */
export interface Subscription {
  /** Emulated time. */
  readonly since: number;
  /** Ends it, as another one takes over or the consumer goes. */
  end(): void;
}

/** A consumer with throughput of its own. */
export class Consumer {
  readonly arn: string;
  readonly tags: Map<string, string>;
  status: 'CREATING' | 'ACTIVE' | 'DELETING' = 'CREATING';
  policy: string | undefined;
  /** By the number of the shard. */
  readonly subscriptions = new Map<number, Subscription>();

  /** @param created - emulated time */
  constructor(
    readonly streamArn: string,
    readonly name: string,
    readonly created: number,
    tags: Readonly<Record<string, string>>,
  ) {
    this.arn = consumerArn(streamArn, name, Math.floor(created / 1000));
    this.tags = new Map(Object.entries(tags));
  }

  endSubscriptions(): void {
    for (const subscription of [...this.subscriptions.values()]) subscription.end();
  }
}
