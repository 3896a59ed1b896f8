// A load of SendMessage, ReceiveMessage and DeleteMessage over keep-alive connections, with the headers that
// the AWS SDK sends, from as thin a client as Node has: the SDK itself costs the client many times what the
// server costs.
import { Agent, request } from 'node:http';
import { inLoops } from './contestants.mjs';

const body = 'x'.repeat(200);

/** One JSON 1.0 call. */
function call(agent, port, operation, input) {
  const payload = JSON.stringify(input);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        agent,
        host: '127.0.0.1',
        port,
        method: 'POST',
        path: '/',
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': `AmazonSQS.${operation}`,
          'x-amz-user-agent': 'aws-sdk-js/3.1142.0',
          'user-agent':
            'aws-sdk-js/3.1142.0 ua/2.1 os/linux#6.1 lang/js md/nodejs#20.20.2 api/sqs#3.1142.0 m/E,n',
          'amz-sdk-invocation-id': '3f1c9a9e-1f5f-4a8d-9a62-3a1f8f7a2f11',
          'amz-sdk-request': 'attempt=1; max=3',
          'x-amz-date': '20261120T120000Z',
          'x-amz-content-sha256':
            'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
          authorization:
            'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261120/us-east-1/sqs/aws4_request, SignedHeaders=host;x-amz-date, Signature=fe5f80f77d5fa3beca038a248ff027d0445342fe2855ddc963176630326f1024',
          'content-length': Buffer.byteLength(payload),
        },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => {
          if (response.statusCode === 200) resolve(text === '' ? {} : JSON.parse(text));
          else reject(new Error(`${operation}: HTTP ${response.statusCode} ${text}`));
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(payload);
  });
}

/** Makes a client of a server, with connections of its own. */
export function sqsClient(port, connections = 16) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  return {
    call: (operation, input) => call(agent, port, operation, input),
    close: () => agent.destroy(),
  };
}

/**
 * Runs `cycles` of send, receive and delete from `concurrency` loops.
 *
 * @returns the number of requests and the latencies of sends and receives in milliseconds
 */
export async function sendReceiveDelete(client, queueUrl, cycles, concurrency = 16) {
  const latencies = { send: [], receive: [] };
  const timed = async (list, run) => {
    const start = performance.now();
    const result = await run();
    list.push(performance.now() - start);
    return result;
  };
  await inLoops(cycles, concurrency, async () => {
    await timed(latencies.send, () =>
      client.call('SendMessage', { QueueUrl: queueUrl, MessageBody: body }),
    );
    const { Messages = [] } = await timed(latencies.receive, () =>
      client.call('ReceiveMessage', { QueueUrl: queueUrl, MaxNumberOfMessages: 1 }),
    );
    if (Messages.length !== 1) throw new Error(`received ${Messages.length} messages`);
    await client.call('DeleteMessage', {
      QueueUrl: queueUrl,
      ReceiptHandle: Messages[0].ReceiptHandle,
    });
  });
  return { requests: cycles * 3, latencies };
}

/** The value below which the share `p` of the values lies. */
export function percentile(values, p) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))];
}

/** The middle value. */
export const median = (values) => percentile(values, 0.5);
