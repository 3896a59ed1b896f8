import { SnsBench } from './support';

let bench: SnsBench;
let topic: string;

beforeEach(async () => {
  bench = await SnsBench.start();
  topic = await bench.topic('orders');
});

afterEach(() => bench.stop());

type Attributes = Record<
  string,
  { DataType: string; StringValue?: string; BinaryValue?: Uint8Array }
>;

const text = (StringValue: string) => ({ DataType: 'String', StringValue });
const number = (StringValue: string) => ({ DataType: 'Number', StringValue });
const list = (...values: unknown[]) => ({
  DataType: 'String.Array',
  StringValue: JSON.stringify(values),
});

/** Whether a subscription with a policy gets a message. */
async function passes(policy: object, MessageAttributes: Attributes): Promise<boolean> {
  const queue = await bench.queue('filtered');
  await bench.subscribe(topic, queue.arn, { FilterPolicy: JSON.stringify(policy) });
  await bench.sns.publish({ TopicArn: topic, Message: 'm', MessageAttributes });
  return (await queue.bodies()).length === 1;
}

describe('on message attributes', () => {
  // https://docs.aws.amazon.com/sns/latest/dg/example-filter-policies.html
  const example = {
    customer_interests: list('soccer', 'rugby', 'hockey'),
    store: text('example_corp'),
    event: text('order_placed'),
    price_usd: number('210.75'),
  };
  test.each<[policy: object, expected: boolean]>([
    [{ store: ['example_corp'] }, true],
    [
      {
        store: ['example_corp'],
        event: [{ 'anything-but': 'order_cancelled' }],
        customer_interests: ['rugby', 'football', 'baseball'],
        price_usd: [{ numeric: ['>=', 100] }],
      },
      true,
    ],
    [{ store: ['example_corp'], event: ['order_cancelled'] }, false],
    [{ store: ['example_corp'], encrypted: [false] }, false],
    [{ encrypted: [{ exists: false }] }, true],
    [{ $or: [{ event: ['order_cancelled'] }, { price_usd: [{ numeric: ['<', 300] }] }] }, true],
  ])('the example message and the policy %j: %p', async (policy, expected) => {
    expect(await passes(policy, example)).toBe(expected);
  });

  test.each<[attribute: Attributes[string], rule: unknown, expected: boolean]>([
    [number('100'), 100, true],
    [number('1e2'), 100, true],
    [number('100.0'), 100, true],
    [number('100'), '100', false],
    [text('100'), 100, false],
    [text('100'), { numeric: ['=', 100] }, false],
    [list('a', 1, true, null), 1, true],
    [list('a', 1, true, null), true, true],
    [list('a', 1, true, null), null, true],
    [list('a', 1, true, null), 'b', false],
    [list(), { exists: true }, false],
    [text('true'), true, false],
    [{ DataType: 'Binary', BinaryValue: Uint8Array.of(97) }, { exists: true }, false],
    [{ DataType: 'Binary', BinaryValue: Uint8Array.of(97) }, { exists: false }, true],
    [{ DataType: 'String.custom', StringValue: 'a' }, 'a', true],
    [{ DataType: 'Number.int', StringValue: '5' }, 5, true],
  ])('%j against %j: %p', async (attribute, rule, expected) => {
    expect(await passes({ key: [rule] }, { key: attribute })).toBe(expected);
  });
});

test('on the message body, nested; what is no JSON object does not pass', async () => {
  const queue = await bench.queue('filtered');
  await bench.subscribe(topic, queue.arn, {
    FilterPolicyScope: 'MessageBody',
    RawMessageDelivery: 'true',
    FilterPolicy: JSON.stringify({
      object: { key: [{ prefix: 'auto-' }, 'fixed'], other: [{ exists: false }] },
      test: [{ exists: false }],
    }),
  });
  const publish = (Message: string) => bench.sns.publish({ TopicArn: topic, Message });
  const passing = ['{"object":{"key":"auto-test"}}', '{"object":{"key":"fixed"}}'];
  for (const body of [
    ...passing,
    '{"object":{"key":"test-auto"}}',
    '{"object":{"key":"auto-test"},"test":"there"}',
    '{"object":{"key":"auto-test","other":"there"}}',
    '{"object":{"test":"auto-test"}}',
    'text',
    '"auto-test"',
    '[{"object":{"key":"fixed"}}]',
  ])
    await publish(body);
  expect(await queue.bodies()).toEqual(passing);
});

test('a policy that is changed holds for what is published from then on', async () => {
  const queue = await bench.queue('filtered');
  const SubscriptionArn = await bench.subscribe(topic, queue.arn, { FilterPolicy: '{"a":["x"]}' });
  const publish = (value: string) =>
    bench.sns.publish({ TopicArn: topic, Message: value, MessageAttributes: { a: text(value) } });
  await publish('x');
  await publish('y');
  await bench.aws.clock.settle();
  await bench.sns.setSubscriptionAttributes({
    SubscriptionArn,
    AttributeName: 'FilterPolicy',
    AttributeValue: '{"a":["y"]}',
  });
  await publish('x');
  await publish('y');
  expect(await queue.texts()).toEqual(['x', 'y']);
});
