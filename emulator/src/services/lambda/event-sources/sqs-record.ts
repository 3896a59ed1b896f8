import type { SourceMessage, SourceMessageAttribute } from '../queue-source';

/**
 * A message as a record of the event that a function receives, as JSON.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */
export function sqsRecord(message: SourceMessage, queueArn: string): string {
  const [, , , awsRegion] = queueArn.split(':');
  return JSON.stringify({
    messageId: message.messageId,
    receiptHandle: message.receiptHandle,
    body: message.body,
    attributes: message.attributes,
    messageAttributes: Object.fromEntries(
      Object.entries(message.messageAttributes).map(([name, value]) => [name, attribute(value)]),
    ),
    ...(message.md5OfMessageAttributes !== undefined && {
      md5OfMessageAttributes: message.md5OfMessageAttributes,
    }),
    md5OfBody: message.md5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion,
  });
}

function attribute(value: SourceMessageAttribute) {
  return {
    ...(value.stringValue !== undefined && { stringValue: value.stringValue }),
    ...(value.binaryValue !== undefined && {
      binaryValue: Buffer.from(value.binaryValue).toString('base64'),
    }),
    stringListValues: [],
    binaryListValues: [],
    dataType: value.dataType,
  };
}
