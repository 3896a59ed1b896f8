import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { KMS } from '@aws-sdk/client-kms';
import { SQS } from '@aws-sdk/client-sqs';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { Emulator } from '../../src';
import type { ManualClock } from '../../src/clock/clock';
import { account, Roles } from './support';

let aws: Emulator<ManualClock>;
let roles: Roles;
let sqs: SQS;
let QueueUrl: string | undefined;

const queueArn = `arn:aws:sqs:us-east-1:${account}:jobs`;
const other = '111111111111';

async function start(secureTransport?: 'tls'): Promise<void> {
  aws = await Emulator.start({ clock: 'manual', secureTransport });
  roles = new Roles(aws);
  sqs = aws.client(SQS);
}

afterEach(() => aws.stop());

async function createQueue(Attributes: Record<string, string> = {}): Promise<void> {
  ({ QueueUrl } = await sqs.createQueue({ QueueName: 'jobs', Attributes }));
}

function policy(...statements: object[]): string {
  const Statement = statements.map((one) => ({ Effect: 'Allow', Resource: queueArn, ...one }));
  return JSON.stringify({ Version: '2012-10-17', Statement });
}

test('a denied call answers AccessDenied, explained by its id', async () => {
  await start();
  await createQueue();
  await roles.create('producer', 'sqs:ReceiveMessage');
  const producer = await roles.client(SQS, 'producer');
  const error = await producer
    .sendMessage({ QueueUrl, MessageBody: 'a' })
    .catch((thrown) => thrown);
  expect(error).toMatchObject({
    name: 'AccessDenied',
    message: `User: arn:aws:sts::${account}:assumed-role/producer/test is not authorized to perform: sqs:sendmessage on resource: ${queueArn} because no identity-based policy allows the sqs:sendmessage action`,
    $metadata: { httpStatusCode: 403 },
  });
  const explanation = aws.iam.explain(error.$metadata.requestId);
  expect(explanation.allowed).toBe(false);
  expect(String(explanation)).toBe(
    `DENIED  sqs:SendMessage on ${queueArn}
  to arn:aws:sts::${account}:assumed-role/producer/test
  because no identity-based policy allows the sqs:sendmessage action`,
  );
  const route = `${await aws.endpoint()}/_emulator/access`;
  const { requestId } = error.$metadata;
  for (const url of [`${route}?requestId=${requestId}`, route])
    expect(await (await fetch(url)).text()).toBe(`${explanation}\n`);
});

test('in the query protocol, too', async () => {
  await start();
  await createQueue();
  await roles.create('producer', 'sqs:ReceiveMessage');
  const { config } = await roles.client(SQS, 'producer');
  const { accessKeyId } = await config.credentials();
  const response = await fetch(`${await aws.endpoint()}/${account}/jobs`, {
    method: 'POST',
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20350101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'Action=SendMessage&Version=2012-11-05&MessageBody=a',
  });
  expect(response.status).toBe(403);
  expect(await response.text()).toContain('<Code>AccessDenied</Code>');
});

test('the statement that allows is named', async () => {
  await start();
  await createQueue();
  await roles.create('producer', { actions: ['sqs:Send*'], resource: queueArn });
  const producer = await roles.client(SQS, 'producer');
  const { $metadata } = await producer.sendMessage({ QueueUrl, MessageBody: 'a' });
  expect(aws.iam.explain($metadata.requestId ?? '').decisions).toEqual([
    {
      allowed: true,
      action: 'sqs:SendMessage',
      resource: queueArn,
      caller: `arn:aws:sts::${account}:assumed-role/producer/test`,
      reason: 'by identity-based policy',
      statements: [
        {
          type: 'identity-based policy',
          policy: 'rights',
          statement: { Effect: 'Allow', Action: ['sqs:Send*'], Resource: queueArn },
        },
      ],
    },
  ]);
  expect(() => aws.iam.explain('nobody')).toThrow('No decision on request nobody is remembered');
});

test('a producer of another account needs both halves', async () => {
  await start();
  await createQueue();
  const theirs = new Roles(aws, other);
  await theirs.create('producer', 'sqs:SendMessage');
  const producer = await theirs.client(SQS, 'producer');
  const send = () => producer.sendMessage({ QueueUrl, MessageBody: 'a' });
  await expect(send()).rejects.toThrow('because no resource-based policy allows');
  const Policy = policy({ Principal: { AWS: other }, Action: 'sqs:SendMessage' });
  await sqs.setQueueAttributes({ QueueUrl, Attributes: { Policy } });
  await expect(send()).resolves.toBeDefined();
  await theirs.allow('producer', 'sqs:ReceiveMessage');
  await expect(send()).rejects.toThrow('because no identity-based policy allows');
});

describe('a policy that wants encrypted transport', () => {
  const tlsOnly = policy({
    Effect: 'Deny',
    Principal: '*',
    Action: 'sqs:*',
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  });

  test('is met by loopback', async () => {
    await start();
    await createQueue({ Policy: tlsOnly });
    await expect(sqs.sendMessage({ QueueUrl, MessageBody: 'a' })).resolves.toBeDefined();
  });

  test('denies plain text, and nothing else, where only TLS counts', async () => {
    await start('tls');
    await createQueue({ Policy: tlsOnly });
    await expect(sqs.sendMessage({ QueueUrl, MessageBody: 'a' })).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining('with an explicit deny in a resource-based policy'),
    });
    const endpoint = (await aws.endpoint()).replace(/^http:/, 'https:');
    const ca = readFileSync(await aws.certificateAuthorityFile());
    const encrypted = new SQS({
      endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: account, secretAccessKey: 'not-checked' },
      requestHandler: new NodeHttpHandler({ httpsAgent: new Agent({ ca }) }),
    });
    await expect(encrypted.sendMessage({ QueueUrl, MessageBody: 'a' })).resolves.toBeDefined();
    encrypted.destroy();
  });
});

describe('an encrypted queue', () => {
  let keyArn: string;

  beforeEach(async () => {
    await start();
    const { KeyMetadata } = await aws.client(KMS).createKey({});
    keyArn = KeyMetadata?.Arn ?? '';
    await createQueue({ KmsMasterKeyId: keyArn });
  });

  const sendRights = { actions: ['kms:GenerateDataKey', 'kms:Decrypt'], resource: '*' };

  test.each([
    ['GenerateDataKey', ['kms:Decrypt']],
    ['Decrypt', ['kms:GenerateDataKey']],
  ])('is sent to by those who may %s', async (missing, actions) => {
    await roles.create('producer', 'sqs:SendMessage', { actions, resource: keyArn });
    const producer = await roles.client(SQS, 'producer');
    const send = () => producer.sendMessage({ QueueUrl, MessageBody: 'a' });
    await expect(send()).rejects.toMatchObject({
      // The SDK names the error by its code in the query protocol.
      name: 'KmsAccessDenied',
      message: expect.stringMatching(
        `is not authorized to perform: kms:${missing} on resource: ${keyArn} because no identity-based policy allows the kms:${missing} action \\(Service: AWSKMS; Status Code: 400; Error Code: AccessDeniedException; Request ID: .+; Proxy: null\\)`,
      ),
      $metadata: { httpStatusCode: 400 },
    });
    const Entries = [{ Id: '1', MessageBody: 'a' }];
    await expect(producer.sendMessageBatch({ QueueUrl, Entries })).rejects.toThrow('kms:');
    await roles.allow('producer', 'sqs:SendMessage', sendRights);
    await expect(send()).resolves.toBeDefined();
  });

  test('is received from by those who may Decrypt', async () => {
    await sqs.sendMessage({ QueueUrl, MessageBody: 'a' });
    await roles.create('consumer', 'sqs:ReceiveMessage');
    const consumer = await roles.client(SQS, 'consumer');
    const receive = () => consumer.receiveMessage({ QueueUrl });
    await expect(receive()).rejects.toThrow('kms:Decrypt');
    await roles.allow('consumer', 'sqs:ReceiveMessage', 'kms:Decrypt');
    expect((await receive()).Messages).toHaveLength(1);
  });

  test('lets in those whom its key names, by way of SQS', async () => {
    const statement = (more: object) => ({ Effect: 'Allow', Resource: '*', ...more });
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        statement({ Principal: { AWS: account }, Action: 'kms:*' }),
        statement({
          Principal: { AWS: roles.arn('producer') },
          Action: ['kms:GenerateDataKey*', 'kms:Decrypt'],
          Condition: { StringEquals: { 'kms:ViaService': 'sqs.us-east-1.amazonaws.com' } },
        }),
      ],
    });
    const kms = aws.client(KMS);
    await kms.putKeyPolicy({ KeyId: keyArn, Policy });
    await roles.create('producer', 'sqs:SendMessage');
    const producer = await roles.client(SQS, 'producer');
    await expect(producer.sendMessage({ QueueUrl, MessageBody: 'a' })).resolves.toBeDefined();
    const direct = await roles.client(KMS, 'producer');
    await expect(
      direct.generateDataKey({ KeyId: keyArn, KeySpec: 'AES_256' }),
    ).rejects.toMatchObject({ name: 'AccessDeniedException', $metadata: { httpStatusCode: 400 } });
  });

  test('lets in the grantee of a grant until it is revoked', async () => {
    await roles.create('producer', 'sqs:SendMessage');
    const producer = await roles.client(SQS, 'producer');
    const send = () => producer.sendMessage({ QueueUrl, MessageBody: 'a' });
    const kms = aws.client(KMS);
    const { GrantId } = await kms.createGrant({
      KeyId: keyArn,
      GranteePrincipal: roles.arn('producer'),
      Operations: ['GenerateDataKey', 'Decrypt'],
      Constraints: { EncryptionContextEquals: { 'aws:sqs:arn': queueArn } },
    });
    const { $metadata } = await send();
    expect(String(aws.iam.explain($metadata.requestId ?? ''))).toContain(`grant ${GrantId}`);
    await kms.revokeGrant({ KeyId: keyArn, GrantId });
    await expect(send()).rejects.toThrow('kms:GenerateDataKey');
  });

  test("with AWS's key lets in everybody of its account who may send, and nobody else", async () => {
    const Policy = policy({ Principal: { AWS: other }, Action: 'sqs:SendMessage' });
    const Attributes = { KmsMasterKeyId: 'alias/aws/sqs', Policy };
    await sqs.setQueueAttributes({ QueueUrl, Attributes });
    await roles.create('producer', 'sqs:SendMessage');
    const producer = await roles.client(SQS, 'producer');
    await expect(producer.sendMessage({ QueueUrl, MessageBody: 'a' })).resolves.toBeDefined();
    const stranger = aws.client(SQS, { account: other });
    await expect(stranger.sendMessage({ QueueUrl, MessageBody: 'a' })).rejects.toThrow(
      'because no resource-based policy allows the kms:GenerateDataKey action',
    );
  });

  test('with a disabled key takes nothing', async () => {
    await aws.client(KMS).disableKey({ KeyId: keyArn });
    await expect(sqs.sendMessage({ QueueUrl, MessageBody: 'a' })).rejects.toMatchObject({
      name: 'KmsDisabled',
    });
  });
});
