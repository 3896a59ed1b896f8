// Publishing over keep-alive connections in the query protocol, as the SDK's client of SNS speaks it, from as thin a client as Node has.
import { Agent, request } from 'node:http';
import { inLoops } from './contestants.mjs';

/** A client that publishes to a topic. */
export function snsPublisher(port, topicArn) {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const payload = new URLSearchParams({
    Action: 'Publish',
    Version: '2010-03-31',
    TopicArn: topicArn,
    Message: 'x'.repeat(200),
  }).toString();
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'x-amz-date': '20261120T120000Z',
    authorization:
      'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261120/us-east-1/sns/aws4_request, SignedHeaders=host;x-amz-date, Signature=fe5f80f77d5fa3beca038a248ff027d0445342fe2855ddc963176630326f1024',
    'content-length': Buffer.byteLength(payload),
  };
  const publish = () =>
    new Promise((resolve, reject) => {
      const outgoing = request(
        { agent, host: '127.0.0.1', port, method: 'POST', path: '/', headers },
        (response) => {
          response.resume();
          response.on('end', () =>
            response.statusCode === 200
              ? resolve()
              : reject(new Error(`Publish: HTTP ${response.statusCode}`)),
          );
        },
      );
      outgoing.on('error', reject);
      outgoing.end(payload);
    });
  return {
    /** Publishes so many messages, sixteen at a time. */
    publish: (messages) => inLoops(messages, 16, publish),
    close: () => agent.destroy(),
  };
}
