import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetQueueAttributesCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { WorkQueue } from 'cdk-decouple';
import { Emulator } from 'cdk-decouple-emulator';

const PACKAGE = join(__dirname, '../../dist/assets/worker/index.js');

let aws: Emulator;
let directory: string;
beforeEach(async () => {
  aws = await Emulator.start();
  directory = await mkdtemp(join(tmpdir(), 'worker-'));
});
afterEach(async () => {
  await aws.stop();
  await rm(directory, { recursive: true });
});

async function deployQueue(fifo: boolean): Promise<string> {
  const stack = new Stack(new App(), 'Jobs');
  const { queue } = new WorkQueue(stack, 'Jobs', { fifo });
  new CfnOutput(stack, 'Url', { value: queue.queueUrl });
  return (await aws.deploy(stack)).output('Url');
}

async function send(QueueUrl: string, count: number): Promise<void> {
  const sqs = aws.client(SQSClient);
  for (let first = 0; first < count; first += 10) {
    const ids = Array.from({ length: 10 }, (_, index) => String(first + index));
    await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: ids.map((id) => ({
          Id: id,
          MessageBody: id,
          ...(QueueUrl.endsWith('.fifo') && {
            MessageGroupId: String(Number(id) % 3),
            MessageDeduplicationId: id,
          }),
        })),
      }),
    );
  }
}

/** A worker in a process of its own, with the package as it is published; ends it by SIGTERM when it has written so many lines. */
async function handledBy(
  queueUrl: string,
  count: number,
): Promise<{ lines: string[]; code: number }> {
  const program = join(directory, 'main.cjs');
  await writeFile(
    program,
    `require(${JSON.stringify(PACKAGE)}).runWorker(
       async ({ Body }) => { process.stdout.write(Body + '\\n'); },
       { concurrency: 12, logger: { info() {}, warn: console.error, error: console.error } },
     );`,
  );
  const worker = spawn(process.execPath, [program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env.PATH,
      QUEUE_URL: queueUrl,
      AWS_ENDPOINT_URL: await aws.endpoint(),
      AWS_REGION: aws.region,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      AWS_SECRET_ACCESS_KEY: 'test',
    },
  });
  const lines: string[] = [];
  let rest = '';
  worker.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
    if (lines.length === count) worker.kill('SIGTERM');
  });
  const [code] = await once(worker, 'close');
  return { lines, code };
}

async function left(QueueUrl: string): Promise<number> {
  const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const { Attributes = {} } = await aws
    .client(SQSClient)
    .send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...names] }));
  return names.reduce((sum, name) => sum + Number(Attributes[name]), 0);
}

test('a process of its own works a queue off, each message once, and leaves when it is told to', async () => {
  const url = await deployQueue(false);
  await send(url, 60);
  const { code, lines } = await handledBy(url, 60);
  expect(code).toBe(0);
  expect(lines.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, i) => i));
  expect(await left(url)).toBe(0);
});

test('of a FIFO queue each message group comes in order', async () => {
  const url = await deployQueue(true);
  await send(url, 60);
  const { lines } = await handledBy(url, 60);
  for (const group of [0, 1, 2]) {
    const own = lines.map(Number).filter((id) => id % 3 === group);
    expect(own).toEqual(Array.from({ length: 20 }, (_, i) => i * 3 + group));
  }
  expect(await left(url)).toBe(0);
});
