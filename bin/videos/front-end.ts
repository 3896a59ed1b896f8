import { createServer } from 'node:http';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

const { PORT, QUEUE_URL } = process.env;
const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });

/** Takes requests in: `POST /videos/<key>` for a video that has been uploaded, answered as soon as SQS has taken the message. */
const server = createServer(async ({ method, url = '' }, response) => {
  const key = /^\/videos\/([\w.-]+)$/.exec(url)?.[1];
  if (method === 'GET' && url === '/health') {
    response.end('ok');
  } else if (method !== 'POST' || key === undefined) {
    response.writeHead(404).end();
  } else {
    try {
      await sqs.send(
        new SendMessageCommand({ QueueUrl: QUEUE_URL, MessageBody: JSON.stringify({ key }) }),
      );
      response.writeHead(202).end();
    } catch (error) {
      console.error(error);
      response.writeHead(503).end();
    }
  }
});

server.listen(Number(PORT));
process.once('SIGTERM', () => server.close());
