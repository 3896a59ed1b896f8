import { createServer, type IncomingMessage } from 'node:http';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

const { PORT, QUEUE_URL } = process.env;
const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });

/** Takes orders in: an order that is answered with 202 is in the queue, and will be in the database. */
const server = createServer(async (request, response) => {
  if (request.method === 'GET' && request.url === '/health') {
    response.end('ok');
    return;
  }
  if (request.method !== 'POST' || request.url !== '/orders') {
    response.writeHead(404).end();
    return;
  }
  try {
    const MessageBody = await bodyOf(request);
    const { MessageId } = await sqs.send(
      new SendMessageCommand({ QueueUrl: QUEUE_URL, MessageBody }),
    );
    response.writeHead(202, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ accepted: MessageId }));
  } catch (error) {
    console.error(error);
    response.writeHead(503).end();
  }
});

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

server.listen(Number(PORT));
process.once('SIGTERM', () => server.close());
