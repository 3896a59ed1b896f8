import { readFile } from 'node:fs/promises';
import { Agent } from 'node:https';
import { createServer } from 'node:net';
import { CreateQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { CertificateAuthority } from '../../src/gateway/certificate-authority';
import { runCli, ServerProcess } from './server-process';

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

describe('the emulator as a process of its own', () => {
  test('answers the SDK over HTTP and over TLS on one port, and stops when asked', async () => {
    const server = await ServerProcess.start();
    const ca = await readFile(await new CertificateAuthority().caFile());
    for (const endpoint of [server.endpoint, server.tlsEndpoint]) {
      const sqs = new SQSClient({
        endpoint,
        region: 'eu-central-1',
        credentials,
        requestHandler: new NodeHttpHandler({ httpsAgent: new Agent({ ca }) }),
      });
      const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'jobs' }));
      // Queue URLs carry the origin under which the caller has reached us.
      expect(QueueUrl).toBe(`${endpoint}/000000000000/jobs`);
      const { MD5OfMessageBody } = await sqs.send(
        new SendMessageCommand({ QueueUrl, MessageBody: 'hello' }),
      );
      expect(MD5OfMessageBody).toBe('5d41402abc4b2a76b9719d911017c592');
      sqs.destroy();
    }
    expect(await server.stop()).toBe(0);
  }, 20_000);

  test('moves its manual clock over HTTP, for tests in other languages', async () => {
    const server = await ServerProcess.start('--clock', 'manual');
    const response = await fetch(`${server.endpoint}/_emulator/clock`, {
      method: 'POST',
      body: JSON.stringify({ advance: 90_000 }),
    });
    expect(await response.json()).toMatchObject({ now: '2035-01-01T00:01:30.000Z' });
    await server.stop();
  }, 20_000);

  test('refuses what a web page sends', async () => {
    const server = await ServerProcess.start();
    const response = await fetch(`${server.endpoint}/_emulator/health`, {
      headers: { origin: 'https://example.com' },
    });
    expect(response.status).toBe(403);
    await server.stop();
  }, 20_000);

  test('says in one line that a port is taken, with exit code 2', async () => {
    const occupant = createServer();
    occupant.unref();
    await new Promise<void>((resolve) => occupant.listen(0, '127.0.0.1', resolve));
    const address = occupant.address();
    const port = typeof address === 'object' && address ? String(address.port) : '';
    const { code, stderr } = await runCli('--port', port);
    expect(code).toBe(2);
    expect(stderr).toMatch(new RegExp(`^cdk-decouple-emulator: Port ${port} .* in use.*\n$`));
    occupant.close();
  }, 20_000);

  test.each([
    [
      ['--clock', 'fast'],
      2,
      'stderr',
      /^cdk-decouple-emulator: --clock takes system, manual or xN.*\n$/,
    ],
    [
      ['--host', 'nowhere.invalid'],
      2,
      'stderr',
      /^cdk-decouple-emulator: getaddrinfo \w+ nowhere.invalid\n$/,
    ],
    [['--help'], 0, 'stdout', /Usage: cdk-decouple-emulator/],
    [['--version'], 0, 'stdout', /^\d+\.\d+\.\d+\n$/],
  ] as const)(
    '%j ends with its exit code and text',
    async (args, code, stream, text) => {
      const result = await runCli(...args);
      expect(result.code).toBe(code);
      expect(result[stream]).toMatch(text);
    },
    20_000,
  );
});
