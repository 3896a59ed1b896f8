import { randomUUID } from 'node:crypto';
import type {
  Context,
  SQSBatchResponse,
  SQSEvent,
  SQSMessageAttribute,
  SQSRecord,
} from 'aws-lambda';
import type { Message, MessageAttribute } from '../../worker/messages';
import { run } from '../../worker/run';
import { required, timeoutOf } from './settings';

/** A handler of the shipped functions. */
type Handler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/**
 * Calls a function's handler on an instance as Lambda's event source would: with up to 10 messages, one call at a time, and deletes
 * what the answer does not name.
 */
export function runHandler(handler: Handler): Promise<void> {
  const timeout = timeoutOf(process.env);
  const queueArn = arnOf(required(process.env, 'QUEUE_URL'), required(process.env, 'AWS_REGION'));
  const batch = async (messages: readonly Message[]): Promise<ReadonlySet<string>> => {
    const Records = messages.map((message) => recordOf(message, queueArn));
    const { batchItemFailures } = await handler({ Records }, contextFor(timeout));
    return new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  };
  return run({ batch }, {});
}

/** The account's id and the queue's name are the path of its URL. */
function arnOf(queueUrl: string, region: string): string {
  const [account, name] = new URL(queueUrl).pathname.split('/').slice(-2);
  return `arn:aws:sqs:${region}:${account}:${name}`;
}

function recordOf(message: Message, queueArn: string): SQSRecord {
  const {
    ApproximateFirstReceiveTimestamp = '',
    ApproximateReceiveCount = '',
    SenderId = '',
    SentTimestamp = '',
    ...others
  } = message.Attributes;
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: {
      ...others,
      ApproximateFirstReceiveTimestamp,
      ApproximateReceiveCount,
      SenderId,
      SentTimestamp,
    },
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes).map(([name, attribute]) => [
        name,
        attributeOf(attribute),
      ]),
    ),
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: queueArn.split(':')[3] ?? '',
  };
}

function attributeOf({
  BinaryValue,
  DataType,
  StringValue,
}: MessageAttribute): SQSMessageAttribute {
  return {
    dataType: DataType,
    stringValue: StringValue,
    ...(BinaryValue !== undefined && {
      binaryValue: Buffer.from(BinaryValue).toString('base64'),
    }),
  };
}

function contextFor(timeout: number): Context {
  const end = Date.now() + timeout;
  const service = process.env.POWERTOOLS_SERVICE_NAME ?? '';
  return {
    awsRequestId: randomUUID(),
    callbackWaitsForEmptyEventLoop: false,
    functionName: service,
    functionVersion: '$LATEST',
    invokedFunctionArn: '',
    logGroupName: '',
    logStreamName: '',
    memoryLimitInMB: '',
    getRemainingTimeInMillis: () => end - Date.now(),
    done: () => {},
    fail: () => {},
    succeed: () => {},
  };
}
