import type { FailureDestinations } from '../services/lambda';
import type { S3Service } from '../services/s3';
import type { SnsService } from '../services/sns';
import type { SqsService } from '../services/sqs';

/** Where mappings of Lambda tell of batches that they gave up: queues, topics and buckets. */
export function failureDestinations({
  s3,
  sns,
  sqs,
}: {
  readonly s3: S3Service;
  readonly sns: SnsService;
  readonly sqs: SqsService;
}): FailureDestinations {
  return {
    send(arn, message, caller) {
      const isQueue = arn.split(':')[2] === 'sqs';
      if (isQueue) sqs.queueSender.send(arn, { MessageBody: message }, caller);
      else sns.publish(arn, { text: message }, caller);
    },
    store(bucketArn, key, text, caller) {
      const [bucket = ''] = bucketArn.split(':').slice(-1);
      s3.putAs({ bucket, key, body: Buffer.from(text), contentType: 'application/json' }, caller);
    },
  };
}
