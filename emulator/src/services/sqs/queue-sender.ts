import type { Caller } from '../../iam/caller';
import { queueDoesNotExist } from './errors';
import type { GivenMessage } from './message-draft';
import { sendChecked } from './message-sending';
import { senderId } from './sender-id';
import type { SqsState } from './sqs-state';

/** Queues for services that send messages on behalf of their resources. */
export class QueueSender {
  constructor(private readonly state: SqsState) {}

  /** Whether there is such a queue. */
  exists(queueArn: string): boolean {
    return this.state.find(queueArn) !== undefined;
  }

  /**
   * Sends a message as SendMessage does, throttling included; latency is for clients only.
   *
   * @returns its MessageId
   * @throws ServiceError AccessDenied, QueueDoesNotExist, RequestThrottled, InvalidParameterValueException
   */
  send(queueArn: string, message: GivenMessage, caller: Caller): string | undefined {
    const { environment, faults } = this.state;
    this.state.hideMissing(queueArn, caller);
    environment.authorize({ caller, action: 'sqs:SendMessage', resource: queueArn });
    faults.checkThrottle(queueArn, 'SendMessage');
    const queue = this.state.find(queueArn);
    if (!queue) throw queueDoesNotExist();
    this.state.encryption.forSending(queue, caller);
    return sendChecked(this.state, queue, message, senderId(caller)).sent?.messageId;
  }
}
