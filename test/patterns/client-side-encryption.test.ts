import { KmsKeyringNode } from '@aws-crypto/client-node';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { KMS } from '@aws-sdk/client-kms';
import { Lambda } from '@aws-sdk/client-lambda';
import { SQS } from '@aws-sdk/client-sqs';
import { App, Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AccountPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Emulator, type ManualClock } from 'cdk-decouple-emulator';
import { ClientSideEncryptionStack, purpose } from '../../bin/client-side-encryption';
import { SealedMessages } from '../../bin/client-side-encryption/sealed-messages';

const order = { orderId: 'order-1', cardNumber: '4111 1111 1111 1111' };

let aws: Emulator<ManualClock>;
let output: (key: string) => string;
let sqs: SQS;

beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  const deployment = await aws.deploy(new ClientSideEncryptionStack(new App(), 'Encrypted'));
  output = (key) => deployment.output(key);
  sqs = aws.client(SQS);
});
afterEach(() => aws.stop());

/** What a producer holds: a keyring that makes data keys of the stack's key. */
const producer = (use = purpose) =>
  new SealedMessages(
    new KmsKeyringNode({
      generatorKeyId: output('KeyArn'),
      clientProvider: () => aws.client(KMS),
    }),
    use,
  );
const send = (MessageBody: string) =>
  sqs.sendMessage({ QueueUrl: output('QueueUrl'), MessageBody });
const items = async () =>
  (await aws.client(DynamoDB).scan({ TableName: output('TableName') })).Items;

/** Stops and starts what feeds the function, so that a test can look into the queue. */
async function consume(Enabled: boolean): Promise<void> {
  const lambda = aws.client(Lambda);
  const { EventSourceMappings = [] } = await lambda.listEventSourceMappings({});
  await lambda.updateEventSourceMapping({ UUID: EventSourceMappings[0]?.UUID, Enabled });
  await aws.clock.advance(Duration.minutes(1));
}

test('what lies in the queue is ciphertext, and what is written is not', async () => {
  await consume(false);
  await send(await producer().seal(order));
  const { Messages = [] } = await sqs.receiveMessage({
    QueueUrl: output('QueueUrl'),
    VisibilityTimeout: 0,
  });
  const body = Messages[0]?.Body ?? '';
  const bytes = Buffer.from(body, 'base64');
  expect(bytes.toString('base64')).toBe(body);
  for (const secret of Object.values(order)) expect(bytes.includes(secret)).toBe(false);
  expect(await items()).toEqual([]);

  await consume(true);
  expect(await items()).toEqual([{ order_id: { S: 'order-1' }, card_ending: { S: '1111' } }]);
});

test('a message that comes twice is written once', async () => {
  const body = await producer().seal(order);
  await send(body);
  await send(body);
  await aws.clock.advance(Duration.minutes(1));

  expect(await items()).toHaveLength(1);
  expect(aws.journal.hops({ kind: 'deleted' })).toHaveLength(2);
});

test('a message that was changed, or is for another purpose, is never written', async () => {
  const sealed = await producer().seal(order);
  const changed = Buffer.from(sealed, 'base64');
  changed[changed.length - 200] = (changed[changed.length - 200] ?? 0) ^ 1;
  await send(changed.toString('base64'));
  await send(await producer('returns').seal(order));
  await send('in clear');
  await aws.clock.advance(Duration.hours(1));

  expect(await items()).toEqual([]);
  expect(aws.journal.hops({ kind: 'dead-lettered' })).toHaveLength(3);
});

test('who sends can seal and not open, who writes can open and not seal', () => {
  const stack = new ClientSideEncryptionStack(new App(), 'Encrypted');
  stack.grantSend(new Role(stack, 'FrontEnd', { assumedBy: new AccountPrincipal('111122223333') }));
  const template = Template.fromStack(stack);
  const keyActionsOf = (role: string) =>
    Object.values(template.findResources('AWS::IAM::Policy'))
      .filter(({ Properties }) => JSON.stringify(Properties.Roles).includes(role))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .filter(({ Resource }) => JSON.stringify(Resource).includes('"Key'))
      .flatMap(({ Action }) => Action);

  expect(keyActionsOf('FrontEnd')).toEqual(['kms:GenerateDataKey']);
  expect(keyActionsOf('Consumer')).toEqual(['kms:Decrypt']);
  template.hasResourceProperties('AWS::KMS::Key', {
    EnableKeyRotation: true,
    KeyPolicy: Match.objectLike({}),
  });
});
