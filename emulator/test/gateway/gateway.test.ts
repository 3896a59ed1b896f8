import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { connect as connectHttp2, constants } from 'node:http2';
import { Agent, request as httpsRequest } from 'node:https';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import * as kinesis from '@aws-sdk/client-kinesis';
import * as sqs from '@aws-sdk/client-sqs';
import { CertificateAuthority } from '../../src/gateway/certificate-authority';
import { Gateway, type GatewayOptions } from '../../src/gateway/gateway';
import { createJournal } from '../../src/journal/journal';
import { clientSettings, dispatcherOf, fakeService } from '../support/fake-service';

const directory = mkdtempSync(join(tmpdir(), 'gateway-test-'));
const certificateAuthority = new CertificateAuthority({ directory: join(directory, 'ca') });
const started: Gateway[] = [];
const clients: { destroy(): void }[] = [];

interface Poll {
  readonly wake: (body: string) => void;
  readonly signal: AbortSignal;
}

async function start(options: Partial<GatewayOptions> = {}) {
  const polls: Poll[] = [];
  const origins: string[] = [];
  let onPoll: () => void = () => {};
  const { dispatcher, clock } = dispatcherOf([
    fakeService('sqs', sqs, {
      ListQueues(_input, context) {
        origins.push(context.origin);
        return { QueueUrls: [`${context.origin}/000000000000/orders`] };
      },
      ReceiveMessage: (_input, context) =>
        context.park<{ Messages: { Body: string }[] }>((wake) => {
          polls.push({
            wake: (Body) => wake({ Messages: [{ Body }] }),
            signal: context.signal,
          });
          onPoll();
        }),
    }),
    fakeService('kinesis', kinesis, {
      PutRecord: (input) => ({
        ShardId: 'shard',
        SequenceNumber: Buffer.from(input.Data).toString(),
      }),
    }),
  ]);
  const journal = createJournal(10, () => clock.now());
  const gateway = new Gateway({ dispatcher, clock, journal, certificateAuthority, ...options });
  started.push(gateway);
  const url = await gateway.listen();
  const polled = () =>
    new Promise<void>((resolve) => {
      onPoll = resolve;
    });
  return { gateway, url, clock, polls, polled, journal, origins };
}

function queueClient(endpoint: string, settings: sqs.SQSClientConfig = {}) {
  const client = new sqs.SQS({ ...clientSettings, endpoint, md5: false, ...settings });
  clients.push(client);
  return client;
}

/** A bare request, for headers that the SDK and fetch would not let through. */
function send(
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: string; ca?: string } = {},
): Promise<{ status: number; headers: Record<string, unknown>; body: string }> {
  return new Promise((resolve, reject) => {
    const secure = url.startsWith('https:');
    const outgoing = (secure ? httpsRequest : httpRequest)(
      url,
      { method: options.method, headers: options.headers, ca: options.ca, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(options.body);
  });
}

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await Promise.all(started.splice(0).map((gateway) => gateway.stop()));
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

test('serves HTTP/1.1 under the origin by which the caller came', async () => {
  const { url } = await start();
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const { QueueUrls } = await queueClient(url).listQueues({});
  expect(QueueUrls).toEqual([`${url}/000000000000/orders`]);
});

test('serves HTTP/2 without TLS, as the Kinesis client speaks it', async () => {
  const { url } = await start();
  const client = new kinesis.Kinesis({ ...clientSettings, endpoint: url });
  clients.push(client);
  await expect(
    client.putRecord({ StreamName: 's', PartitionKey: 'p', Data: Buffer.from('hello') }),
  ).resolves.toMatchObject({ SequenceNumber: 'hello' });
});

test('serves HTTP/1.1 over TLS with a certificate of the local authority', async () => {
  const { url } = await start();
  const secure = url.replace('http:', 'https:');
  const ca = await readFile(await certificateAuthority.caFile(), 'utf8');
  const client = queueClient(secure, { requestHandler: { httpsAgent: new Agent({ ca }) } });
  const { QueueUrls } = await client.listQueues({});
  expect(QueueUrls).toEqual([`${secure}/000000000000/orders`]);
});

test('serves HTTP/2 over TLS', async () => {
  const { url } = await start();
  const secure = url.replace('http:', 'https:');
  const ca = await readFile(await certificateAuthority.caFile(), 'utf8');
  const session = connectHttp2(secure, { ca });
  const stream = session.request({ ':path': '/_emulator/health' });
  let body = '';
  for await (const chunk of stream) body += chunk;
  session.close();
  expect(session.alpnProtocol).toBe('h2');
  expect(JSON.parse(body)).toMatchObject({ status: 'ok' });
});

test('serves HTTP/2 over TLS to clients that do not ask whether it is there, such as the SDK for Java', async () => {
  const { url } = await start();
  const { hostname, port } = new URL(url.replace('http:', 'https:'));
  const ca = await readFile(await certificateAuthority.caFile(), 'utf8');
  const createConnection = () => connectTls({ host: hostname, port: Number(port), ca });
  const session = connectHttp2(`https://${hostname}:${port}`, { createConnection });
  const stream = session.request({ ':path': '/_emulator/health' });
  let body = '';
  for await (const chunk of stream) body += chunk;
  session.close();
  expect(session.alpnProtocol).toBe(false);
  expect(JSON.parse(body)).toMatchObject({ status: 'ok' });
});

test('serves a client that sends its first bytes one by one', async () => {
  const { url } = await start();
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.setNoDelay(true);
  const answer = new Promise<string>((resolve) => {
    socket.once('data', (chunk) => resolve(chunk.toString()));
  });
  for (const text of ['P', 'U', 'T /_emulator/nonsense HTTP/1.1\r\nHost: localhost\r\n\r\n'])
    await new Promise<void>((resolve) => {
      socket.write(text, () => resolve());
    });
  expect(await answer).toMatch(/^HTTP\/1.1 404 /);
  socket.destroy();
});

test('lives on after an answer that HTTP cannot carry', async () => {
  const answer = { status: 200, headers: { 'content-type': 'a\r\nb: c' }, body: '' };
  const { url } = await start({ dispatcher: { handle: async () => answer } });
  expect(await send(url)).toMatchObject({
    status: 500,
    body: expect.stringContaining('cannot be written'),
  });
  expect((await send(`${url}/_emulator/health`)).status).toBe(200);
});

test('dates its answers by the emulated clock', async () => {
  const { url, clock } = await start();
  await clock.advance(90_000);
  const { headers } = await send(`${url}/_emulator/health`);
  expect(headers.date).toBe('Mon, 01 Jan 2035 00:01:30 GMT');
});

test.each([
  ['a foreign origin', { origin: 'https://example.com' }],
  ['an opaque origin', { origin: 'null' }],
  ['a host that is not this machine', { host: 'rebound.example.com:4566' }],
  ['a host that only looks like this machine', { host: '127.0.0.1.example.com' }],
  ['a request that a page of another site makes', { 'sec-fetch-site': 'cross-site' }],
])('refuses %s', async (_what, headers) => {
  const { url } = await start();
  const answer = await send(`${url}/_emulator/health`, { headers });
  expect(answer.status).toBe(403);
  expect(JSON.parse(answer.body).message).toMatch(/this machine|another site/);
});

test.each([
  ['localhost', { host: 'localhost:4566' }],
  ['a name below localhost', { host: 'bucket.localhost' }],
  ['a host in capitals', { host: 'LOCALHOST:4566' }],
  ['IPv6 loopback', { host: '[::1]:4566' }],
  ['an origin on this machine', { origin: 'http://localhost:3000' }],
])('accepts %s', async (_what, headers) => {
  const { url } = await start();
  expect((await send(`${url}/_emulator/health`, { headers })).status).toBe(200);
});

test('answers a long poll when it is woken', async () => {
  const { url, polls, polled } = await start();
  const pollStarted = polled();
  const received = queueClient(url).receiveMessage({ QueueUrl: `${url}/1/q`, WaitTimeSeconds: 20 });
  await pollStarted;
  polls[0]?.wake('arrived');
  expect((await received).Messages?.[0]?.Body).toBe('arrived');
});

test('tells a long poll when its caller hangs up', async () => {
  const { url, polls, polled } = await start();
  const pollStarted = polled();
  const aborter = new AbortController();
  const received = queueClient(url).receiveMessage(
    { QueueUrl: `${url}/1/q` },
    { abortSignal: aborter.signal },
  );
  await pollStarted;
  const { signal } = polls[0] ?? {};
  const told = new Promise((resolve) => signal?.addEventListener('abort', resolve));
  aborter.abort();
  await expect(received).rejects.toThrow(/abort/i);
  await told;
});

test.each(['http', 'https'])(
  'tells a long poll when its caller resets a stream of HTTP/2 over %s',
  async (scheme) => {
    const { url, polls, polled } = await start();
    const ca = await readFile(await certificateAuthority.caFile(), 'utf8');
    const pollStarted = polled();
    const session = connectHttp2(url.replace('http', scheme), { ca });
    const stream = session.request({
      ':method': 'POST',
      ':path': '/',
      'x-amz-target': 'AmazonSQS.ReceiveMessage',
      'content-type': 'application/x-amz-json-1.0',
    });
    stream.end(JSON.stringify({ QueueUrl: `${url}/1/q`, WaitTimeSeconds: 20 }));
    await pollStarted;
    const { signal } = polls[0] ?? {};
    const told = new Promise((resolve) => signal?.addEventListener('abort', resolve));
    stream.close(constants.NGHTTP2_CANCEL);
    await told;
    session.destroy();
  },
);

test('stops while connections are idle and polls are parked', async () => {
  const { gateway, url, polled } = await start();
  const client = queueClient(url);
  await client.listQueues({});
  const pollStarted = polled();
  const received = client.receiveMessage({ QueueUrl: `${url}/1/q` });
  await pollStarted;
  await gateway.stop();
  await expect(received).rejects.toThrow();
});

test('fails with the port when it is in use', async () => {
  const other = createServer();
  const port = await new Promise<number>((resolve) =>
    other.listen(0, '127.0.0.1', () => {
      const address = other.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    }),
  );
  await expect(start({ port })).rejects.toThrow(`Port ${port} on 127.0.0.1 is in use`);
  await new Promise((resolve) => other.close(resolve));
});

test('holds calls of actors at the gate, and tells it when they are answered', async () => {
  const events: string[] = [];
  let letIn: () => void = () => {};
  let arrived: () => void = () => {};
  const arrival = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  let written: () => void = () => {};
  const answered = new Promise<void>((resolve) => {
    written = resolve;
  });
  const { url, origins } = await start({
    callGate: {
      enter(actorId, sequence) {
        events.push(`${actorId} enters with ${sequence}`);
        arrived();
        return new Promise((resolve) => {
          letIn = resolve;
        });
      },
      answered(actorId) {
        events.push(`${actorId} answered`);
        written();
      },
    },
  });
  const response = send(url, {
    method: 'POST',
    headers: {
      'x-amz-target': 'AmazonSQS.ListQueues',
      'x-emulator-actor': 'worker-1',
      'x-emulator-sequence': '7',
    },
    body: '{}',
  });
  await arrival;
  expect(origins).toEqual([]);
  letIn();
  expect((await response).status).toBe(200);
  await answered;
  expect(events).toEqual(['worker-1 enters with 7', 'worker-1 answered']);
});

describe('control routes', () => {
  test('move the manual clock', async () => {
    const { url, clock } = await start();
    const before = clock.now();
    const { body } = await send(`${url}/_emulator/clock`, {
      method: 'POST',
      body: '{"advance":5000}',
    });
    expect(clock.now()).toBe(before + 5000);
    expect(JSON.parse(body)).toEqual({ kind: 'manual', rate: 0, now: '2035-01-01T00:00:05.000Z' });
  });

  test.each(['{"advance":-1}', '{"advance":1e400}', '{}', 'nonsense'])(
    'fail with 400 for the body %s',
    async (body) => {
      const { url } = await start();
      const answer = await send(`${url}/_emulator/clock`, { method: 'POST', body });
      expect(answer.status).toBe(400);
    },
  );

  test('show the journal of a message', async () => {
    const { url, journal } = await start();
    journal.record('sent', 'm-1', 'arn:aws:sqs:::q');
    journal.record('sent', 'm-2', 'arn:aws:sqs:::q');
    const { body } = await send(`${url}/_emulator/journal?messageId=m-2`);
    expect(JSON.parse(body).hops).toMatchObject([{ messageId: 'm-2', kind: 'sent' }]);
  });

  test('answer HEAD as they answer GET', async () => {
    const { url } = await start();
    expect(await send(`${url}/_emulator/health`, { method: 'HEAD' })).toMatchObject({
      status: 200,
      body: '',
    });
  });

  test('can be added to', async () => {
    const { gateway, url } = await start();
    gateway.addControlRoute('POST', 'faults', ({ body }) => ({ status: 202, body: { got: body } }));
    const answer = await send(`${url}/_emulator/faults`, { method: 'POST', body: '{"a":1}' });
    expect(answer).toMatchObject({ status: 202, body: '{"got":{"a":1}}' });
  });

  test('name those that there are when one is unknown', async () => {
    const { url } = await start();
    const answer = await send(`${url}/_emulator/nonsense`);
    expect(answer.status).toBe(404);
    expect(answer.body).toContain('GET /_emulator/health');
  });
});
