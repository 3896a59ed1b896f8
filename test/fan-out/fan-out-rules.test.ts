import { App, Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { FanOut, type FanOutProps } from 'cdk-decouple';
import { failuresOf, functionIn, stackWith } from './support';

describe('fails when', () => {
  const made = (props: FanOutProps) => () => new FanOut(new Stack(new App(), 'Test'), 'x', props);
  const added = (props: FanOutProps, add: (orders: FanOut, stack: Stack) => unknown) => () => {
    const { orders, stack } = stackWith(props);
    return add(orders, stack);
  };
  const topic = () => new sns.Topic(new Stack(new App(), 'Other'), 'Topic');

  test.each<[string, () => unknown, RegExp]>([
    [
      'a topic that exists gets a name',
      made({ topic: topic(), topicName: 'x' }),
      /topicName cannot be applied/,
    ],
    ['the name has a space', made({ topicName: 'a b' }), /topicName must be 1 to 256/],
    [
      'the name of a FIFO topic lacks its end',
      made({ fifo: true, topicName: 'a' }),
      /must end in \.fifo/,
    ],
    [
      'the name of a standard topic ends in .fifo',
      made({ topicName: 'a.fifo' }),
      /must not end in \.fifo/,
    ],
    [
      'a standard topic deduplicates',
      made({ contentBasedDeduplication: true }),
      /are for FIFO topics/,
    ],
    [
      'messages are too large',
      made({ maxMessageSizeBytes: 1_048_577 }),
      /between 1,024 and 1,048,576/,
    ],
    [
      'a FIFO queue is subscribed to a standard topic',
      added({}, (orders) => orders.addQueue('Q', { fifo: true })),
      /cannot be subscribed to a standard topic/,
    ],
    [
      'a FIFO queue that exists is subscribed to a standard topic',
      added({}, (orders, stack) =>
        orders.addExistingQueue('Q', new sqs.Queue(stack, 'Q', { fifo: true })),
      ),
      /cannot be subscribed to a standard topic/,
    ],
    [
      'a function is subscribed to a FIFO topic',
      added({ fifo: true }, (orders, stack) => orders.addFunction('F', functionIn(stack))),
      /a FIFO topic delivers to queues only/,
    ],
    [
      'a bucket publishes to a FIFO topic',
      added({ fifo: true }, (orders, stack) => orders.addBucketSource(new s3.Bucket(stack, 'B'))),
      /S3 cannot send event notifications to a FIFO topic/,
    ],
    [
      'an email subscribes to large messages',
      added({ maxMessageSizeBytes: 300_000 }, (orders) => orders.addEmail('M', 'a@b.c')),
      /not by email/,
    ],
    ['a URL is http', added({}, (orders) => orders.addHttpEndpoint('H', 'http://x')), /use https/],
    [
      'a URL is none',
      added({}, (orders) => orders.addHttpEndpoint('H', 'ftp://x')),
      /must begin with https/,
    ],
    [
      'an address is none',
      added({}, (orders) => orders.addEmail('M', 'a')),
      /must be an email address/,
    ],
    ['a number is none', added({}, (orders) => orders.addSms('S', '555')), /E\.164/],
    [
      "a dead-letter queue is not of the topic's type",
      added({}, (orders, stack) =>
        orders.addEmail('M', 'a@b.c', {
          deadLetterQueue: new sqs.Queue(stack, 'Q', { fifo: true }),
        }),
      ),
      /deadLetterQueue must be a standard queue/,
    ],
    ['an account is none', added({}, (orders) => orders.allowSubscriptionsOf('1')), /12 digits/],
  ])('%s', (_name, attempt, message) => {
    expect(failuresOf(attempt)).toEqual([expect.stringMatching(message)]);
  });
});
