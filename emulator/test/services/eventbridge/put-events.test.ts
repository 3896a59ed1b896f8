import { EventBridge } from '@aws-sdk/client-eventbridge';
import { account, EventBench, eventsIn, region } from './support';

let bench: EventBench;

beforeEach(async () => {
  bench = await EventBench.start();
});

afterEach(() => bench.stop());

test('an event reaches the targets of the rules that match it, as AWS sends it', async () => {
  const orders = await bench.queue('orders');
  const others = await bench.queue('others');
  const rule = await bench.rule('orders', { detail: { amount: [{ numeric: ['>', 5] }] } }, [
    { Arn: orders.arn },
  ]);
  expect(rule).toBe(`arn:aws:events:${region}:${account}:rule/orders`);
  await bench.rule('others', { source: ['elsewhere'] }, [{ Arn: others.arn }]);
  const id = await bench.put({ amount: 10 }, { Resources: ['arn:one'] });
  expect(await eventsIn(orders)).toEqual([
    {
      version: '0',
      id,
      'detail-type': 'Order',
      source: 'shop',
      account,
      time: '2035-01-01T00:00:00Z',
      region,
      resources: ['arn:one'],
      detail: { amount: 10 },
    },
  ]);
  expect(await eventsIn(others)).toEqual([]);
  expect(id).toMatch(/^[0-9a-f]{8}-/);
});

test('the time of an event is the given one, and its trace header comes along', async () => {
  const queue = await bench.queue('orders');
  await bench.rule('all', { source: ['shop'] }, [{ Arn: queue.arn }]);
  await bench.put(
    {},
    {
      Time: new Date('2034-05-06T07:08:09.987Z'),
      TraceHeader: 'Root=1-5759e988-bd862e3fe1be46a994272793',
    },
  );
  const [message] = await queue.take();
  expect(JSON.parse(message?.Body ?? '').time).toBe('2034-05-06T07:08:09Z');
  expect(message?.Attributes?.AWSTraceHeader).toBe('Root=1-5759e988-bd862e3fe1be46a994272793');
});

test('entries fail one by one', async () => {
  const good = { Source: 'shop', DetailType: 'Order', Detail: '{}' };
  const answer = await bench.events.putEvents({
    Entries: [
      { ...good, Source: undefined },
      { ...good, DetailType: '' },
      { ...good, Detail: undefined },
      { ...good, Detail: '[]' },
      { ...good, Detail: '"text"' },
      { ...good, Detail: '{' },
      { ...good, Source: 'aws.ec2' },
      good,
    ],
  });
  const missing = (name: string) => ({
    ErrorCode: 'InvalidArgument',
    ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
  });
  const malformed = { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  expect(answer).toMatchObject({
    FailedEntryCount: 7,
    Entries: [
      missing('Source'),
      missing('DetailType'),
      missing('Detail'),
      malformed,
      malformed,
      malformed,
      {
        ErrorCode: 'NotAuthorizedForSourceException',
        ErrorMessage: 'Not authorized for the source.',
      },
      { EventId: expect.any(String) },
    ],
  });
});

test('a request has at most ten entries and a mebibyte', async () => {
  const Entries = Array.from({ length: 11 }, () => ({
    Source: 'a',
    DetailType: 'b',
    Detail: '{}',
  }));
  await expect(bench.events.putEvents({ Entries })).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining(
      "at 'entries' failed to satisfy constraint: Member must have length less than or equal to 10",
    ),
  });
  const ofSize = (bytes: number) => ({
    Entries: [{ Source: 'a', DetailType: 'b', Detail: `{"a":"${'x'.repeat(bytes - 10)}"}` }],
  });
  await bench.events.putEvents(ofSize(1_048_576));
  await expect(bench.events.putEvents(ofSize(1_048_577))).rejects.toMatchObject({
    name: 'ValidationException',
    message: 'Total size of the entries in the request is over the limit.',
  });
});

test('what is not there is refused by name', async () => {
  await expect(
    bench.events.createEventBus({ Name: 'secret', KmsKeyIdentifier: 'alias/key' }),
  ).rejects.toThrow('parameter KmsKeyIdentifier of events.CreateEventBus');
  await expect(
    bench.events.createArchive({ ArchiveName: 'a', EventSourceArn: 'arn:aws:events:::' }),
  ).rejects.toMatchObject({ name: 'NotImplemented' });
});

test('nobody is told of a bus that is not there, but the journal', async () => {
  const id = await bench.put({}, { EventBusName: 'nowhere' });
  expect(bench.aws.journal.trace(id)).toMatchObject([
    { kind: 'failed', detail: { reason: 'Event bus nowhere does not exist.' } },
  ]);
});

test('the way of an event is in the journal', async () => {
  const queue = await bench.queue('orders');
  const rule = await bench.rule('all', { source: ['shop'] }, [{ Arn: queue.arn }]);
  const id = await bench.put({});
  const unmatched = await bench.put({}, { Source: 'elsewhere' });
  const [message] = await queue.take();
  const bus = `arn:aws:events:${region}:${account}:event-bus/default`;
  expect(bench.aws.journal.trace(id)).toMatchObject([
    { kind: 'published', resource: bus, detail: { source: 'shop', detailType: 'Order' } },
    { kind: 'delivered', resource: queue.arn, detail: { rule, as: message?.MessageId } },
  ]);
  expect(bench.aws.journal.trace(unmatched)).toMatchObject([{ kind: 'filtered-out' }]);
});

test('a bus in another account takes events when its policy says so', async () => {
  const other = '111122223333';
  const theirs = bench.aws.client(EventBridge, { account: other });
  const { EventBusArn = '' } = await theirs.createEventBus({ Name: 'central' });
  const put = () => bench.put({}, { EventBusName: EventBusArn });
  await expect(put()).rejects.toMatchObject({ name: 'AccessDeniedException' });
  await theirs.putPermission({
    EventBusName: 'central',
    StatementId: 'shop',
    Principal: account,
    Action: 'events:PutEvents',
  });
  const id = await put();
  expect(bench.aws.journal.trace(id)).toMatchObject([
    { kind: 'filtered-out', resource: EventBusArn },
  ]);
  await theirs.removePermission({ EventBusName: 'central', StatementId: 'shop' });
  await expect(put()).rejects.toMatchObject({ name: 'AccessDeniedException' });
});
