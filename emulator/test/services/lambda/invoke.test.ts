import { strToU8, zipSync } from 'fflate';
import { LambdaHarness, role } from './harness';

let aws: LambdaHarness;

beforeEach(() => {
  aws = LambdaHarness.manual();
});
afterEach(() => aws.stop());

test('answers with what the handler returns', async () => {
  await aws.createFunction('echo', 'exports.handler = async (event) => ({ got: event });');
  expect(await aws.invoke('echo', { a: [1, 'x'] })).toEqual({ result: { got: { a: [1, 'x'] } } });
});

test.each<[what: string, files: Record<string, string>, handler: string]>([
  [
    'an ECMAScript module',
    { 'index.mjs': 'export const handler = async () => "done";' },
    'index.handler',
  ],
  [
    'a module in a folder',
    { 'src/app/main.js': 'exports.api = { run: async () => "done" };' },
    'src/app/main.api.run',
  ],
  [
    'a package of type module',
    {
      'package.json': '{"type":"module"}',
      'index.js': 'export const handler = async () => "done";',
    },
    'index.handler',
  ],
  [
    'a handler with a callback',
    {
      'index.js':
        'exports.handler = (event, context, done) => setTimeout(() => done(null, "done"), 0);',
    },
    'index.handler',
  ],
  [
    'the SDK, which the code does not carry',
    {
      'index.mjs':
        'import { SQSClient } from "@aws-sdk/client-sqs"; export const handler = async () => typeof SQSClient === "function" && "done";',
    },
    'index.handler',
  ],
])('runs %s', async (_, files, handler) => {
  await aws.createFunction('fn', files, { Handler: handler });
  const answer = aws.invoke('fn');
  await aws.clock.advance(10);
  expect(await answer).toEqual({ result: 'done' });
});

test('takes code as the bytes of a zip file', async () => {
  await aws.lambda.createFunction({
    FunctionName: 'zipped',
    Runtime: 'nodejs20.x',
    Handler: 'index.handler',
    Role: role,
    Code: { ZipFile: zipSync({ 'index.js': strToU8('exports.handler = async () => 7;') }) },
  });
  expect(await aws.invoke('zipped')).toEqual({ result: 7 });
});

test('gives a function its own environment and nothing of the host’s', async () => {
  process.env.AWS_PROFILE = 'mine';
  await aws.createFunction('env', 'exports.handler = async () => process.env;', {
    Environment: { Variables: { TABLE: 'orders' } },
    MemorySize: 256,
  });
  const { result } = await aws.invoke('env');
  delete process.env.AWS_PROFILE;
  expect(result).toMatchObject({
    TABLE: 'orders',
    AWS_REGION: 'us-east-1',
    AWS_LAMBDA_FUNCTION_NAME: 'env',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
    AWS_ACCESS_KEY_ID: expect.stringMatching(/^ASIA/),
    AWS_ENDPOINT_URL: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    _HANDLER: 'index.handler',
  });
  expect(result).not.toHaveProperty('AWS_PROFILE');
  expect(result).not.toHaveProperty('JEST_WORKER_ID');
});

test('a function is the main thread of its process, and has no way into the emulator’s messages', async () => {
  await aws.createFunction(
    'threads',
    "const { isMainThread, parentPort, workerData } = require('node:worker_threads'); exports.handler = async () => ({ isMainThread, parentPort, workerData });",
  );
  expect(await aws.invoke('threads')).toEqual({
    result: { isMainThread: true, parentPort: null, workerData: null },
  });
});

test('gives a function its context', async () => {
  await aws.createFunction(
    'context',
    'exports.handler = async (event, context) => ({ ...context, left: context.getRemainingTimeInMillis() });',
    { Timeout: 7 },
  );
  expect((await aws.invoke('context')).result).toMatchObject({
    functionName: 'context',
    functionVersion: '$LATEST',
    memoryLimitInMB: '128',
    logGroupName: '/aws/lambda/context',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:context',
    left: 7000,
  });
});

test('calls the emulator as the role of the function', async () => {
  await aws.createFunction(
    'sender',
    `const { SQS } = require('@aws-sdk/client-sqs');
    exports.handler = async ({ url }) => {
      const sqs = new SQS({});
      await Promise.all([1, 2, 3].map((n) => sqs.sendMessage({ QueueUrl: url, MessageBody: String(n) })));
      return 'sent';
    };`,
  );
  const { QueueUrl: url } = await aws.sqs.createQueue({ QueueName: 'inbox' });
  expect(await aws.invoke('sender', { url })).toEqual({ result: 'sent' });
  const { Messages = [] } = await aws.sqs.receiveMessage({
    QueueUrl: url,
    MaxNumberOfMessages: 10,
    MessageSystemAttributeNames: ['SenderId'],
  });
  expect(Messages.map((message) => message.Body).sort()).toEqual(['1', '2', '3']);
  expect(Messages[0]?.Attributes?.SenderId).toMatch(/:sender$/);
});

test('counts calls that are made by fetch', async () => {
  await aws.createFunction(
    'fetcher',
    `exports.handler = async () => {
      const response = await fetch(process.env.AWS_ENDPOINT_URL, {
        method: 'POST', body: '{}',
        headers: { 'x-amz-target': 'AmazonSQS.ListQueues', 'content-type': 'application/x-amz-json-1.0' },
      });
      await response.text();
      return response.status;
    };`,
  );
  expect(await aws.invoke('fetcher')).toEqual({ result: 200 });
});

test('uses a warm environment again and starts another for each that is busy', async () => {
  await aws.createFunction(
    'warm',
    `let calls = 0;
    exports.handler = async ({ wait }) => { if (wait) await new Promise((r) => setTimeout(r, wait)); return ++calls; };`,
    { Timeout: 60 },
  );
  expect(await aws.invoke('warm', { wait: 0 })).toEqual({ result: 1 });
  const first = aws.invoke('warm', { wait: 1000 });
  const second = aws.invoke('warm', { wait: 1000 });
  await aws.clock.advance(1000);
  expect([await first, await second]).toEqual([{ result: 2 }, { result: 1 }]);
  const streams = new Set(aws.logs.map((entry) => entry.stream));
  expect([...streams][0]).toMatch(/^2035\/01\/01\/\[\$LATEST\][0-9a-f]{32}$/);
  expect(streams.size).toBe(2);
});

describe('a function error', () => {
  test('that is thrown is reported and logged, and the environment goes on', async () => {
    await aws.createFunction(
      'thrower',
      'let n = 0; exports.handler = async () => { if (n++ === 0) throw new RangeError("too far"); return n; };',
    );
    const { error, result } = await aws.invoke('thrower');
    expect(error).toBe('Unhandled');
    expect(result).toMatchObject({
      errorType: 'RangeError',
      errorMessage: 'too far',
      trace: expect.arrayContaining(['RangeError: too far']),
    });
    expect(aws.messages()[0]).toMatch(
      /^2035-01-01T00:00:00.000Z\t[0-9a-f-]{36}\tERROR\tInvoke Error \t\{"errorType":"RangeError"/,
    );
    expect(await aws.invoke('thrower')).toEqual({ result: 2 });
  });

  test.each([
    [
      'process.exit(7)',
      'Runtime.ExitError',
      /^RequestId: [0-9a-f-]{36} Error: Runtime exited with error: exit status 7$/,
    ],
    ['process.exit(0)', 'Runtime.ExitError', /Runtime exited without providing a reason$/],
    [
      'process.kill(process.pid, "SIGKILL")',
      'Runtime.ExitError',
      /Runtime exited with error: signal: killed$/,
    ],
    [
      'Promise.reject(new Error("lost")); await new Promise(() => {})',
      'Runtime.UnhandledPromiseRejection',
      /^Error: lost$/,
    ],
    [
      'setImmediate(() => { throw new Error("late") }); await new Promise(() => {})',
      'Error',
      /^late$/,
    ],
    ['const x = {}; x.x = x; return x', 'Runtime.MarshalError', /circular/],
    ['throw "text"', 'string', /^text$/],
  ])(
    'of %s is %s, and the next invocation starts fresh or goes on',
    async (code, errorType, message) => {
      await aws.createFunction(
        'bad',
        `exports.handler = async ({ ok }) => { if (ok) return 1; ${code} };`,
      );
      const { error, result } = await aws.invoke('bad');
      expect(error).toBe('Unhandled');
      expect(result).toMatchObject({ errorType, errorMessage: expect.stringMatching(message) });
      expect(await aws.invoke('bad', { ok: true })).toEqual({ result: 1 });
    },
  );

  test.each([
    [
      'index.js',
      'exports.other = 1;',
      'Runtime.HandlerNotFound',
      'index.handler is undefined or not exported',
    ],
    ['other.js', '', 'Runtime.ImportModuleError', "Error: Cannot find module 'index'"],
    ['index.js', 'exports.handler = ;', 'Runtime.UserCodeSyntaxError', 'SyntaxError: '],
    [
      'index.js',
      'require("not-there");',
      'Runtime.ImportModuleError',
      "Cannot find module 'not-there'",
    ],
    ['index.js', 'throw new TypeError("no start");', 'TypeError', 'no start'],
  ])('of %s with %p is %s', async (file, code, errorType, message) => {
    await aws.createFunction('broken', { [file]: code });
    const { result } = await aws.invoke('broken');
    expect(result).toMatchObject({ errorType, errorMessage: expect.stringContaining(message) });
  });

  test('is a time-out in emulated time, whether the function waits or hangs', async () => {
    await aws.createFunction(
      'hanging',
      'exports.handler = ({ ok }) => ok ? "ok" : new Promise(() => {});'.replace(
        '({ ok })',
        'async ({ ok })',
      ),
      { Timeout: 3 },
    );
    const answer = aws.invoke('hanging');
    await aws.clock.advance(2999);
    expect(aws.logs.some((entry) => entry.message.includes('timed out'))).toBe(false);
    await aws.clock.advance(1);
    const { error, result } = await answer;
    expect(error).toBe('Unhandled');
    expect(result).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(
        /^RequestId: [0-9a-f-]{36} Error: Task timed out after 3.00 seconds$/,
      ),
    });
    expect(aws.messages()[0]).toMatch(
      /^2035-01-01T00:00:03.000Z [0-9a-f-]{36} Task timed out after 3.00 seconds$/,
    );
    expect(await aws.invoke('hanging', { ok: true })).toEqual({ result: 'ok' });
  });
});

test('says what kept a function from being started', async () => {
  const broken = LambdaHarness.manual({
    caFile: async () => {
      throw new Error('no authority here');
    },
  });
  await broken.createFunction('fn', 'exports.handler = async () => 1;');
  expect(await broken.invoke('fn')).toEqual({
    error: 'Unhandled',
    result: { errorType: 'Sandbox.StartFailed', errorMessage: 'no authority here', trace: [] },
  });
  await broken.stop();
});

test('writes the log as the Node.js runtime does, and gives its tail', async () => {
  await aws.createFunction(
    'talker',
    'exports.handler = async () => { console.log("a %d", 1, { b: 2 }); console.error("no"); process.stdout.write("raw\\n"); };',
  );
  const { LogResult = '' } = await aws.lambda.invoke({ FunctionName: 'talker', LogType: 'Tail' });
  const lines = Buffer.from(LogResult, 'base64').toString().trimEnd().split('\n');
  expect(lines).toEqual([
    expect.stringMatching(/^START RequestId: [0-9a-f-]{36} Version: \$LATEST$/),
    expect.stringMatching(/^2035-01-01T00:00:00.000Z\t[0-9a-f-]{36}\tINFO\ta 1 \{ b: 2 \}$/),
    expect.stringMatching(/\tERROR\tno$/),
    'raw',
    expect.stringMatching(/^END RequestId: /),
    expect.stringMatching(
      /^REPORT RequestId: .*\tDuration: 0.00 ms\tBilled Duration: 0 ms\tMemory Size: 128 MB\tInit Duration: 0.00 ms$/,
    ),
  ]);
});

test('writes JSON, and only from the level that is asked for', async () => {
  await aws.createFunction(
    'json',
    'exports.handler = async () => { console.info("quiet"); console.warn({ low: true }); console.error("bad", new Error("x")); };',
    { LoggingConfig: { LogFormat: 'JSON', ApplicationLogLevel: 'WARN', SystemLogLevel: 'WARN' } },
  );
  await aws.invoke('json');
  const lines = aws.messages().map((line) => JSON.parse(line));
  expect(lines).toMatchObject([
    { level: 'WARN', message: { low: true }, timestamp: '2035-01-01T00:00:00.000Z' },
    { level: 'ERROR', errorType: 'Error', errorMessage: 'x' },
  ]);
});
