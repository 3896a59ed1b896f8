import type { SourceMessage } from '../queue-source';
import { sqsRecord } from './sqs-record';

/** Bytes of an event: a synchronous invocation's limit. */
const eventLimit = 6 * 1024 * 1024;
const frame = '{"Records":[]}'.length;

/** Messages that go to a function together. */
export class MessageBatch {
  readonly messages: SourceMessage[] = [];
  private readonly records: string[] = [];
  private bytes = frame;

  constructor(private readonly queueArn: string) {}

  get size(): number {
    return this.messages.length;
  }

  /** Adds a message unless the event would become too large; the first one always fits. */
  add(message: SourceMessage): boolean {
    const record = sqsRecord(message, this.queueArn);
    const bytes = this.bytes + Buffer.byteLength(record) + 1;
    if (this.messages.length > 0 && bytes > eventLimit) return false;
    this.messages.push(message);
    this.records.push(record);
    this.bytes = bytes;
    return true;
  }

  /** The event, as JSON. */
  toJson(): string {
    return `{"Records":[${this.records.join(',')}]}`;
  }
}
