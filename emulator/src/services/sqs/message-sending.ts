import { checkFifoParameters, checkMessage, type GivenMessage } from './message-draft';
import type { Queue } from './queue';
import type { SqsState } from './sqs-state';

/** Holds a FIFO queue to the calls a second that its fault allows. @throws RequestThrottled */
export function limitFifo(
  state: SqsState,
  queue: Queue,
  action: string,
  messages: readonly GivenMessage[] = [],
): void {
  if (!queue.fifo) return;
  const groups = queue.attributes.throughputPerGroup
    ? new Set(messages.map((message) => message.MessageGroupId ?? ''))
    : new Set(['']);
  for (const group of groups) {
    const now = state.environment.clock.now();
    state.faults.checkFifoThroughput(queue.arn, action, group, now);
  }
}

/** Checks one message and sends it: what SendMessage does, whoever calls it. */
export function sendChecked(state: SqsState, queue: Queue, given: GivenMessage, sender: string) {
  limitFifo(state, queue, 'SendMessage', [given]);
  checkFifoParameters(queue, given, false);
  const { draft, md5OfSystemAttributes } = checkMessage(queue, given, sender);
  const [sent] = queue.send([draft]);
  return { draft, md5OfSystemAttributes, sent };
}

/** Sends a message, and answers as SendMessage does. */
export function sendMessage(state: SqsState, queue: Queue, given: GivenMessage, sender: string) {
  const { draft, md5OfSystemAttributes, sent } = sendChecked(state, queue, given, sender);
  return {
    MessageId: sent?.messageId,
    MD5OfMessageBody: draft.content.md5OfBody,
    MD5OfMessageAttributes: draft.details?.md5OfAttributes,
    MD5OfMessageSystemAttributes: md5OfSystemAttributes,
    SequenceNumber: sent?.sequenceNumber,
  };
}
