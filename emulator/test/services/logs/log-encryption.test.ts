import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { KMS } from '@aws-sdk/client-kms';
import { Emulator, type ManualClock } from '../../../src';

const account = '111122223333';
const region = 'eu-west-1';
const notAllowed =
  "The specified KMS key does not exist or is not allowed to be used with Arn 'arn:aws:logs:eu-west-1:111122223333:log-group:shop'";
const group = { logGroupName: 'shop' };
const stream = { ...group, logStreamName: 's1' };

let aws: Emulator<ManualClock>;
let logs: CloudWatchLogs;
let kms: KMS;

beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual', region });
  logs = aws.client(CloudWatchLogs, { account });
  kms = aws.client(KMS, { account });
});

afterEach(() => aws.stop());

/** @param conditions - of what CloudWatch Logs is allowed */
async function keyFor(
  conditions: object = {},
  service = `logs.${region}.amazonaws.com`,
): Promise<string> {
  const statements = [
    { Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'kms:*' },
    {
      Principal: { Service: service },
      Action: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*'],
      Condition: conditions,
    },
  ];
  const { KeyMetadata } = await kms.createKey({
    Policy: JSON.stringify({
      Version: '2012-10-17',
      Statement: statements.map((one) => ({ Effect: 'Allow', Resource: '*', ...one })),
    }),
  });
  return KeyMetadata?.Arn ?? '';
}

async function put(message: string): Promise<unknown> {
  const timestamp = aws.clock.now();
  return logs.putLogEvents({ ...stream, logEvents: [{ timestamp, message }] });
}

async function messages(): Promise<(string | undefined)[]> {
  const { events = [] } = await logs.filterLogEvents(group);
  return events.map(({ message }) => message);
}

async function describedKey(): Promise<string | undefined> {
  const { logGroups: [found] = [] } = await logs.describeLogGroups({});
  return found?.kmsKeyId;
}

test('a group that is made with a key says so, and takes and gives its events', async () => {
  const kmsKeyId = await keyFor();
  await logs.createLogGroup({ ...group, kmsKeyId });
  await logs.createLogStream(stream);
  await put('a');
  expect(await messages()).toEqual(['a']);
  expect(await describedKey()).toBe(kmsKeyId);
});

test('a key is associated by name or by ARN, replaced by another, and taken away', async () => {
  const [first, second] = [await keyFor(), await keyFor()];
  await logs.createLogGroup(group);
  await logs.associateKmsKey({ ...group, kmsKeyId: first });
  expect(await describedKey()).toBe(first);
  const resourceIdentifier = `arn:aws:logs:${region}:${account}:log-group:shop`;
  await logs.associateKmsKey({ resourceIdentifier, kmsKeyId: second });
  expect(await describedKey()).toBe(second);
  await logs.disassociateKmsKey({ resourceIdentifier });
  expect(await describedKey()).toBeUndefined();
});

test('an encryption context in the policy of a key decides for which groups it is', async () => {
  const context = 'kms:EncryptionContext:aws:logs:arn';
  const kmsKeyId = await keyFor({
    ArnEquals: { [context]: `arn:aws:logs:${region}:${account}:log-group:shop` },
  });
  await logs.createLogGroup({ ...group, kmsKeyId });
  await expect(logs.createLogGroup({ logGroupName: 'other', kmsKeyId })).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining(':log-group:other'),
  });
  const { logGroups = [] } = await logs.describeLogGroups({});
  expect(logGroups.map(({ logGroupName }) => logGroupName)).toEqual(['shop']);
});

test.each<[string, () => Promise<string>, string, string]>([
  [
    'of a policy that does not name CloudWatch Logs',
    async () => (await kms.createKey({})).KeyMetadata?.Arn ?? '',
    'AccessDeniedException',
    notAllowed,
  ],
  [
    'of a policy that names CloudWatch Logs of another Region',
    () => keyFor({}, 'logs.us-east-1.amazonaws.com'),
    'AccessDeniedException',
    notAllowed,
  ],
  [
    'by its id',
    async () => (await keyFor()).split('/').pop() ?? '',
    'InvalidParameterException',
    'The specified KMS Key Id could not be found.',
  ],
  [
    'that is not there',
    async () => `arn:aws:kms:${region}:${account}:key/11111111-2222-3333-4444-555555555555`,
    'InvalidParameterException',
    'The specified KMS Key Id could not be found.',
  ],
  [
    'of another Region',
    async () => (await keyFor()).replace(region, 'us-east-1'),
    'InvalidParameterException',
    'The specified KMS Key Id could not be found.',
  ],
  [
    'that is disabled',
    async () => {
      const KeyId = await keyFor();
      await kms.disableKey({ KeyId });
      return KeyId;
    },
    'InvalidParameterException',
    'is disabled.',
  ],
])('fails for a key %s', async (_what, key, name, message) => {
  const kmsKeyId = await key();
  await expect(logs.createLogGroup({ ...group, kmsKeyId })).rejects.toMatchObject({
    name,
    message: expect.stringContaining(message),
  });
  await logs.createLogGroup(group);
  await expect(logs.associateKmsKey({ ...group, kmsKeyId })).rejects.toMatchObject({ name });
  expect(await describedKey()).toBeUndefined();
});

test('what was written under a key is not read while it is disabled, also when the group has no key any more', async () => {
  const KeyId = await keyFor();
  await logs.createLogGroup({ ...group, kmsKeyId: KeyId });
  await logs.createLogStream(stream);
  await put('under the key');
  await kms.disableKey({ KeyId });
  const refusal = { name: 'InvalidParameterException' };
  await expect(put('lost')).rejects.toMatchObject(refusal);
  await logs.disassociateKmsKey(group);
  await aws.clock.advance(1000);
  const later = aws.clock.now();
  await put('without');
  await expect(logs.getLogEvents(stream)).rejects.toMatchObject(refusal);
  await expect(logs.filterLogEvents(group)).rejects.toMatchObject(refusal);
  const { events } = await logs.getLogEvents({ ...stream, startTime: later });
  expect(events?.map(({ message }) => message)).toEqual(['without']);
  await kms.enableKey({ KeyId });
  expect(await messages()).toEqual(['under the key', 'without']);
});

test.each([
  ['both names', { ...group, resourceIdentifier: 'shop' }, 'InvalidParameterException'],
  ['no name', {}, 'InvalidParameterException'],
  ['a group that is not there', { logGroupName: 'none' }, 'ResourceNotFoundException'],
  [
    'results of queries',
    { resourceIdentifier: `arn:aws:logs:${region}:${account}:query-result:*` },
    'NotImplemented',
  ],
])('fails for %s', async (_what, target, name) => {
  await logs.createLogGroup(group);
  const kmsKeyId = await keyFor();
  await expect(logs.associateKmsKey({ ...target, kmsKeyId })).rejects.toMatchObject({ name });
  await expect(logs.disassociateKmsKey(target)).rejects.toMatchObject({ name });
});
