// The ceiling: node:http that reads the body and answers with fixed JSON that suits all three calls.
import { createServer } from 'node:http';

const answer = JSON.stringify({
  MessageId: '11111111-2222-4333-8444-555555555555',
  MD5OfMessageBody: '0cc175b9c0f1b6a831c399e269772661',
  QueueUrl: 'http://127.0.0.1/000000000000/bench',
  Messages: [
    {
      MessageId: '11111111-2222-4333-8444-555555555555',
      ReceiptHandle: 'x'.repeat(200),
      MD5OfBody: '0cc175b9c0f1b6a831c399e269772661',
      Body: 'x'.repeat(200),
    },
  ],
});

createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    Buffer.concat(chunks);
    response.writeHead(200, {
      'content-type': 'application/x-amz-json-1.0',
      'content-length': answer.length,
    });
    response.end(answer);
  });
}).listen(Number(process.argv[2]), '127.0.0.1');
