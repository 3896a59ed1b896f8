import { EventBench } from './support';

let bench: EventBench;

beforeAll(async () => {
  bench = await EventBench.start();
});

afterAll(() => bench.stop());

/** The event of https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html */
const instanceEvent = {
  version: '0',
  id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
  'detail-type': 'EC2 Instance State-change Notification',
  source: 'aws.ec2',
  account: '111122223333',
  time: '2017-12-22T18:43:48Z',
  region: 'us-west-1',
  resources: ['arn:aws:ec2:us-west-1:123456789012:instance/i-1234567890abcdef0'],
  detail: { 'instance-id': 'i-1234567890abcdef0', state: 'terminated' },
};

const matchesPattern = async (
  pattern: object | string,
  event: object,
): Promise<boolean | undefined> => {
  const { Result } = await bench.events.testEventPattern({
    EventPattern: typeof pattern === 'string' ? pattern : JSON.stringify(pattern),
    Event: JSON.stringify({ ...instanceEvent, ...event }),
  });
  return Result;
};

test.each<[what: string, pattern: object, event: object, matches: boolean]>([
  ['a source', { source: ['aws.ec2'] }, {}, true],
  ['another source', { source: ['aws.fargate'] }, {}, false],
  [
    'several values and fields',
    {
      source: ['aws.ec2', 'aws.fargate'],
      'detail-type': ['EC2 Instance State-change Notification'],
      detail: { state: ['terminated', 'running'] },
    },
    {},
    true,
  ],
  [
    'one element of a list',
    { resources: ['arn:aws:ec2:us-east-1:123456789012:instance/i-b188560f', 'two'] },
    { resources: ['one', 'two'] },
    true,
  ],
  ['no element of a list', { resources: ['three'] }, { resources: ['one', 'two'] }, false],
  ['prefix', { time: [{ prefix: '2017-10-02' }] }, { time: '2017-10-02T18:43:48Z' }, true],
  ['prefix of something else', { time: [{ prefix: '2017-10-02' }] }, {}, false],
  [
    'prefix without case',
    { detail: { service: [{ prefix: { 'equals-ignore-case': 'EventB' } }] } },
    { detail: { service: 'EVENTBridge' } },
    true,
  ],
  [
    'suffix',
    { detail: { FileName: [{ suffix: '.png' }] } },
    { detail: { FileName: 'a.png' } },
    true,
  ],
  [
    'suffix without case',
    { detail: { FileName: [{ suffix: { 'equals-ignore-case': '.png' } }] } },
    { detail: { FileName: 'a.PNG' } },
    true,
  ],
  [
    'suffix with case',
    { detail: { FileName: [{ suffix: '.png' }] } },
    { detail: { FileName: 'a.PNG' } },
    false,
  ],
  ['anything-but', { detail: { state: [{ 'anything-but': 'initializing' }] } }, {}, true],
  ['anything-but itself', { detail: { state: [{ 'anything-but': 'terminated' }] } }, {}, false],
  [
    'anything-but one of many',
    { detail: { state: [{ 'anything-but': ['terminated', 'x'] }] } },
    {},
    false,
  ],
  [
    'anything-but numbers',
    { detail: { 'x-limit': [{ 'anything-but': [100, 200, 300] }] } },
    { detail: { 'x-limit': 150 } },
    true,
  ],
  [
    'anything-but, without case',
    { detail: { state: [{ 'anything-but': { 'equals-ignore-case': ['TERMINATED', 'x'] } }] } },
    {},
    false,
  ],
  [
    'anything-but prefix',
    { detail: { state: [{ 'anything-but': { prefix: 'init' } }] } },
    {},
    true,
  ],
  [
    'anything-but prefixes',
    { detail: { state: [{ 'anything-but': { prefix: ['a', 'ter'] } }] } },
    {},
    false,
  ],
  [
    'anything-but suffix',
    { detail: { FileName: [{ 'anything-but': { suffix: ['.txt', '.rtf'] } }] } },
    { detail: { FileName: 'a.rtf' } },
    false,
  ],
  [
    'anything-but wildcard',
    { detail: { FilePath: [{ 'anything-but': { wildcard: '*/lib/*' } }] } },
    { detail: { FilePath: 'usr/lib/foo' } },
    false,
  ],
  [
    'numeric, several fields',
    {
      detail: {
        'c-count': [{ numeric: ['>', 0, '<=', 5] }],
        'd-count': [{ numeric: ['<', 10] }],
        'x-limit': [{ numeric: ['=', 3.018e2] }],
      },
    },
    { detail: { 'c-count': 5, 'd-count': 9.5, 'x-limit': 301.8 } },
    true,
  ],
  [
    'numeric out of range',
    { detail: { n: [{ numeric: ['>', 0, '<', 5] }] } },
    { detail: { n: 5 } },
    false,
  ],
  ['numeric of a text', { detail: { n: [{ numeric: ['=', 5] }] } }, { detail: { n: '5' } }, false],
  ['a number in another notation', { detail: { n: [300] } }, { detail: { n: 3.0e2 } }, true],
  [
    'cidr',
    { detail: { sourceIPAddress: [{ cidr: '10.0.0.0/24' }] } },
    { detail: { sourceIPAddress: '10.0.0.255' } },
    true,
  ],
  [
    'cidr outside',
    { detail: { sourceIPAddress: [{ cidr: '10.0.0.0/24' }] } },
    { detail: { sourceIPAddress: '10.0.1.0' } },
    false,
  ],
  ['exists', { detail: { state: [{ exists: true }] } }, {}, true],
  [
    'exists, of an object',
    { detail: { state: [{ exists: true }] } },
    { detail: { state: { a: 1 } } },
    false,
  ],
  ['exists not', { detail: { 'c-count': [{ exists: false }] } }, {}, true],
  ['exists not, but does', { detail: { state: [{ exists: false }] } }, {}, false],
  ['equals-ignore-case', { detail: { state: [{ 'equals-ignore-case': 'TERMINATED' }] } }, {}, true],
  ['wildcard', { resources: [{ wildcard: 'arn:aws:ec2:*:instance/*def0' }] }, {}, true],
  [
    'wildcard with an escaped star',
    { detail: { a: [{ wildcard: 'a\\*b' }] } },
    { detail: { a: 'axb' } },
    false,
  ],
  ['empty text', { detail: { eventVersion: [''] } }, { detail: { eventVersion: '' } }, true],
  ['null', { detail: { responseElements: [null] } }, { detail: { responseElements: null } }, true],
  ['null that is missing', { detail: { responseElements: [null] } }, {}, false],
  ['a boolean', { detail: { on: [true] } }, { detail: { on: true } }, true],
  [
    '$or',
    {
      detail: {
        $or: [
          { 'c-count': [{ numeric: ['>', 0, '<=', 5] }] },
          { 'd-count': [{ numeric: ['<', 10] }] },
          { 'x-limit': [{ numeric: ['=', 3.018e2] }] },
        ],
      },
    },
    { detail: { 'c-count': 8, 'd-count': 9 } },
    true,
  ],
  [
    '$or and something besides',
    { source: ['aws.s3'], detail: { $or: [{ state: ['terminated'] }, { b: [1] }] } },
    {},
    false,
  ],
  [
    'mixed operators',
    {
      detail: {
        'c-count': [{ numeric: ['>', 0, '<=', 5] }],
        'd-count': [{ 'anything-but': 3 }, { 'anything-but': 4 }],
        'x-limit': [{ 'anything-but': [100, 200, 300] }],
      },
    },
    { detail: { 'c-count': 3, 'd-count': 3, 'x-limit': 10 } },
    true,
  ],
  [
    'fields of one element of a list',
    { detail: { items: { type: ['a'], count: [1] } } },
    {
      detail: {
        items: [
          { type: 'a', count: 2 },
          { type: 'b', count: 1 },
        ],
      },
    },
    false,
  ],
])('%s', async (_what, pattern, event, matches) => {
  expect(await matchesPattern(pattern, event)).toBe(matches);
});

const at = (pattern: string, column: number) =>
  `\n at [Source: (String)"${pattern}"; line: 1, column: ${column}]`;

test.each<[pattern: string, reason: string]>([
  ['{"int": 42}', `"int" must be an object or an array${at('{"int": 42}', 11)}`],
  ['{"resources": []}', `Empty arrays are not allowed${at('{"resources": []}', 17)}`],
  [
    '{"my_key": [{"EXISTS": true}]}',
    `Unrecognized match type EXISTS${at('{"my_key": [{"EXISTS": true}]}', 28)}`,
  ],
  [
    '{"detail": {"FileName": [{"anything-but": {"prefix": {"equals-ignore-case": "file"}}}]}}',
    `Value of anything-but must be an array or single string/number value.${at(
      '{"detail": {"FileName": [{"anything-but": {"prefix": {"equals-ignore-case": "file"}}}]}}',
      55,
    )}`,
  ],
  ['{"a": [{"cidr": "10.0.0.0"}]}', "Malformed CIDR, one '/' required"],
  ['{"a": [', 'Invalid JSON'],
  [
    `{"$or": [${Array.from({ length: 1001 }, (_, i) => `{"a": [${i}]}`).join()}]}`,
    'More than 1000 combinations of $or',
  ],
])('the pattern %.40s is refused', async (EventPattern, reason) => {
  const Event = JSON.stringify(instanceEvent);
  const refusal =
    EventPattern.length > 4096 ? 'ValidationException' : 'InvalidEventPatternException';
  await expect(bench.events.testEventPattern({ EventPattern, Event })).rejects.toMatchObject({
    name: refusal,
    ...(refusal === 'InvalidEventPatternException' && {
      message: `Event pattern is not valid. Reason: ${reason}`,
    }),
  });
});

test.each(['not JSON', '[]', '{"source": "a"}'])('the event %s is none', async (Event) => {
  await expect(
    bench.events.testEventPattern({ EventPattern: '{"source": ["a"]}', Event }),
  ).rejects.toMatchObject({
    name: 'ValidationException',
    message: 'Parameter Event is not valid.',
  });
});
