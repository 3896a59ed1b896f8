import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { createDynamoDb } from '../../../src/services/dynamodb';
import { account, clientOf, environment, region } from '../../support/service-harness';
import { orders, plain } from './support';

const arn = `arn:aws:dynamodb:${region}:${account}:table/orders`;
const keyArn = `arn:aws:kms:${region}:${account}:key/1`;

/** A service that notes what it asks permission for, with a table. */
async function asking(settings: object = {}) {
  const { env, clock, asked } = environment();
  const service = createDynamoDb(env, { usableKeyArn: () => keyArn });
  const dynamodb = new DynamoDB(clientOf(env, [service]));
  for (const table of [orders, plain]) await dynamodb.createTable({ ...table, ...settings });
  await clock.advance(5_000);
  asked.length = 0;
  return {
    dynamodb,
    asked: () => asked.map(({ action, resource }) => `${action} ${resource}`),
    contexts: () => asked.map(({ context }) => context),
  };
}

const TableName = 'orders';
const Key = { customer: { S: 'ann' }, number: { N: '1' } };
const search = {
  TableName,
  KeyConditionExpression: '#s = :s',
  ExpressionAttributeNames: { '#s': 'state' },
  ExpressionAttributeValues: { ':s': { S: 'open' } },
};

test.each<[string, (dynamodb: DynamoDB) => Promise<unknown>, string[]]>([
  [
    'PutItem asks for the table',
    (dynamodb) => dynamodb.putItem({ TableName, Item: Key }),
    [`dynamodb:PutItem ${arn}`],
  ],
  [
    'a query of an index asks for the index',
    (dynamodb) => dynamodb.query({ ...search, IndexName: 'by-state' }),
    [`dynamodb:Query ${arn}/index/by-state`],
  ],
  [
    'a scan of an index asks for the index',
    (dynamodb) => dynamodb.scan({ TableName, IndexName: 'by-state' }),
    [`dynamodb:Scan ${arn}/index/by-state`],
  ],
  [
    'a batch asks for each of its tables',
    (dynamodb) =>
      dynamodb.batchGetItem({
        RequestItems: { orders: { Keys: [Key] }, plain: { Keys: [{ id: { S: '1' } }] } },
      }),
    [`dynamodb:BatchGetItem ${arn}`, `dynamodb:BatchGetItem ${arn.replace('orders', 'plain')}`],
  ],
  [
    'a transaction asks for what each of its steps does',
    (dynamodb) =>
      dynamodb.transactWriteItems({
        TransactItems: [
          { Put: { TableName, Item: Key } },
          {
            ConditionCheck: {
              TableName: 'plain',
              Key: { id: { S: '1' } },
              ConditionExpression: 'attribute_not_exists(id)',
            },
          },
        ],
      }),
    [`dynamodb:PutItem ${arn}`, `dynamodb:ConditionCheckItem ${arn.replace('orders', 'plain')}`],
  ],
  [
    'TransactGetItems asks for GetItem',
    (dynamodb) => dynamodb.transactGetItems({ TransactItems: [{ Get: { TableName, Key } }] }),
    [`dynamodb:GetItem ${arn}`],
  ],
  [
    'tags ask for the table of their ARN',
    (dynamodb) => dynamodb.listTagsOfResource({ ResourceArn: arn }),
    [`dynamodb:ListTagsOfResource ${arn}`],
  ],
])('%s', async (_name, call, expected) => {
  const { asked, dynamodb } = await asking();
  await call(dynamodb);
  expect(asked()).toEqual(expected);
});

test("a key of the user's own asks for its use through DynamoDB", async () => {
  const { asked, contexts, dynamodb } = await asking({
    SSESpecification: { Enabled: true, SSEType: 'KMS', KMSMasterKeyId: keyArn },
  });
  await dynamodb.putItem({ TableName, Item: Key });
  expect(asked()).toEqual([`dynamodb:PutItem ${arn}`, `kms:Decrypt ${keyArn}`]);
  expect(contexts()[1]).toMatchObject({ 'kms:ViaService': `dynamodb.${region}.amazonaws.com` });
});
