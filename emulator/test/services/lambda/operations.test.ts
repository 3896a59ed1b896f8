import { strToU8, zipSync } from 'fflate';
import { LambdaHarness, role } from './harness';

const minute = 60_000;
const arn = 'arn:aws:lambda:us-east-1:000000000000:function:fn';
let aws: LambdaHarness;

beforeEach(async () => {
  aws = LambdaHarness.manual();
  await aws.createFunction('fn', 'exports.handler = async () => process.env.STAGE ?? 1;');
});
afterEach(() => aws.stop());

const zip = (code: string): Uint8Array => zipSync({ 'index.js': strToU8(code) });

test('shows a function by name, by partial ARN and by ARN', async () => {
  for (const FunctionName of ['fn', '000000000000:function:fn', arn])
    expect(await aws.lambda.getFunctionConfiguration({ FunctionName })).toMatchObject({
      FunctionName: 'fn',
      FunctionArn: arn,
      Runtime: 'nodejs20.x',
      Role: role,
      Handler: 'index.handler',
      Timeout: 3,
      MemorySize: 128,
      Version: '$LATEST',
      State: 'Active',
      LastModified: '2035-01-01T00:00:00.000+0000',
      LoggingConfig: { LogFormat: 'Text', LogGroup: '/aws/lambda/fn' },
    });
});

test('changes settings and code for the next invocation', async () => {
  expect(await aws.invoke('fn')).toEqual({ result: 1 });
  await aws.lambda.updateFunctionConfiguration({
    FunctionName: 'fn',
    Environment: { Variables: { STAGE: 'test' } },
  });
  expect(await aws.invoke('fn')).toEqual({ result: 'test' });
  await aws.lambda.updateFunctionCode({
    FunctionName: 'fn',
    ZipFile: zip('exports.handler = async () => "new";'),
  });
  expect(await aws.invoke('fn')).toEqual({ result: 'new' });
});

test('refuses an update on an old revision', async () => {
  await expect(
    aws.lambda.updateFunctionConfiguration({ FunctionName: 'fn', Timeout: 5, RevisionId: 'old' }),
  ).rejects.toMatchObject({ name: 'PreconditionFailedException' });
});

test('deletes a function, after which nothing is left of it', async () => {
  await aws.invoke('fn');
  await aws.lambda.deleteFunction({ FunctionName: 'fn' });
  await expect(aws.invoke('fn')).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: `Function not found: ${arn}`,
  });
  expect(aws.lambdaService.leaks()).toEqual([]);
});

test('lists functions page by page', async () => {
  await aws.createFunction('a', '');
  const first = await aws.lambda.listFunctions({ MaxItems: 1 });
  const second = await aws.lambda.listFunctions({ Marker: first.NextMarker });
  expect(
    [...(first.Functions ?? []), ...(second.Functions ?? [])].map((f) => f.FunctionName),
  ).toEqual(['a', 'fn']);
});

test('publishes versions that keep their code, and aliases that name them', async () => {
  const one = await aws.lambda.publishVersion({ FunctionName: 'fn' });
  expect(one).toMatchObject({ Version: '1', FunctionArn: `${arn}:1` });
  expect((await aws.lambda.publishVersion({ FunctionName: 'fn' })).Version).toBe('1');
  await aws.lambda.updateFunctionCode({
    FunctionName: 'fn',
    ZipFile: zip('exports.handler = async (e, c) => c.invokedFunctionArn;'),
    Publish: true,
  });
  await aws.lambda.createAlias({ FunctionName: 'fn', Name: 'live', FunctionVersion: '1' });
  expect(await aws.invoke(`${arn}:live`)).toEqual({ result: 1 });
  await aws.lambda.updateAlias({ FunctionName: 'fn', Name: 'live', FunctionVersion: '2' });
  expect((await aws.invoke(`${arn}:live`)).result).toBe(`${arn}:live`);
  const { Versions = [] } = await aws.lambda.listVersionsByFunction({ FunctionName: 'fn' });
  expect(Versions.map((version) => version.Version)).toEqual(['$LATEST', '1', '2']);
  await expect(
    aws.lambda.deleteFunction({ FunctionName: 'fn', Qualifier: '2' }),
  ).rejects.toMatchObject({ name: 'ResourceConflictException' });
});

test('keeps a resource policy statement by statement', async () => {
  const { Statement = '' } = await aws.lambda.addPermission({
    FunctionName: 'fn',
    StatementId: 'topic',
    Action: 'lambda:InvokeFunction',
    Principal: 'sns.amazonaws.com',
    SourceArn: 'arn:aws:sns:us-east-1:000000000000:t',
  });
  expect(JSON.parse(Statement)).toEqual({
    Sid: 'topic',
    Effect: 'Allow',
    Principal: { Service: 'sns.amazonaws.com' },
    Action: 'lambda:InvokeFunction',
    Resource: arn,
    Condition: { ArnLike: { 'AWS:SourceArn': 'arn:aws:sns:us-east-1:000000000000:t' } },
  });
  const { Policy = '' } = await aws.lambda.getPolicy({ FunctionName: 'fn' });
  expect(JSON.parse(Policy).Statement).toHaveLength(1);
  await aws.lambda.removePermission({ FunctionName: 'fn', StatementId: 'topic' });
  await expect(aws.lambda.getPolicy({ FunctionName: 'fn' })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

test('keeps tags', async () => {
  await aws.lambda.tagResource({ Resource: arn, Tags: { a: '1', b: '2' } });
  await aws.lambda.untagResource({ Resource: arn, TagKeys: ['a'] });
  expect((await aws.lambda.listTags({ Resource: arn })).Tags).toEqual({ b: '2' });
});

describe('concurrency', () => {
  test('that is reserved turns away what exceeds it', async () => {
    await aws.createFunction(
      'slow',
      'exports.handler = () => new Promise((r) => setTimeout(r, 1000));'.replace('()', 'async ()'),
    );
    await aws.lambda.putFunctionConcurrency({
      FunctionName: 'slow',
      ReservedConcurrentExecutions: 1,
    });
    const first = aws.invoke('slow');
    await aws.clock.settle();
    await expect(aws.invoke('slow')).rejects.toMatchObject({
      name: 'TooManyRequestsException',
      message: 'Rate Exceeded.',
      Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
    });
    await aws.clock.advance(1000);
    expect(await first).toEqual({ result: null });
  });

  test.each([
    [900, true],
    [901, false],
  ])('of %d of 1000 can be reserved: %p', async (ReservedConcurrentExecutions, possible) => {
    const reservation = aws.lambda.putFunctionConcurrency({
      FunctionName: 'fn',
      ReservedConcurrentExecutions,
    });
    if (possible) await reservation;
    else await expect(reservation).rejects.toThrow(/below its minimum value of \[100\]/);
  });
});

describe('an asynchronous invocation', () => {
  const failing =
    'exports.handler = async () => { console.log("attempt"); throw new Error("no"); };';
  const attempts = (): number[] =>
    aws.logs
      .filter((entry) => entry.message.endsWith('\tattempt'))
      .map((entry) => (entry.timestamp - Date.UTC(2035, 0, 1)) / minute);

  test('is repeated after one minute and after two', async () => {
    await aws.createFunction('failing', failing);
    const { StatusCode } = await aws.lambda.invoke({
      FunctionName: 'failing',
      InvocationType: 'Event',
    });
    expect(StatusCode).toBe(202);
    await aws.clock.advance(60 * minute);
    expect(attempts()).toEqual([0, 1, 3]);
  });

  test('is repeated as often as its settings say', async () => {
    await aws.createFunction('failing', failing);
    await aws.lambda.putFunctionEventInvokeConfig({
      FunctionName: 'failing',
      MaximumRetryAttempts: 0,
    });
    await aws.lambda.invoke({ FunctionName: 'failing', InvocationType: 'Event' });
    await aws.clock.advance(60 * minute);
    expect(attempts()).toEqual([0]);
  });

  test('waits while the function is throttled', async () => {
    await aws.createFunction('failing', failing);
    await aws.lambda.putFunctionEventInvokeConfig({
      FunctionName: 'failing',
      MaximumRetryAttempts: 0,
    });
    await aws.lambda.putFunctionConcurrency({
      FunctionName: 'failing',
      ReservedConcurrentExecutions: 0,
    });
    await aws.lambda.invoke({ FunctionName: 'failing', InvocationType: 'Event' });
    await aws.clock.advance(10 * minute);
    expect(attempts()).toEqual([]);
    await aws.lambda.deleteFunctionConcurrency({ FunctionName: 'failing' });
    await aws.clock.advance(10 * minute);
    expect(attempts()).toHaveLength(1);
  });
});

test('a dry run runs nothing', async () => {
  const { StatusCode } = await aws.lambda.invoke({ FunctionName: 'fn', InvocationType: 'DryRun' });
  expect(StatusCode).toBe(204);
  expect(aws.logs).toEqual([]);
});

describe('fails', () => {
  test.each<[string, Record<string, unknown>, RegExp]>([
    ['a time-out of 0', { Timeout: 0 }, /greater than or equal to 1/],
    ['a time-out of 901', { Timeout: 901 }, /less than or equal to 900/],
    ['a memory of 127', { MemorySize: 127 }, /greater than or equal to 128/],
    ['a memory of 10241', { MemorySize: 10_241 }, /less than or equal to 10240/],
    ['a handler of 129 characters', { Handler: `index.${'h'.repeat(123)}` }, /'handler' failed/],
    ['a handler with a space', { Handler: 'index .handler' }, /'handler' failed/],
    ['a role that is none', { Role: 'worker' }, /'role' failed to satisfy constraint/],
    [
      'a reserved variable',
      { Environment: { Variables: { AWS_REGION: 'x' } } },
      /reserved keys.*AWS_REGION/,
    ],
    [
      'variables of more than 4 KB',
      { Environment: { Variables: { A1: 'x'.repeat(5000) } } },
      /4KB limit/,
    ],
    ['no code', { Code: {} }, /Please provide a source/],
    ['code that is no zip', { Code: { ZipFile: strToU8('text') } }, /Could not unzip/],
    ['python', { Runtime: 'python3.13' }, /does not implement Lambda runtime python3.13/],
    ['an image', { PackageType: 'Image' }, /PackageType Image/],
    ['layers', { Layers: ['arn:aws:lambda:us-east-1:000000000000:layer:l:1'] }, /parameter Layers/],
    [
      'a dead-letter queue',
      { DeadLetterConfig: { TargetArn: 'arn:aws:sqs:us-east-1:000000000000:q' } },
      /DeadLetterConfig/,
    ],
    [
      'a level for text logs',
      { LoggingConfig: { LogFormat: 'Text', ApplicationLogLevel: 'WARN' } },
      /LogFormat is set to JSON/,
    ],
  ])('to create a function with %s', async (_, settings, message) => {
    await expect(aws.createFunction('bad', '', settings)).rejects.toThrow(message);
  });

  test('to create a function of a name that is taken', async () => {
    await expect(aws.createFunction('fn', '')).rejects.toMatchObject({
      name: 'ResourceConflictException',
      message: 'Function already exist: fn',
    });
  });

  test.each<[string, object, string]>([
    ['a type that there is not', { InvocationType: 'Later' }, 'InvalidParameterValueException'],
    ['a log that there is not', { LogType: 'Head' }, 'InvalidParameterValueException'],
    ['a context that is not JSON', { ClientContext: '!!!' }, 'InvalidRequestContentException'],
  ])('to invoke with %s', async (_, input, name) => {
    await expect(aws.lambda.invoke({ FunctionName: 'fn', ...input })).rejects.toMatchObject({
      name,
    });
  });

  test('to invoke with what is not JSON', async () => {
    await expect(aws.lambda.invoke({ FunctionName: 'fn', Payload: '{' })).rejects.toMatchObject({
      name: 'InvalidRequestContentException',
    });
  });
});
