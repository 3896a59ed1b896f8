// CPU time that the server spends per delivery when a topic has 1, 10 and 100 queues, over HTTP: this emulator (policies, journal
// and signatures on) and fauxqs, in turn within one run. Once up to where every message is in its queue, once with every message
// received and deleted, too: signatures are made when somebody reads.
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { emulators, withServers } from './lib/contestants.mjs';
import { snsPublisher } from './lib/sns-load.mjs';
import { median } from './lib/sqs-load.mjs';

const rounds = 3;
// Both servers' code is compiled by then.
const warmUpRounds = 3;
// By queues: CPU time is told in hundredths of a second, and one delivery of many takes little of it.
const deliveriesPerRound = { 1: 10_000, 10: 30_000, 100: 30_000 };

/** @returns one row for each number of queues: deliveries per CPU second of both servers */
export function snsFanOut() {
  return withServers(emulators, async (servers) => {
    const rows = [];
    for (const queues of [1, 10, 100]) {
      const runs = [];
      for (const server of servers) runs.push(await prepare(server, queues));
      for (let round = 0; round < warmUpRounds + rounds; round++)
        for (const run of runs) await measure(run, round >= warmUpRounds);
      rows.push({
        queues,
        servers: runs.map(({ server, delivered, received }) => ({
          server: server.name,
          deliveredPerCpuSecond: Math.round(median(delivered)),
          receivedPerCpuSecond: Math.round(median(received)),
        })),
      });
      for (const { publisher } of runs) publisher.close();
    }
    return rows;
  });
}

async function prepare(server, queues) {
  const settings = {
    endpoint: `http://127.0.0.1:${server.port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  const sns = new SNSClient(settings);
  const sqs = new SQSClient(settings);
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: `bench-${queues}` }));
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: '*',
        Condition: { ArnEquals: { 'aws:SourceArn': TopicArn } },
      },
    ],
  });
  const urls = [];
  for (let index = 0; index < queues; index++) {
    const QueueName = `bench-${queues}-${index}`;
    const { QueueUrl } = await sqs.send(
      new CreateQueueCommand({ QueueName, Attributes: { Policy } }),
    );
    const Endpoint = `arn:aws:sqs:us-east-1:000000000000:${QueueName}`;
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint }));
    urls.push(QueueUrl);
  }
  const publisher = snsPublisher(server.port, TopicArn);
  return { server, sqs, urls, publisher, delivered: [], received: [] };
}

async function measure({ server, sqs, urls, publisher, delivered, received }, counts) {
  const messages = deliveriesPerRound[urls.length] / urls.length;
  const deliveries = messages * urls.length;
  const before = server.cpuSeconds();
  await publisher.publish(messages);
  await arrived(sqs, urls, messages);
  const published = server.cpuSeconds() - before;
  await Promise.all(urls.map((url) => drain(sqs, url, messages)));
  if (!counts) return;
  delivered.push(deliveries / published);
  received.push(deliveries / (server.cpuSeconds() - before));
}

/** Waits until the last queue has all messages. */
async function arrived(sqs, urls, messages) {
  for (;;) {
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: urls.at(-1),
        AttributeNames: ['ApproximateNumberOfMessages'],
      }),
    );
    if (Number(Attributes.ApproximateNumberOfMessages) >= messages) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function drain(sqs, QueueUrl, messages) {
  for (let taken = 0; taken < messages; ) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    if (Messages.length === 0) throw new Error(`${QueueUrl} has ${messages - taken} too few`);
    taken += Messages.length;
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({
      Id: String(index),
      ReceiptHandle,
    }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
}
