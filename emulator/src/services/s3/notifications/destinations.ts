import type { Caller, ServiceCaller } from '../../../iam/caller';
import { ServiceError } from '../../../protocol/errors';
import type { DestinationKind } from './notification-settings';

/** Queues, as far as events need them. */
export interface EventQueues {
  exists(queueArn: string): boolean;
  /**
   * What SendMessage does.
   *
   * @returns the message's id
   * @throws ServiceError
   */
  send(queueArn: string, body: string, caller: Caller): string | undefined;
}

/** Topics, as far as events need them. */
export interface EventTopics {
  exists(topicArn: string): boolean;
  /**
   * What Publish does.
   *
   * @returns the message's id
   * @throws ServiceError
   */
  publish(topicArn: string, subject: string, message: string, caller: ServiceCaller): string;
}

/** Functions, as far as events need them. */
export interface EventFunctions {
  /** @throws ServiceError if there is no such function, or the caller may not invoke it */
  checkInvocable(functionArn: string, caller: Caller): void;
  /**
   * Has a function run soon.
   *
   * @param payload - JSON
   * @returns the invocation's request id
   * @throws ServiceError
   */
  invoke(functionArn: string, payload: string, caller: Caller): string;
}

/** An event for the default bus of EventBridge. */
export interface BridgeEvent {
  readonly account: string;
  readonly region: string;
  readonly source: string;
  readonly detailType: string;
  /** ARNs. */
  readonly resources: readonly string[];
  readonly detail: object;
  /** Emulated milliseconds since the epoch. */
  readonly time: number;
}

/** EventBridge, as far as events need it. */
export interface EventBridgeBus {
  /** @returns the event's id */
  publish(event: BridgeEvent): string;
}

/** What events can be sent to; the composition root lets the services answer. */
export interface EventDestinations {
  readonly queues: EventQueues;
  readonly functions: EventFunctions;
  readonly topics: EventTopics;
  readonly eventBridge: EventBridgeBus;
}

/** A destination that cannot be used, in the words of the error's numbered arguments. */
export interface DestinationProblem {
  readonly argument: string;
  readonly reason: string;
}

/** What is particular to one kind of destination. */
export interface DestinationType {
  /** What errors call it: the name of its element in the XML. */
  readonly argument: string;
  readonly arn: RegExp;
  /** Why such an ARN is no destination, wherever it leads. */
  refusal?(arn: string): string | undefined;
  /** Sends the test message where the kind has one; undefined if all is well. */
  verify(
    to: EventDestinations,
    arn: string,
    testMessage: string,
    caller: ServiceCaller,
  ): DestinationProblem | undefined;
  /**
   * Sends events.
   *
   * @returns the id under which the destination knows them
   * @throws ServiceError
   */
  deliver(
    to: EventDestinations,
    arn: string,
    events: string,
    caller: ServiceCaller,
  ): string | undefined;
}

/** What S3 gives topics as the subject of its messages. */
const notificationSubject = 'Amazon S3 Notification';

/** The kinds of destinations. */
export const destinationTypes: Readonly<Record<DestinationKind, DestinationType>> = {
  queue: {
    argument: 'Queue',
    arn: /^arn:aws[a-z-]*:sqs:([a-z0-9-]+):\d{12}:[\w-]{1,80}(?:\.fifo)?$/,
    refusal: (arn) => (arn.endsWith('.fifo') ? 'FIFO SQS queues are not supported.' : undefined),
    verify({ queues }, arn, testMessage, caller) {
      if (!queues.exists(arn))
        return { argument: arn, reason: 'The destination queue does not exist' };
      return problemOf(
        () => queues.send(arn, testMessage, caller),
        arn,
        'Permissions on the destination queue do not allow S3 to publish notifications from this bucket',
      );
    },
    deliver: ({ queues }, arn, events, caller) => queues.send(arn, events, caller),
  },
  topic: {
    argument: 'Topic',
    arn: /^arn:aws[a-z-]*:sns:([a-z0-9-]+):\d{12}:[\w-]{1,256}(?:\.fifo)?$/,
    refusal: (arn) => (arn.endsWith('.fifo') ? 'FIFO SNS topics are not supported.' : undefined),
    verify({ topics }, arn, testMessage, caller) {
      if (!topics.exists(arn))
        return { argument: arn, reason: 'The destination topic does not exist' };
      return problemOf(
        () => topics.publish(arn, notificationSubject, testMessage, caller),
        arn,
        'Permissions on the destination topic do not allow S3 to publish notifications from this bucket',
      );
    },
    deliver: ({ topics }, arn, events, caller) =>
      topics.publish(arn, notificationSubject, events, caller),
  },
  function: {
    argument: 'CloudFunction',
    arn: /^arn:aws[a-z-]*:lambda:([a-z0-9-]+):\d{12}:function:[\w-]{1,64}(?::(?:\$LATEST|[\w-]+))?$/,
    // S3 asks whether it may invoke the function; one that is not there is no other case to it.
    verify: ({ functions }, arn, _testMessage, caller) =>
      problemOf(
        () => functions.checkInvocable(arn, caller),
        `${arn}, null`,
        `Not authorized to invoke function [${arn}]`,
      ),
    deliver: ({ functions }, arn, events, caller) => functions.invoke(arn, events, caller),
  },
};

function problemOf(
  attempt: () => void,
  argument: string,
  reason: string,
): DestinationProblem | undefined {
  try {
    attempt();
    return undefined;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return { argument, reason };
  }
}
