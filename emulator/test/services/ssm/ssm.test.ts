import { SSM } from '@aws-sdk/client-ssm';
import { Emulator } from '../../../src';
import type { ManualClock } from '../../../src/clock/clock';

let aws: Emulator<ManualClock>;
let ssm: SSM;

beforeEach(async () => {
  aws = await Emulator.start({ clock: 'manual' });
  ssm = aws.client(SSM);
});

afterEach(() => aws.stop());

const put = (Name: string, Value = 'value', rest: object = {}) =>
  ssm.putParameter({ Name, Value, Type: 'String', ...rest });

describe('versions', () => {
  test('count up, and the old ones stay readable', async () => {
    expect(await put('/shop/table', 'orders')).toMatchObject({ Version: 1, Tier: 'Standard' });
    await aws.clock.advance(60_000);
    expect(await put('/shop/table', 'orders2', { Overwrite: true })).toMatchObject({ Version: 2 });

    const latest = await ssm.getParameter({ Name: '/shop/table' });
    expect(latest.Parameter).toMatchObject({
      Name: '/shop/table',
      Type: 'String',
      Value: 'orders2',
      Version: 2,
      ARN: 'arn:aws:ssm:us-east-1:000000000000:parameter/shop/table',
      DataType: 'text',
      LastModifiedDate: new Date(aws.clock.now()),
    });
    const first = await ssm.getParameter({ Name: '/shop/table:1' });
    expect(first.Parameter).toMatchObject({ Value: 'orders', Selector: ':1' });
    const history = await ssm.getParameterHistory({ Name: '/shop/table' });
    expect(history.Parameters?.map((one) => one.Value)).toEqual(['orders', 'orders2']);
  });

  test('fail to be found when they were never put', async () => {
    await put('/shop/table');
    await expect(ssm.getParameter({ Name: '/shop/table:7' })).rejects.toMatchObject({
      name: 'ParameterVersionNotFound',
      message:
        'Systems Manager could not find version 7 of /shop/table. Verify the version and try again.',
    });
  });

  test('begin again once a parameter has been deleted', async () => {
    await put('p');
    await ssm.deleteParameter({ Name: 'p' });
    expect(await put('p')).toMatchObject({ Version: 1 });
  });

  test('a hundred are kept', async () => {
    await put('p', '1');
    for (let i = 2; i <= 101; i++) await put('p', String(i), { Overwrite: true });
    await expect(ssm.getParameter({ Name: 'p:1' })).rejects.toMatchObject({
      name: 'ParameterVersionNotFound',
    });
    expect((await ssm.getParameter({ Name: 'p:2' })).Parameter?.Value).toBe('2');
  });
});

describe('PutParameter', () => {
  test('fails for a parameter that exists unless it may overwrite', async () => {
    await put('p');
    await expect(put('p')).rejects.toMatchObject({
      name: 'ParameterAlreadyExists',
      message:
        'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
    });
  });

  test.each([
    ['without a type', 'p', { Type: undefined }, 'ValidationException', /type is required/],
    ['of AWS', '/aws/p', {}, 'AccessDeniedException', /reserved parameter name/],
    ['beginning with ssm', 'ssm-p', {}, 'ValidationException', /can't be prefixed with "ssm"/],
    ['with a path and no slash before it', 'a/b', {}, 'ValidationException', /fully qualified/],
    ['with a space', 'a b', {}, 'ValidationException', /sub-path/],
    [
      'of 16 levels',
      '/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16',
      {},
      'HierarchyLevelLimitExceededException',
      /15/,
    ],
    ['above 4 KiB', 'p', { Value: 'x'.repeat(4097) }, 'ValidationException', /4096 characters/],
    [
      'against its pattern',
      'p',
      { AllowedPattern: '^\\d+$' },
      'ParameterPatternMismatchException',
      /allowedPattern/,
    ],
    ['of an unknown type', 'p', { Type: 'Number' }, 'ValidationException', /enum value set/],
    ['with policies', 'p', { Policies: '[]' }, 'NotImplemented', /Policies of ssm.PutParameter/],
    ['of an image', 'p', { DataType: 'aws:ec2:image' }, 'NotImplemented', /aws:ec2:image/],
  ])('fails for a parameter %s', async (_what, name, rest, code, message) => {
    await expect(put(name, 'value', rest)).rejects.toMatchObject({
      name: code,
      message: expect.stringMatching(message),
    });
  });

  test.each([
    [4096, 'Standard'],
    [4097, 'Advanced'],
    [8192, 'Advanced'],
  ])('with intelligent tiering puts %i characters into the tier %s', async (length, tier) => {
    const answer = await put('p', 'x'.repeat(length), { Tier: 'Intelligent-Tiering' });
    expect(answer.Tier).toBe(tier);
  });
});

describe('SecureString', () => {
  test('is decrypted only when asked for', async () => {
    await put('/shop/password', 'hunter2', { Type: 'SecureString' });
    const sealed = await ssm.getParameter({ Name: '/shop/password' });
    expect(sealed.Parameter?.Value).not.toContain('hunter2');
    const open = await ssm.getParameter({ Name: '/shop/password', WithDecryption: true });
    expect(open.Parameter?.Value).toBe('hunter2');
    const { Parameters: described } = await ssm.describeParameters({});
    expect(described?.[0]?.KeyId).toBe('alias/aws/ssm');
  });

  test('fails with a key that does not exist', async () => {
    const call = put('p', 'v', { Type: 'SecureString', KeyId: 'alias/none' });
    await expect(call).rejects.toMatchObject({ name: 'InvalidKeyId' });
  });
});

describe('reading several', () => {
  beforeEach(async () => {
    for (const name of ['/shop/a', '/shop/b', '/shop/deep/c', '/other']) await put(name, name);
  });

  test('GetParameters says which names it does not know', async () => {
    const answer = await ssm.getParameters({ Names: ['/shop/a', '/shop/z', '/shop/b:9'] });
    expect(answer.Parameters?.map((one) => one.Name)).toEqual(['/shop/a']);
    expect(answer.InvalidParameters).toEqual(['/shop/z', '/shop/b:9']);
  });

  test.each([
    [false, ['/shop/a', '/shop/b']],
    [true, ['/shop/a', '/shop/b', '/shop/deep/c']],
  ])('GetParametersByPath with Recursive %s', async (Recursive, names) => {
    const answer = await ssm.getParametersByPath({ Path: '/shop', Recursive });
    expect(answer.Parameters?.map((one) => one.Name)).toEqual(names);
  });

  test('GetParametersByPath goes page by page', async () => {
    const request = { Path: '/shop', Recursive: true, MaxResults: 2 };
    const first = await ssm.getParametersByPath(request);
    const second = await ssm.getParametersByPath({ ...request, NextToken: first.NextToken });
    expect(second.Parameters?.map((one) => one.Name)).toEqual(['/shop/deep/c']);
    expect(second.NextToken).toBeUndefined();
  });

  test.each([
    ['a name', { Key: 'Name', Option: 'BeginsWith', Values: ['/shop'] }, 3],
    ['a part of a name', { Key: 'Name', Option: 'Contains', Values: ['deep'] }, 1],
    ['a path', { Key: 'Path', Values: ['/shop'] }, 2],
    ['a type', { Key: 'Type', Values: ['SecureString'] }, 0],
  ])('DescribeParameters filters by %s', async (_what, filter, count) => {
    const answer = await ssm.describeParameters({ ParameterFilters: [filter] });
    expect(answer.Parameters).toHaveLength(count);
  });

  test('DeleteParameters says which ones there were', async () => {
    const answer = await ssm.deleteParameters({ Names: ['/shop/a', '/shop/z'] });
    expect(answer.DeletedParameters).toEqual(['/shop/a']);
    expect(answer.InvalidParameters).toEqual(['/shop/z']);
  });
});

test('public parameters name an image, another one in each region', async () => {
  const Name = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-6.1-x86_64';
  const here = await ssm.getParameter({ Name });
  expect(here.Parameter).toMatchObject({
    Value: expect.stringMatching(/^ami-[0-9a-f]{17}$/),
    ARN: `arn:aws:ssm:us-east-1::parameter${Name}`,
  });
  const there = await aws.client(SSM, { region: 'eu-west-1' }).getParameter({ Name });
  expect(there.Parameter?.Value).not.toBe(here.Parameter?.Value);
  expect(aws.leaks()).toEqual([]);
});

test('tags are put on parameters and taken off', async () => {
  await put('p', 'v', { Tags: [{ Key: 'team', Value: 'orders' }] });
  const resource = { ResourceType: 'Parameter', ResourceId: 'p' } as const;
  await ssm.addTagsToResource({ ...resource, Tags: [{ Key: 'stage', Value: 'test' }] });
  await ssm.removeTagsFromResource({ ...resource, TagKeys: ['team'] });
  expect((await ssm.listTagsForResource(resource)).TagList).toEqual([
    { Key: 'stage', Value: 'test' },
  ]);
});
