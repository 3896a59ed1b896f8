import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  type Message,
  type QueueAttributeName,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageCommand,
  type SendMessageCommandInput,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { createJournal } from '../../../src/journal/journal';
import { createSqs } from '../../../src/services/sqs';
import { clientOf, environment } from '../../support/service-harness';

/** SQS on a manual clock, a client for it, and shorthand for what most tests do. */
export function startSqs() {
  const { env: base, clock, asked, metrics } = environment();
  const env = { ...base, journal: createJournal(100_000, () => clock.now()) };
  const service = createSqs(env);
  const sqs = new SQSClient(clientOf(env, [service]));

  const create = async (name: string, attributes: Record<string, string> = {}) => {
    const { QueueUrl = '' } = await sqs.send(
      new CreateQueueCommand({ QueueName: name, Attributes: attributes }),
    );
    return QueueUrl;
  };
  const send = (
    url: string,
    body: string,
    more: Omit<SendMessageCommandInput, 'QueueUrl' | 'MessageBody'> = {},
  ) => sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: body, ...more }));
  const receive = async (
    url: string,
    more: Omit<ReceiveMessageCommandInput, 'QueueUrl'> = {},
  ): Promise<Message[]> => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, ...more }),
    );
    return Messages;
  };
  const bodies = async (url: string, more: Omit<ReceiveMessageCommandInput, 'QueueUrl'> = {}) =>
    (await receive(url, more)).map(({ Body }) => Body);
  const attributes = async (url: string, ...names: QueueAttributeName[]) => {
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: url,
        AttributeNames: names.length === 0 ? ['All'] : names,
      }),
    );
    return Attributes;
  };
  const counts = async (url: string) => {
    const all = await attributes(url);
    return [
      all.ApproximateNumberOfMessages,
      all.ApproximateNumberOfMessagesNotVisible,
      all.ApproximateNumberOfMessagesDelayed,
    ].map(Number);
  };
  return {
    env,
    clock,
    asked,
    metrics,
    service,
    sqs,
    create,
    send,
    receive,
    bodies,
    attributes,
    counts,
  };
}

/** ARN of a queue that {@link startSqs} made. */
export function arnOf(name: string): string {
  return `arn:aws:sqs:eu-west-1:111122223333:${name}`;
}

/** Attributes of a source queue. */
export function redriveTo(deadLetterQueue: string, maxReceiveCount: number) {
  return {
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf(deadLetterQueue), maxReceiveCount }),
  };
}

export function handleOf(message: Message | undefined): string {
  if (message?.ReceiptHandle === undefined) throw new Error('no message');
  return message.ReceiptHandle;
}
