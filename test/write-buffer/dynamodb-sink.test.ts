import { App, CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Attribute, type DynamoDbSinkProps, WriteBuffer } from 'cdk-decouple';
import { itemsSink, itemsTable } from '../constructs/fixtures';

type Changes = Partial<DynamoDbSinkProps>;

function bufferWith(changes: Changes | ((stack: Stack) => Changes) = {}) {
  const stack = new Stack(new App(), 'Test');
  const table = itemsTable(stack);
  const given = typeof changes === 'function' ? changes(stack) : changes;
  const buffer = new WriteBuffer(stack, 'Orders', { sink: itemsSink(table, given) });
  return { stack, buffer, template: Template.fromStack(stack) };
}

function environmentOf(template: Template): Record<string, unknown> {
  const [fn] = Object.values(template.findResources('AWS::Lambda::Function'));
  return fn?.Properties.Environment.Variables;
}

function planOf(template: Template): unknown {
  return JSON.parse(String(environmentOf(template).WRITE_PLAN));
}

/** The statements of the function's role about a service. */
function statementsOf(template: Template, service: string): unknown[] {
  const statements = Object.values(template.findResources('AWS::IAM::Policy')).flatMap(
    ({ Properties }) => Properties.PolicyDocument.Statement,
  );
  return statements.filter(({ Action }) => String([Action].flat()[0]).startsWith(`${service}:`));
}

test('the function is told the table, its key, and where the values come from', () => {
  const { template } = bufferWith({
    attributes: {
      order_id: '$.orderId',
      amount: Attribute.number('$.amount'),
      note: Attribute.optionalPath('$.note'),
      paid: Attribute.boolean(Attribute.optionalPath('$.paid')),
      tenant: Attribute.messageAttribute('tenant'),
      expires: Attribute.expiresAfter(Duration.days(1)),
    },
    versionAttribute: 'amount',
    writeConcurrency: 3,
  });

  expect(environmentOf(template)).toMatchObject({
    TABLE_NAME: { Ref: expect.stringMatching(/^Items/) },
    WRITE_CONCURRENCY: '3',
    DEAD_LETTER_QUEUE_URL: { Ref: expect.stringMatching(/DeadLetterQueue/) },
    FUNCTION_TIMEOUT_SECONDS: '30',
  });
  expect(planOf(template)).toEqual({
    attributes: [
      { name: 'order_id', source: { kind: 'path', path: ['orderId'] } },
      { name: 'amount', source: { kind: 'path', path: ['amount'] }, type: 'N' },
      { name: 'note', source: { kind: 'path', path: ['note'], optional: true } },
      { name: 'paid', source: { kind: 'path', path: ['paid'], optional: true }, type: 'BOOL' },
      { name: 'tenant', source: { kind: 'messageAttribute', name: 'tenant' } },
      { name: 'expires', source: { kind: 'sentTimestamp' }, type: 'N', plusSeconds: 86_400 },
    ],
    key: ['order_id'],
    version: 'amount',
  });
});

test('a list of attributes names the keys of the body', () => {
  const { template } = bufferWith({ attributes: ['order_id', "it's"] });

  expect(planOf(template)).toMatchObject({
    attributes: [
      { name: 'order_id', source: { kind: 'path', path: ['order_id'] } },
      { name: "it's", source: { kind: 'path', path: ["it's"] } },
    ],
  });
});

test('the role may put items into the table, and nothing else of DynamoDB', () => {
  const { template } = bufferWith();

  expect(statementsOf(template, 'dynamodb')).toEqual([
    {
      Effect: 'Allow',
      Action: 'dynamodb:PutItem',
      Resource: { 'Fn::GetAtt': [expect.stringMatching(/^Items/), 'Arn'] },
    },
  ]);
  expect(statementsOf(template, 'ec2')).toEqual([]);
  template.resourceCountIs('AWS::EC2::SecurityGroup', 0);
});

test("the role may use the table's own key, through DynamoDB only", () => {
  const { template } = bufferWith((stack) => ({
    table: new dynamodb.Table(stack, 'Secret', {
      partitionKey: { name: 'order_id', type: dynamodb.AttributeType.STRING },
      encryptionKey: new kms.Key(stack, 'Key'),
    }),
  }));

  expect(statementsOf(template, 'kms')).toContainEqual({
    Effect: 'Allow',
    Action: [
      'kms:Decrypt',
      'kms:DescribeKey',
      'kms:Encrypt',
      'kms:GenerateDataKey*',
      'kms:ReEncrypt*',
    ],
    Resource: { 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] },
    Condition: {
      StringEquals: {
        'kms:ViaService': {
          'Fn::Join': ['', ['dynamodb.', { Ref: 'AWS::Region' }, '.amazonaws.com']],
        },
      },
    },
  });
});

describe('the key of the table', () => {
  test.each<[string, (stack: Stack) => dynamodb.ITable]>([
    [
      'a table',
      (stack) =>
        new dynamodb.Table(stack, 'T', {
          partitionKey: { name: 'customer', type: dynamodb.AttributeType.STRING },
          sortKey: { name: 'number', type: dynamodb.AttributeType.NUMBER },
        }),
    ],
    [
      'a table of version 2',
      (stack) =>
        new dynamodb.TableV2(stack, 'T', {
          partitionKey: { name: 'customer', type: dynamodb.AttributeType.STRING },
          sortKey: { name: 'number', type: dynamodb.AttributeType.NUMBER },
        }),
    ],
  ])('is known of %s that is made in the app', (_name, make) => {
    const { template } = bufferWith((stack) => ({
      table: make(stack),
      attributes: ['customer', 'number'],
    }));

    expect(planOf(template)).toMatchObject({ key: ['customer', 'number'] });
  });

  test.each<[string, (stack: Stack) => dynamodb.ITable]>([
    ['a table', (stack) => dynamodb.Table.fromTableName(stack, 'T', 'theirs')],
    ['a table of version 2', (stack) => dynamodb.TableV2.fromTableName(stack, 'T', 'theirs')],
  ])('has to be said of %s that is imported', (_name, make) => {
    const attributes = ['customer', 'number'];
    const { template } = bufferWith((stack) => ({
      table: make(stack),
      attributes,
      partitionKey: 'customer',
      sortKey: 'number',
    }));
    expect(planOf(template)).toMatchObject({ key: ['customer', 'number'] });

    expect(() => bufferWith((stack) => ({ table: make(stack), attributes }))).toThrow(
      'sink: partitionKey is required: an imported table does not tell its key',
    );
  });
});

describe('fails when', () => {
  test.each<[string, Changes, string]>([
    [
      'there are no attributes',
      { attributes: {} },
      'attributes must name at least the key of the table',
    ],
    [
      'the key is not among the attributes',
      { attributes: ['amount'] },
      "attributes must hold the key of the table, got none for 'order_id'",
    ],
    [
      'the key is optional',
      { attributes: { order_id: Attribute.optionalPath('$.orderId') } },
      "the key must be in every message, got optional 'order_id': without it two messages cannot be told apart",
    ],
    [
      'the key is not that of the table',
      { partitionKey: 'id', attributes: ['id'] },
      "partitionKey and sortKey must be those of the table ('order_id'), got 'id'",
    ],
    [
      'a sort key is given alone',
      { sortKey: 'amount' },
      'sortKey needs partitionKey beside it: give both, or leave both to the table',
    ],
    [
      'the key has another type than in the table',
      { attributes: { order_id: Attribute.number('$.orderId') } },
      "attributes of the key must have the types of the table, got 'order_id' of type N in place of S",
    ],
    [
      'the key is true or false',
      { attributes: { order_id: Attribute.boolean('$.orderId') } },
      "attributes of the key must have the types of the table, got 'order_id' of type BOOL in place of S",
    ],
    [
      'the version is not among the attributes',
      { versionAttribute: 'version' },
      "versionAttribute must be among the attributes, got 'version'",
    ],
    [
      'the version is optional',
      { versionAttribute: 'note' },
      "versionAttribute must be in every message, got optional 'note': without it nobody knows which item is newer",
    ],
    [
      'the version is of the key',
      { versionAttribute: 'order_id' },
      "versionAttribute must not be of the key, got 'order_id': items of another key are other items",
    ],
    [
      'a path is not one',
      { attributes: { order_id: '$.orders[*].id' } },
      "order_id: '$.orders[*].id' is not a path to one value",
    ],
    [
      'the name of a key is too long',
      { attributes: { order_id: '$.id', '': '$.empty' } },
      "names of attributes must be 1 to 65,535 bytes long, those of the key up to 255, got ''",
    ],
    [
      'the description is too long',
      { attributes: ['order_id', ...Array.from({ length: 100 }, (_, i) => `attribute-${i}`)] },
      "the description of attributes is too long for a function's environment: more than 2800 bytes as JSON",
    ],
    ['too many items are written at a time', { writeConcurrency: 101 }, 'writeConcurrency must be'],
    ['none is', { writeConcurrency: 0 }, 'writeConcurrency must be'],
    ['one instance alone shall write', { maxConcurrency: 1 }, 'maxConcurrency must be'],
    ['the timeout is too short', { timeout: Duration.seconds(4) }, 'timeout must be'],
    ['the timeout is too long', { timeout: Duration.seconds(901) }, 'timeout must be'],
    ['the memory is too small', { memorySize: 127 }, 'memorySize must be'],
  ])('%s', (_name, changes, message) => {
    expect(() => bufferWith(changes)).toThrow(message);
  });

  test('several things are wrong, and says all of them', () => {
    expect(() => bufferWith({ attributes: ['amount'], writeConcurrency: 0 })).toThrow(
      /attributes must hold[\s\S]*writeConcurrency must be/,
    );
  });
});

test.each([
  ['writeConcurrency', 1],
  ['writeConcurrency', 100],
  ['maxConcurrency', 2],
  ['maxConcurrency', 1_000],
  ['memorySize', 128],
  ['memorySize', 10_240],
])('%s may be %i', (name, value) => {
  expect(() => bufferWith({ [name]: value })).not.toThrow();
});

test('values that are known at deployment only are not checked', () => {
  const { template } = bufferWith((stack) => ({
    writeConcurrency: new CfnParameter(stack, 'Writes', { type: 'Number' }).valueAsNumber,
    memorySize: new CfnParameter(stack, 'Memory', { type: 'Number' }).valueAsNumber,
  }));

  expect(environmentOf(template)).toMatchObject({ WRITE_CONCURRENCY: { Ref: 'Writes' } });
});

test('an alarm watches what the table throttles', () => {
  const { buffer, template } = bufferWith();

  expect(buffer.alarms.sinkThrottles).toBeDefined();
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    Namespace: 'AWS/DynamoDB',
    MetricName: 'ThrottledRequests',
    Dimensions: [
      { Name: 'Operation', Value: 'PutItem' },
      { Name: 'TableName', Value: { Ref: Match.stringLikeRegexp('^Items') } },
    ],
  });
});

test('two of them fit into one stack, on one table', () => {
  const stack = new Stack(new App(), 'Test');
  const table = itemsTable(stack);
  for (const id of ['One', 'Two']) new WriteBuffer(stack, id, { sink: itemsSink(table) });

  Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 2);
});

test('a table of another stack does not depend on the buffer', () => {
  const app = new App();
  const tables = new Stack(app, 'Tables');
  const stack = new Stack(app, 'Test');
  const table = new dynamodb.Table(tables, 'Items', {
    partitionKey: { name: 'order_id', type: dynamodb.AttributeType.STRING },
    encryption: dynamodb.TableEncryption.CUSTOMER_MANAGED,
  });
  new WriteBuffer(stack, 'Orders', { sink: itemsSink(table) });

  expect(() => app.synth()).not.toThrow();
  expect(tables.dependencies).toEqual([]);
});

test('the template stays as it is', () => {
  const template = bufferWith().template.toJSON();
  const buffer = Object.entries<object>(template.Resources).filter(([id]) =>
    id.startsWith('Orders'),
  );
  // The hash of the code changes with every dependency.
  const normal = JSON.stringify(Object.fromEntries(buffer)).replace(/[0-9a-f]{64}/g, '[HASH]');

  expect(JSON.parse(normal)).toMatchSnapshot();
});
