import { createServer } from 'node:http';
import { LambdaHarness } from './harness';

let aws: LambdaHarness;

beforeEach(() => {
  aws = LambdaHarness.manual();
});
afterEach(() => aws.stop());

/** An HTTP server that is not the emulator, and what it has been asked. */
async function elsewhere(
  delay: number,
): Promise<{ url: string; seen: string[]; close(): Promise<void> }> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.headers['x-emulator-actor'] ?? 'no actor'}`);
    setTimeout(() => response.end('hello'), delay);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  return {
    url: `http://127.0.0.1:${port}/`,
    seen,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test.each([
  ['fetch', 'await (await fetch(url)).text()'],
  ['node:http', "await new Promise((r) => require('http').get(url, (x) => x.on('data', r)))"],
])(
  'time stands still while %s waits for another server, which hears nothing of the emulator',
  async (_, call) => {
    const other = await elsewhere(100);
    await aws.createFunction(
      'caller',
      `exports.handler = async ({ url }) => { const start = Date.now(); ${call}; return Date.now() - start; };`,
      { Timeout: 60 },
    );
    const invocation = aws.invoke('caller', { url: other.url });
    await aws.clock.advance(30_000);
    expect(await invocation).toEqual({ result: 0 });
    expect(other.seen).toEqual(['no actor']);
    await other.close();
  },
);

test('a connection that is refused is an answer too', async () => {
  await aws.createFunction(
    'refused',
    `exports.handler = async () => { await fetch('http://127.0.0.1:1/').catch((e) => e); return 'refused'; };`,
  );
  expect(await aws.invoke('refused')).toEqual({ result: 'refused' });
});

test('a call that is given up before it is sent, or without its answer, does not hold time up', async () => {
  await aws.createFunction(
    'aborter',
    `const http = require('http');
    const { SQS } = require('@aws-sdk/client-sqs');
    exports.handler = async ({ QueueUrl }) => {
      const unsent = http.request(process.env.AWS_ENDPOINT_URL);
      unsent.on('error', () => undefined);
      unsent.destroy();
      const abortSignal = AbortSignal.timeout(1000);
      const outcome = await new SQS({}).receiveMessage({ QueueUrl, WaitTimeSeconds: 20 }, { abortSignal }).catch((error) => error.name);
      await new Promise((resolve) => setTimeout(resolve, 1000));
      return outcome;
    };`,
    { Timeout: 60 },
  );
  const queue = await aws.sqs.createQueue({ QueueName: 'empty' });
  const invocation = aws.invoke('aborter', queue);
  await aws.clock.advance(5000);
  expect(await invocation).toEqual({ result: expect.stringMatching(/Abort|Timeout/) });
});

test('an answer whose body is left unread does not hold time up', async () => {
  await aws.createFunction(
    'careless',
    `const http = require('http');
    exports.handler = async () => {
      await new Promise((resolve) => http.get(process.env.AWS_ENDPOINT_URL + '/_emulator/health', resolve));
      await new Promise((resolve) => setTimeout(resolve, 1000));
      return 'done';
    };`,
  );
  const invocation = aws.invoke('careless');
  await aws.clock.advance(2000);
  expect(await invocation).toEqual({ result: 'done' });
});

test('a function may call the emulator while it is loaded', async () => {
  await aws.createFunction('early', {
    'index.mjs': `
      import { SQS } from '@aws-sdk/client-sqs';
      const { QueueUrls } = await new SQS({}).listQueues({});
      export const handler = async () => QueueUrls.length;`,
  });
  await aws.sqs.createQueue({ QueueName: 'one' });
  expect(await aws.invoke('early')).toEqual({ result: 1 });
});
