import { KmsKeyringNode } from '@aws-crypto/client-node';
import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { SealedMessages } from './sealed-messages';

const { KEY_ARN = '', PURPOSE = '', TABLE_NAME = '' } = process.env;
const messages = new SealedMessages(new KmsKeyringNode({ keyIds: [KEY_ARN] }), PURPOSE);
const dynamodb = new DynamoDBClient({});
const processor = new BatchProcessor(EventType.SQS);

/** What a producer seals. */
interface Order {
  readonly orderId: string;
  readonly cardNumber: string;
}

/** Opens each message and writes its order once; what fails comes back. */
export const handler = (event: SQSEvent, context: Context): Promise<SQSBatchResponse> =>
  processPartialResponse(event, write, processor, { context, throwOnFullBatchFailure: false });

async function write({ body }: SQSRecord): Promise<void> {
  const { orderId, cardNumber } = (await messages.open(body)) as Order;
  try {
    await dynamodb.send(
      new PutItemCommand({
        TableName: TABLE_NAME,
        Item: { order_id: { S: orderId }, card_ending: { S: cardNumber.slice(-4) } },
        ConditionExpression: 'attribute_not_exists(order_id)',
      }),
    );
  } catch (error) {
    // SQS delivers some messages twice.
    if (!(error instanceof ConditionalCheckFailedException)) {
      throw error;
    }
  }
}
