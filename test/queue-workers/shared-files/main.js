// Writes what it takes from the queue into the directory that it shares, and answers with all that is there.
const fs = require('node:fs');
const { SQS } = require('@aws-sdk/client-sqs');

const { ANSWERS, QUEUE_URL: QueueUrl } = process.env;
const sqs = new SQS({});

async function work() {
  for (;;) {
    const { Messages = [] } = await sqs.receiveMessage({ QueueUrl, WaitTimeSeconds: 20 });
    for (const { Body, ReceiptHandle } of Messages) {
      fs.writeFileSync(`/mnt/videos/${Body}`, Body);
      const MessageBody = JSON.stringify(fs.readdirSync('/mnt/videos').sort());
      await sqs.sendMessage({ QueueUrl: ANSWERS, MessageBody });
      await sqs.deleteMessage({ QueueUrl, ReceiptHandle });
    }
  }
}

work();
