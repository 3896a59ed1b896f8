/** Something that would have left AWS for a person, a phone, or another machine. */
export interface OutboxEntry {
  readonly protocol: 'application' | 'email' | 'email-json' | 'http' | 'https' | 'sms';
  /** Mail address, phone number, URL, or ARN of a push endpoint. */
  readonly address: string;
  /** Of mails, and of pushes that were published with one. */
  readonly subject: string | undefined;
  readonly body: string;
  /** Emulated time in milliseconds since the epoch. */
  readonly time: number;
  readonly messageId: string;
  /** @default - it was published to the address itself */
  readonly topicArn: string | undefined;
}

/** How many entries are kept: the oldest go first. */
const capacity = 10_000;

/** Mails, text messages and pushes: they end here, for tests to read. */
export class Outbox {
  private held: OutboxEntry[] = [];

  add(entry: OutboxEntry): void {
    this.held.push(entry);
    if (this.held.length > capacity) this.held.shift();
  }

  /** Everything that is still held, oldest first, of a protocol or an address where given. */
  entries(filter: Partial<Pick<OutboxEntry, 'protocol' | 'address'>> = {}): OutboxEntry[] {
    return this.held.filter(
      ({ protocol, address }) =>
        (filter.protocol === undefined || filter.protocol === protocol) &&
        (filter.address === undefined || filter.address === address),
    );
  }

  clear(): void {
    this.held = [];
  }
}
