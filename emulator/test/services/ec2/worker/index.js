// The program that the tests of instances run: it tells what it finds, works off a queue and says goodbye.
const { SQS } = require('@aws-sdk/client-sqs');
const { STS } = require('@aws-sdk/client-sts');

const { ANSWERS: answers, JOBS: jobs } = process.env;
const sqs = new SQS({});
let leaving = false;

const tell = (what) => sqs.sendMessage({ QueueUrl: answers, MessageBody: JSON.stringify(what) });

/** In the embedded metric format. */
const metric = (name, value) => ({
  _aws: {
    Timestamp: Date.now(),
    CloudWatchMetrics: [{ Namespace: 'Server', Dimensions: [[]], Metrics: [{ Name: name }] }],
  },
  [name]: value,
});

async function main() {
  const { Arn: arn } = await new STS({}).getCallerIdentity({});
  const start = Date.now();
  await new Promise((resolve) => setTimeout(resolve, 6000));
  await tell({
    hello: arn,
    metadata: process.env.AWS_EC2_METADATA_SERVICE_ENDPOINT,
    slept: Date.now() - start,
    now: Date.now(),
    port: process.env.PORT,
  });
  console.log('working');
  console.log(JSON.stringify(metric('Jobs', 1)));
  while (!leaving) {
    const { Messages: [message] = [] } = await sqs.receiveMessage({
      QueueUrl: jobs,
      WaitTimeSeconds: 20,
    });
    if (!message) continue;
    if (message.Body === 'crash') {
      await sqs.deleteMessage({ QueueUrl: jobs, ReceiptHandle: message.ReceiptHandle });
      process.exit(3);
    }
    await tell({ done: message.Body });
    await sqs.deleteMessage({ QueueUrl: jobs, ReceiptHandle: message.ReceiptHandle });
  }
}

process.on('SIGTERM', async () => {
  leaving = true;
  await tell({ goodbye: true });
  console.log('leaving');
  process.exit(0);
});
main();
