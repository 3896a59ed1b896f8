import type { Lambda } from '@aws-sdk/client-lambda';
import type { S3 } from '@aws-sdk/client-s3';
import { minute } from '../shop/demo';
import type { Span } from '../shop/line-chart';

/** When the bucket does not let anybody write. */
export const closedBucket: Span = { from: 4 * minute, to: 8 * minute };

/** When the stream gets twice as many shards. */
export const resharding = 7 * minute;

/** When the function may not run. */
export const stoppedFunction: Span = { from: 10 * minute, to: 13 * minute };

/** When what could not be transformed meanwhile is put into the stream again. */
export const puttingAgain = 17 * minute;

interface Policy {
  readonly Statement: readonly object[];
}

/**
 * Denies everybody to write to a bucket, as a mistake in a console would.
 *
 * @returns what puts the policy back
 */
export async function closeBucket(s3: S3, Bucket: string): Promise<() => Promise<void>> {
  const { Policy: before = '' } = await s3.getBucketPolicy({ Bucket });
  const policy = JSON.parse(before) as Policy;
  const denial = {
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:PutObject',
    Resource: `arn:aws:s3:::${Bucket}/*`,
  };
  await s3.putBucketPolicy({
    Bucket,
    Policy: JSON.stringify({ ...policy, Statement: [...policy.Statement, denial] }),
  });
  return async () => {
    await s3.putBucketPolicy({ Bucket, Policy: before });
  };
}

/**
 * Takes all concurrency from a function, as somebody would who wants it to stop.
 *
 * @returns what gives it back
 */
export async function stopFunction(
  lambda: Lambda,
  FunctionName: string,
): Promise<() => Promise<void>> {
  await lambda.putFunctionConcurrency({ FunctionName, ReservedConcurrentExecutions: 0 });
  return async () => {
    await lambda.deleteFunctionConcurrency({ FunctionName });
  };
}
