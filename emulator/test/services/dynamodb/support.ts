import { type CreateTableCommandInput, DynamoDB } from '@aws-sdk/client-dynamodb';
import { Emulator } from '../../../src';
import type { ManualClock } from '../../../src/clock/clock';

/** An emulator with the client of its account. */
export interface Surroundings {
  readonly aws: Emulator<ManualClock>;
  readonly dynamodb: DynamoDB;
}

/** Starts an emulator on the manual clock before each test, and stops it after. */
export function surroundings(): Surroundings {
  const current: { aws?: Emulator<ManualClock>; dynamodb?: DynamoDB } = {};
  beforeEach(async () => {
    current.aws = await Emulator.start({ clock: 'manual' });
    current.dynamodb = current.aws.client(DynamoDB);
  });
  afterEach(() => current.aws?.stop());
  return {
    get aws() {
      if (!current.aws) throw new Error('only inside of a test');
      return current.aws;
    },
    get dynamodb() {
      if (!current.dynamodb) throw new Error('only inside of a test');
      return current.dynamodb;
    },
  };
}

/** A table of orders, by customer and number, with an index of each kind. */
export const orders = {
  TableName: 'orders',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    { AttributeName: 'customer', AttributeType: 'S' },
    { AttributeName: 'number', AttributeType: 'N' },
    { AttributeName: 'state', AttributeType: 'S' },
    { AttributeName: 'amount', AttributeType: 'N' },
  ],
  KeySchema: [
    { AttributeName: 'customer', KeyType: 'HASH' },
    { AttributeName: 'number', KeyType: 'RANGE' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'by-state',
      KeySchema: [
        { AttributeName: 'state', KeyType: 'HASH' },
        { AttributeName: 'number', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
  LocalSecondaryIndexes: [
    {
      IndexName: 'by-amount',
      KeySchema: [
        { AttributeName: 'customer', KeyType: 'HASH' },
        { AttributeName: 'amount', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['note'] },
    },
  ],
} satisfies CreateTableCommandInput;

/** A table with nothing but a partition key `id`. */
export const plain = {
  TableName: 'plain',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
} satisfies CreateTableCommandInput;

/** Creates a table and waits until it is there. */
export async function createTable(
  { aws, dynamodb }: Surroundings,
  input: CreateTableCommandInput = plain,
): Promise<void> {
  await dynamodb.createTable(input);
  await aws.clock.advance(5_000);
}
