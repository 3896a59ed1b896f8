import type { Target } from '@aws-sdk/client-eventbridge';
import { account, EventBench, region } from './support';

let bench: EventBench;

beforeAll(async () => {
  bench = await EventBench.start();
});

afterAll(() => bench.stop());

const detail = {
  'instance-id': 'i-0123456789',
  state: 'RUNNING',
  count: 3,
  on: true,
  none: null,
  tags: ['a', 'b'],
  nested: { path: { to: 'x' } },
};

/** What a target with some input gets of an event with the detail above. */
async function inputOf(input: Omit<Target, 'Id' | 'Arn'>): Promise<string | undefined> {
  const queue = await bench.queue('orders');
  await bench.rule('all', { source: ['shop'] }, [{ Arn: queue.arn, ...input }]);
  await bench.put(detail);
  return (await queue.bodies())[0];
}

const paths = { instance: '$.detail.instance-id', state: '$.detail.state' };

test.each<[what: string, input: Omit<Target, 'Id' | 'Arn'>, result: string]>([
  ['a constant', { Input: '{"a": 1}' }, '{"a": 1}'],
  ['a part of the event', { InputPath: '$.detail.nested' }, '{"path":{"to":"x"}}'],
  ['a text of the event', { InputPath: '$.detail.nested.path.to' }, '"x"'],
  ['an element', { InputPath: '$.detail.tags[1]' }, '"b"'],
  ['all elements', { InputPath: '$.detail.tags[*]' }, '["a","b"]'],
  ['a member at the top', { InputPath: '$.source' }, '"shop"'],
  [
    'a text with variables',
    {
      InputTransformer: {
        InputPathsMap: paths,
        InputTemplate: '"instance <instance> is in <state>"',
      },
    },
    '"instance i-0123456789 is in RUNNING"',
  ],
  [
    'variables as values, which get quotes if they are texts',
    {
      InputTransformer: {
        InputPathsMap: {
          ...paths,
          count: '$.detail.count',
          on: '$.detail.on',
          none: '$.detail.none',
        },
        InputTemplate:
          '{"instance": <instance>, "state": <state>, "values": [<count>, <on>, <none>]}',
      },
    },
    '{"instance": "i-0123456789", "state": "RUNNING", "values": [3, true, null]}',
  ],
  [
    'a variable between quotes within an object',
    {
      InputTransformer: { InputPathsMap: paths, InputTemplate: '{"text": "It \\"is\\" <state>"}' },
    },
    '{"text": "It \\"is\\" RUNNING"}',
  ],
  [
    'an object as a value, and inside a text, where it loses its quotes',
    {
      InputTransformer: {
        InputPathsMap: { nested: '$.detail.nested', tags: '$.detail.tags' },
        InputTemplate: '{"a": <nested>, "b": "<nested> <tags>"}',
      },
    },
    '{"a": {"path":{"to":"x"}}, "b": "{path:{to:x}} [a,b]"}',
  ],
  [
    'what is not there',
    {
      InputTransformer: {
        InputPathsMap: { missing: '$.detail.missing' },
        InputTemplate: '{"a": <missing>, "b": "<missing>"}',
      },
    },
    '{"a": "", "b": ""}',
  ],
  [
    'predefined variables',
    {
      InputTransformer: {
        InputTemplate:
          '{"arn": <aws.events.rule-arn>, "name": "<aws.events.rule-name>", "at": <aws.events.event.ingestion-time>}',
      },
    },
    `{"arn": "arn:aws:events:${region}:${account}:rule/all", "name": "all", "at": "2035-01-01T00:00:00Z"}`,
  ],
])('%s', async (_what, input, result) => {
  expect(await inputOf(input)).toBe(result);
});

test('the event as a variable, with and without its detail', async () => {
  const text = await inputOf({
    InputTransformer: {
      InputTemplate: '{"all": <aws.events.event.json>, "rest": <aws.events.event>}',
    },
  });
  const { all, rest } = JSON.parse(text ?? '');
  expect(all.detail).toEqual(detail);
  expect(rest).toEqual({ ...all, detail: undefined });
  expect('detail' in rest).toBe(false);
});
