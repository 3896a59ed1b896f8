import type { Handlers } from '../../protocol/handlers';
import { checkBatch, checkBatchSize, forEachEntry } from './batch';
import type { Delivery } from './delivery';
import { invalidAttributeName, invalidValue, notForThisQueueType } from './errors';
import { checkFifoParameters, checkMessage, messageSize } from './message-draft';
import { limitFifo, sendMessage } from './message-sending';
import type { Queue } from './queue';
import { isSystemAttribute, receivedMessage } from './received-message';
import { senderId } from './sender-id';
import type { SqsState } from './sqs-state';

type Sqs = typeof import('@aws-sdk/client-sqs');

/** Sending, receiving, deleting messages and changing their visibility, one by one and in batches. */
export function messageOperations(state: SqsState) {
  return {
    SendMessage: (input, context) =>
      state.withQueue(context, input.QueueUrl, 'SendMessage', (queue) => {
        state.encryption.forSending(queue, context.caller, context);
        return sendMessage(state, queue, input, senderId(context.caller));
      }),

    SendMessageBatch: (input, context) =>
      state.withQueue(context, input.QueueUrl, 'SendMessage', (queue) => {
        state.encryption.forSending(queue, context.caller, context);
        checkBatch(input.Entries, 'SendMessageBatchRequestEntry');
        checkBatchSize(input.Entries.reduce((bytes, entry) => bytes + messageSize(entry), 0));
        limitFifo(state, queue, 'SendMessage', input.Entries);
        for (const entry of input.Entries) checkFifoParameters(queue, entry, true);
        const sender = senderId(context.caller);
        const { successful, failed } = forEachEntry(input.Entries, (entry) => ({
          id: entry.Id,
          checked: checkMessage(queue, entry, sender),
        }));
        const sent = queue.send(successful.map(({ checked }) => checked.draft));
        return {
          Successful: successful.map(({ id, checked }, index) => ({
            Id: id,
            MessageId: sent[index]?.messageId,
            MD5OfMessageBody: checked.draft.content.md5OfBody,
            MD5OfMessageAttributes: checked.draft.details?.md5OfAttributes,
            MD5OfMessageSystemAttributes: checked.md5OfSystemAttributes,
            SequenceNumber: sent[index]?.sequenceNumber,
          })),
          Failed: failed,
        };
      }),

    ReceiveMessage: (input, context) =>
      state.withQueue(context, input.QueueUrl, 'ReceiveMessage', async (queue) => {
        state.encryption.forReceiving(queue, context.caller, context);
        limitFifo(state, queue, 'ReceiveMessage');
        const { MaxNumberOfMessages: maxMessages = 1, ReceiveRequestAttemptId: attemptId } = input;
        checkRange(
          'MaxNumberOfMessages',
          maxMessages,
          1,
          10,
          'Must be between 1 and 10, if provided.',
        );
        checkRange(
          'WaitTimeSeconds',
          input.WaitTimeSeconds,
          0,
          20,
          'Must be >= 0 and <= 20, if provided.',
        );
        checkRange(
          'VisibilityTimeout',
          input.VisibilityTimeout,
          0,
          43_200,
          'Must be >= 0 and <= 43200, if provided.',
        );
        checkAttemptId(queue, attemptId);
        const systemAttributes = new Set<string>([
          ...(input.AttributeNames ?? []),
          ...(input.MessageSystemAttributeNames ?? []),
        ]);
        for (const name of systemAttributes) {
          if (!isSystemAttribute(name)) throw invalidAttributeName(name);
        }
        const deliveries: readonly Delivery[] = await queue.receive(
          {
            maxMessages,
            attemptId,
            visibilityTimeout:
              input.VisibilityTimeout === undefined ? undefined : input.VisibilityTimeout * 1000,
          },
          input.WaitTimeSeconds === undefined
            ? queue.attributes.receiveWait
            : input.WaitTimeSeconds * 1000,
          context,
        );
        if (deliveries.length === 0) return {};
        return {
          Messages: deliveries.map((delivery) =>
            receivedMessage(queue, delivery, systemAttributes, input.MessageAttributeNames),
          ),
        };
      }),

    DeleteMessage: (input, context) =>
      state.withQueue(context, input.QueueUrl, 'DeleteMessage', (queue) => {
        limitFifo(state, queue, 'DeleteMessage');
        queue.delete(input.ReceiptHandle);
        return {};
      }),

    DeleteMessageBatch: (input, context) =>
      state.withQueue(context, input.QueueUrl, 'DeleteMessage', (queue) => {
        checkBatch(input.Entries, 'DeleteMessageBatchRequestEntry');
        limitFifo(state, queue, 'DeleteMessage');
        const { successful, failed } = forEachEntry(input.Entries, ({ Id, ReceiptHandle }) => {
          queue.delete(ReceiptHandle);
          return { Id };
        });
        return { Successful: successful, Failed: failed };
      }),

    ChangeMessageVisibility: (input, context) =>
      state.withQueue(context, input.QueueUrl, 'ChangeMessageVisibility', (queue) => {
        changeVisibility(queue, input.ReceiptHandle, input.VisibilityTimeout);
        return {};
      }),

    ChangeMessageVisibilityBatch: (input, context) =>
      state.withQueue(context, input.QueueUrl, 'ChangeMessageVisibility', (queue) => {
        checkBatch(input.Entries, 'ChangeMessageVisibilityBatchRequestEntry');
        const { successful, failed } = forEachEntry(
          input.Entries,
          ({ Id, ReceiptHandle, VisibilityTimeout }) => {
            changeVisibility(queue, ReceiptHandle, VisibilityTimeout ?? 0);
            return { Id };
          },
        );
        return { Successful: successful, Failed: failed };
      }),

    PurgeQueue: (input, context) =>
      state.withQueue(context, input.QueueUrl, 'PurgeQueue', (queue) => {
        queue.purge();
        return {};
      }),
  } satisfies Handlers<Sqs>;
}

function changeVisibility(queue: Queue, handle: string, seconds: number): void {
  checkRange(
    'VisibilityTimeout',
    seconds,
    0,
    43_200,
    'VisibilityTimeout must be an integer between 0 and 43200.',
  );
  queue.changeVisibility(handle, seconds * 1000);
}

function checkRange(
  parameter: string,
  value: number | undefined,
  minimum: number,
  maximum: number,
  reason: string,
): void {
  if (value === undefined) return;
  if (Number.isInteger(value) && value >= minimum && value <= maximum) return;
  throw invalidValue(value, parameter, reason);
}

function checkAttemptId(queue: Queue, attemptId: string | undefined): void {
  if (attemptId === undefined) return;
  if (!queue.fifo) throw notForThisQueueType(attemptId, 'ReceiveRequestAttemptId');
  if (!/^[!-~]{1,128}$/.test(attemptId)) {
    throw invalidValue(
      attemptId,
      'ReceiveRequestAttemptId',
      'ReceiveRequestAttemptId can only include alphanumeric and punctuation characters. 1 to 128 in length.',
    );
  }
}
