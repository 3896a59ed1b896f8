// What a call through the AWS SDK costs without a socket, beside the same call over HTTP to an emulator in another process.
import { CreateQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { Emulator } from 'cdk-decouple-emulator';
import { freePort, startServer } from './lib/server-process.mjs';
import { median } from './lib/sqs-load.mjs';

const calls = 4_000;

async function microsecondsPerSend(sqs) {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'bench' }));
  const durations = [];
  for (let i = 0; i < calls * 2; i++) {
    const start = performance.now();
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x'.repeat(200) }));
    // The first half warms up.
    if (i >= calls) durations.push((performance.now() - start) * 1000);
  }
  return median(durations);
}

/** @returns median microseconds of a SendMessage */
export async function sdkRoundTrip() {
  const aws = await Emulator.start();
  const inProcess = await microsecondsPerSend(aws.client(SQSClient));
  await aws.stop();
  const port = await freePort();
  const server = await startServer(
    'emulator',
    ['emulator/dist/cli.js', '--port', String(port)],
    port,
  );
  const sqs = new SQSClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const overHttp = await microsecondsPerSend(sqs);
  sqs.destroy();
  await server.stop();
  return { inProcessMicroseconds: inProcess, overHttpMicroseconds: overHttp };
}
