// A front end for the tests of load balancers: it says that it listens, and answers with the id of its instance.
const http = require('node:http');
const { SQS } = require('@aws-sdk/client-sqs');

async function instanceId() {
  const metadata = process.env.AWS_EC2_METADATA_SERVICE_ENDPOINT;
  const token = await fetch(`${metadata}/latest/api/token`, {
    method: 'PUT',
    headers: { 'X-aws-ec2-metadata-token-ttl-seconds': '60' },
  });
  const headers = { 'X-aws-ec2-metadata-token': await token.text() };
  return (await fetch(`${metadata}/latest/meta-data/instance-id`, { headers })).text();
}

async function main() {
  const id = await instanceId();
  const server = http.createServer((request, response) => {
    // Never answered; and broken off in the middle.
    if (request.url === '/silence') return;
    if (request.url === '/half') {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('half', () => response.destroy());
      return;
    }
    const from = request.headers['x-forwarded-for'];
    response.end(JSON.stringify({ id, path: request.url, from }));
  });
  server.listen(process.env.PORT, '127.0.0.1', async () => {
    await new SQS({}).sendMessage({ QueueUrl: process.env.LISTENING, MessageBody: id });
  });
}
main();
