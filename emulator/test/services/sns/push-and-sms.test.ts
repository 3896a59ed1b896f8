import { account, region, SnsBench } from './support';

let bench: SnsBench;

beforeEach(async () => {
  bench = await SnsBench.start();
});

afterEach(() => bench.stop());

const applicationArn = `arn:aws:sns:${region}:${account}:app/GCM/shop`;

async function application(): Promise<string> {
  const { PlatformApplicationArn = '' } = await bench.sns.createPlatformApplication({
    Name: 'shop',
    Platform: 'GCM',
    Attributes: { PlatformCredential: 'secret' },
  });
  return PlatformApplicationArn;
}

async function endpoint(Token = 'device'): Promise<string> {
  const { EndpointArn = '' } = await bench.sns.createPlatformEndpoint({
    PlatformApplicationArn: await application(),
    Token,
  });
  return EndpointArn;
}

test('an app and its devices are registered, described, listed and deleted', async () => {
  const PlatformApplicationArn = await application();
  expect(PlatformApplicationArn).toBe(applicationArn);
  // Credentials are never shown.
  const shown = await bench.sns.getPlatformApplicationAttributes({ PlatformApplicationArn });
  expect(shown.Attributes).toEqual({ Enabled: 'true' });
  await bench.sns.setPlatformApplicationAttributes({
    PlatformApplicationArn,
    Attributes: { EventEndpointCreated: `arn:aws:sns:${region}:${account}:events` },
  });
  expect((await bench.sns.listPlatformApplications({})).PlatformApplications).toEqual([
    {
      PlatformApplicationArn,
      Attributes: {
        Enabled: 'true',
        EventEndpointCreated: `arn:aws:sns:${region}:${account}:events`,
      },
    },
  ]);
  const EndpointArn = await endpoint();
  expect(EndpointArn).toMatch(/:endpoint\/GCM\/shop\/[0-9a-f-]{36}$/);
  expect(await endpoint()).toBe(EndpointArn);
  await bench.sns.setEndpointAttributes({ EndpointArn, Attributes: { CustomUserData: 'ada' } });
  expect((await bench.sns.getEndpointAttributes({ EndpointArn })).Attributes).toEqual({
    Enabled: 'true',
    Token: 'device',
    CustomUserData: 'ada',
  });
  await expect(endpoint()).rejects.toThrow(
    `Invalid parameter: Token Reason: Endpoint ${EndpointArn} already exists with the same Token, but different attributes.`,
  );
  const list = async () =>
    (await bench.sns.listEndpointsByPlatformApplication({ PlatformApplicationArn })).Endpoints;
  expect(await list()).toMatchObject([{ EndpointArn }]);
  await bench.sns.deleteEndpoint({ EndpointArn });
  expect(await list()).toEqual([]);
  expect(bench.aws.leaks()).toEqual([`SNS platform application ${applicationArn}`]);
  await bench.sns.deletePlatformApplication({ PlatformApplicationArn });
  expect(bench.aws.leaks()).toEqual([]);
});

test('a device gets what is published to it, in the form of its platform', async () => {
  const TargetArn = await endpoint();
  await bench.sns.publish({ TargetArn, Message: 'plain' });
  await bench.sns.publish({
    TargetArn,
    MessageStructure: 'json',
    Message: JSON.stringify({ GCM: '{"notification":{}}', APNS: 'other' }),
  });
  expect(bench.aws.outbox.entries({ address: TargetArn })).toMatchObject([
    { protocol: 'application', body: 'plain', topicArn: undefined },
    { protocol: 'application', body: '{"notification":{}}' },
  ]);
});

test('a device that has subscribed gets what its topic publishes, unless it is disabled', async () => {
  const topic = await bench.topic('news');
  const EndpointArn = await endpoint();
  await bench.subscribe(topic, EndpointArn, {}, 'application');
  await bench.sns.publish({ TopicArn: topic, Message: 'one' });
  await bench.aws.clock.settle();
  await bench.sns.setEndpointAttributes({ EndpointArn, Attributes: { Enabled: 'false' } });
  await bench.sns.publish({ TopicArn: topic, Message: 'two' });
  await bench.aws.clock.settle();
  expect(bench.aws.outbox.entries().map(({ body }) => body)).toEqual(['one']);
  expect(bench.aws.journal.hops({ kind: 'failed' })).toMatchObject([
    { detail: { reason: 'Endpoint is disabled' } },
  ]);
  await expect(bench.sns.publish({ TargetArn: EndpointArn, Message: 'x' })).rejects.toMatchObject({
    name: 'EndpointDisabledException',
    $metadata: { httpStatusCode: 400 },
  });
});

test.each<[what: string, run: () => Promise<unknown>, message: string]>([
  [
    'a platform that there is not',
    () =>
      bench.sns.createPlatformApplication({
        Name: 'a',
        Platform: 'X',
        Attributes: { PlatformCredential: 'x' },
      }),
    'Invalid parameter: Platform Reason: X is not supported',
  ],
  [
    'a blank in a name',
    () =>
      bench.sns.createPlatformApplication({
        Name: 'a b',
        Platform: 'GCM',
        Attributes: { PlatformCredential: 'x' },
      }),
    'Invalid parameter: a b Reason: must contain only characters',
  ],
  [
    'a credential without its principal',
    () =>
      bench.sns.createPlatformApplication({
        Name: 'a',
        Platform: 'ADM',
        Attributes: { PlatformCredential: 'x' },
      }),
    'Invalid parameter: Attributes Reason: PlatformCredential attribute provided without PlatformPrincipal',
  ],
  [
    'an app that there is not',
    () => bench.sns.createPlatformEndpoint({ PlatformApplicationArn: applicationArn, Token: 'x' }),
    'PlatformApplication does not exist',
  ],
  [
    'a device that there is not',
    () => bench.sns.getEndpointAttributes({ EndpointArn: `${applicationArn}/x` }),
    'Endpoint does not exist',
  ],
])('fails on %s with the error of AWS', async (_what, run, message) => {
  await expect(run()).rejects.toThrow(message);
});

test('text messages have attributes of the account', async () => {
  await bench.sns.setSMSAttributes({ attributes: { DefaultSMSType: 'Transactional' } });
  expect((await bench.sns.getSMSAttributes({})).attributes).toEqual({
    MonthlySpendLimit: '1',
    DefaultSMSType: 'Transactional',
  });
  const one = await bench.sns.getSMSAttributes({ attributes: ['DefaultSMSType'] });
  expect(one.attributes).toEqual({ DefaultSMSType: 'Transactional' });
  await expect(
    bench.sns.setSMSAttributes({ attributes: { DefaultSMSType: 'Urgent' } }),
  ).rejects.toThrow('Invalid parameter: DefaultSMSType is invalid');
});

test('the outbox is read and emptied over HTTP as well', async () => {
  await bench.sns.publish({ PhoneNumber: '+15550100', Message: 'hello' });
  const url = `${await bench.aws.endpoint()}/_emulator/outbox`;
  const { entries } = JSON.parse(await (await fetch(url)).text());
  expect(entries).toMatchObject([{ protocol: 'sms', address: '+15550100', body: 'hello' }]);
  await fetch(url, { method: 'DELETE' });
  expect(bench.aws.outbox.entries()).toEqual([]);
});
