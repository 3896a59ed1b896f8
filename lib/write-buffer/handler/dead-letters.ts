import {
  type MessageAttributeValue,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSMessageAttribute, SQSRecord } from 'aws-lambda';
import type { Item } from './item';
import type { Rejection } from './rejection';

/** Why the message failed, for machines. */
const REASON = 'FailureReason';
/** The same for people. */
const MESSAGE = 'ErrorMessage';

const MAX_ENTRIES = 10;
const MAX_BATCH_BYTES = 1_048_576;
const MAX_ATTRIBUTES = 10;
const MAX_MESSAGE_CHARACTERS = 500;
/** What SQS does not take in a string: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones it is about
const NOT_ALLOWED = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

/**
 * Sends messages that can never be written to the dead-letter queue, as they are and with the reason.
 */
export class DeadLetters {
  constructor(
    private readonly client: Pick<SQSClient, 'send'>,
    private readonly queueUrl: string,
  ) {}

  /**
   * Sends the items' messages and sets their outcome: `deadLettered`, or `retry` for what SQS did not take.
   *
   * @param hasTime false once another request should not be begun: a function that is cut off would send all of them
   * again the next time, and the dead-letter queue would fill with copies
   * @returns what went wrong, if anything did
   */
  public async send(items: readonly Item[], hasTime: () => boolean): Promise<unknown> {
    let failure: unknown;
    for (const batch of batchesOf(items)) {
      if (!hasTime()) {
        for (const { item } of batch) {
          item.outcome = 'retry';
        }
        failure ??= new Error('no time left');
        continue;
      }
      const failed = await this.sendBatch(batch.map(({ entry }) => entry)).catch((error) => {
        failure = error;
        return undefined;
      });
      for (const { item, entry } of batch) {
        const isSent = failed !== undefined && !failed.has(entry.Id);
        item.outcome = isSent ? 'deadLettered' : 'retry';
      }
      failure ??= failed === undefined || failed.size === 0 ? undefined : [...failed.values()][0];
    }
    return failure;
  }

  /** @returns ids of the entries that SQS did not take, with its reasons */
  private async sendBatch(
    entries: SendMessageBatchRequestEntry[],
  ): Promise<Map<string | undefined, unknown>> {
    const { Failed = [] } = await this.client.send(
      new SendMessageBatchCommand({ QueueUrl: this.queueUrl, Entries: entries }),
    );
    return new Map(Failed.map(({ Id, Code, Message }) => [Id, new Error(`${Code}: ${Message}`)]));
  }
}

interface Letter {
  readonly item: Item;
  readonly entry: SendMessageBatchRequestEntry;
}

/** As many to a request as its limits of number and size allow. */
function batchesOf(items: readonly Item[]): Letter[][] {
  const batches: Letter[][] = [];
  let bytes = 0;
  for (const [index, item] of items.entries()) {
    const entry = entryOf(item, String(index));
    const size = sizeOf(entry.MessageBody ?? '', entry.MessageAttributes ?? {});
    const batch = batches.at(-1);
    if (batch === undefined || batch.length === MAX_ENTRIES || bytes + size > MAX_BATCH_BYTES) {
      batches.push([{ item, entry }]);
      bytes = size;
    } else {
      batch.push({ item, entry });
      bytes += size;
    }
  }
  return batches;
}

function entryOf({ record, rejection }: Item, id: string): SendMessageBatchRequestEntry {
  const { MessageGroupId, AWSTraceHeader } = record.attributes;
  return {
    Id: id,
    MessageBody: record.body,
    MessageAttributes: attributesOf(record, rejection),
    MessageGroupId,
    ...(record.eventSourceARN.endsWith('.fifo')
      ? { MessageDeduplicationId: deduplicationIdOf(record) }
      : {}),
    ...(AWSTraceHeader === undefined
      ? {}
      : {
          MessageSystemAttributes: {
            AWSTraceHeader: { DataType: 'String', StringValue: AWSTraceHeader },
          },
        }),
  };
}

/**
 * The same if this delivery of a message is sent again, another one if the message fails anew after a redrive.
 *
 * The producer's own id would not do: a message that is redriven and fails again within 5 minutes would
 * be taken for a duplicate of its first failure, dropped without an error, and lost.
 */
function deduplicationIdOf(record: SQSRecord): string {
  return `${record.messageId}-${record.attributes.SentTimestamp}`;
}

/** The message's own attributes and the reason, as far as ten attributes and 1 MiB allow; the message comes first. */
function attributesOf(
  record: SQSRecord,
  rejection: Rejection | undefined,
): Record<string, MessageAttributeValue> {
  const attributes: Record<string, MessageAttributeValue> = {};
  for (const [name, attribute] of Object.entries(record.messageAttributes)) {
    if (name !== REASON && name !== MESSAGE) {
      attributes[name] = sdkAttribute(attribute);
    }
  }
  if (rejection !== undefined) {
    addIfItFits(record, attributes, REASON, rejection.reason);
    addIfItFits(record, attributes, MESSAGE, cleanText(rejection.message));
  }
  return attributes;
}

function addIfItFits(
  record: SQSRecord,
  attributes: Record<string, MessageAttributeValue>,
  name: string,
  text: string,
): void {
  const value = { DataType: 'String', StringValue: text };
  const isWithinLimits =
    Object.keys(attributes).length < MAX_ATTRIBUTES &&
    sizeOf(record.body, { ...attributes, [name]: value }) <= MAX_BATCH_BYTES;
  if (isWithinLimits && text !== '') {
    attributes[name] = value;
  }
}

function cleanText(text: string): string {
  return text.slice(0, MAX_MESSAGE_CHARACTERS).replace(NOT_ALLOWED, '\ufffd');
}

function sdkAttribute(attribute: SQSMessageAttribute): MessageAttributeValue {
  return {
    DataType: attribute.dataType,
    StringValue: attribute.stringValue,
    BinaryValue:
      attribute.binaryValue === undefined
        ? undefined
        : Buffer.from(attribute.binaryValue, 'base64'),
  };
}

/** Bytes that SQS counts: the body, and name, type and value of each attribute. */
function sizeOf(body: string, attributes: Record<string, MessageAttributeValue>): number {
  return Object.entries(attributes).reduce(
    (bytes, [name, { DataType, StringValue, BinaryValue }]) =>
      bytes +
      Buffer.byteLength(name) +
      Buffer.byteLength(DataType ?? '') +
      Buffer.byteLength(StringValue ?? '') +
      (BinaryValue?.byteLength ?? 0),
    Buffer.byteLength(body),
  );
}
