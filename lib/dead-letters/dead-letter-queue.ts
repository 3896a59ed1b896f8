import { Duration, type RemovalPolicy, Validations } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** A queue for what could not be delivered. */
export interface DeadLetterQueueOptions {
  /** What it is the dead-letter queue of, as the end of a sentence. */
  readonly of: string;
  /** @default false */
  readonly fifo?: boolean;
  /** @default - a key that SQS owns */
  readonly encryptionKey?: kms.IKey;
  readonly removalPolicy?: RemovalPolicy;
}

/** Makes a dead-letter queue: it keeps messages for 14 days, encrypted. */
export function makeDeadLetterQueue(
  scope: Construct,
  id: string,
  { encryptionKey, fifo, of, removalPolicy }: DeadLetterQueueOptions,
): sqs.Queue {
  const queue = new sqs.Queue(scope, id, {
    fifo: fifo === true ? true : undefined,
    retentionPeriod: Duration.days(14),
    enforceSSL: true,
    removalPolicy,
    ...(encryptionKey === undefined
      ? { encryption: sqs.QueueEncryption.SQS_MANAGED }
      : { encryption: sqs.QueueEncryption.KMS, encryptionMasterKey: encryptionKey }),
  });
  Validations.of(queue).acknowledge(
    {
      id: 'AwsSolutions-SQS3',
      reason: `It is a dead-letter queue: of ${of}.`,
    },
    {
      id: 'Serverless-SQSRedrivePolicy',
      reason: 'It is a dead-letter queue: its messages are looked at and sent again by hand.',
    },
  );
  return queue;
}
