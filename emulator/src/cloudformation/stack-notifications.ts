import type { Caller } from '../iam/caller';
import type { Journal } from '../journal/journal';
import { ServiceError } from '../protocol/errors';
import type { Stack, StackEvent } from './stack';
import { validationError } from './template-errors';

/** Topics, as far as stacks need them. */
export interface NotificationTopics {
  /** @throws ServiceError if there is no such topic, or the caller may not publish to it */
  check(topicArn: string, caller: Caller): unknown;
  /** @throws ServiceError what Publish does */
  publish(
    topicArn: string,
    message: { readonly subject: string; readonly text: string },
    caller: Caller,
  ): unknown;
}

/** With which SNS answers what can come of asking whether a topic may be published to. */
const statuses: Readonly<Record<string, number>> = { AuthorizationError: 403, NotFound: 404 };

/**
 * Publishes the events of stacks to the topics of `NotificationARNs`.
 *
 * CloudFormation comes to a topic as it comes to all that a stack needs: as the role that it works with, else as who
 * called it. It is no principal of its own here, and adds nothing to the topic's policy or to that of its key.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-console-add-tags.html
 */
export class StackNotifications {
  constructor(
    private readonly topics: NotificationTopics,
    private readonly principalId: (caller: Caller) => string,
    private readonly journal: Journal,
  ) {}

  /** @throws ServiceError `ValidationError` in the words of SNS, as CreateStack answers then */
  check(topicArn: string, caller: Caller): void {
    try {
      this.topics.check(topicArn, caller);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const code = error.code.replace(/Exception$/, '');
      throw validationError(
        `${error.message} (Service: AmazonSNS; Status Code: ${statuses[code] ?? 400}; Error Code: ${code})`,
      );
    }
  }

  /** Publishes an event. What a topic does not take is lost, as on AWS; the journal says why. */
  tell(stack: Stack, event: StackEvent): void {
    const { caller } = stack.operator;
    if (!caller) return;
    for (const topicArn of stack.notificationArns) {
      try {
        const text = messageOf(stack, event, this.principalId(caller));
        this.topics.publish(topicArn, { subject: 'AWS CloudFormation Notification', text }, caller);
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error;
        const reason = `${error.code}: ${error.message}`;
        this.journal.record('failed', event.eventId, topicArn, { stack: stack.name, reason });
      }
    }
  }
}

/** An event as subscribers get it: a line for each of its members, what is missing as `null` or nothing. */
function messageOf({ identity }: Stack, event: StackEvent, principalId: string): string {
  const members = {
    StackId: event.stackId,
    Timestamp: new Date(event.timestamp).toISOString(),
    EventId: event.eventId,
    LogicalResourceId: event.logicalResourceId,
    Namespace: identity.account,
    PhysicalResourceId: event.physicalResourceId,
    PrincipalId: principalId,
    ResourceProperties: event.resourceProperties ?? 'null',
    ResourceStatus: event.resourceStatus,
    ResourceStatusReason: event.resourceStatusReason ?? '',
    ResourceType: event.resourceType,
    StackName: event.stackName,
    ClientRequestToken: event.clientRequestToken ?? 'null',
  };
  return Object.entries(members)
    .map(([name, value]) => `${name}='${value}'\n`)
    .join('');
}
