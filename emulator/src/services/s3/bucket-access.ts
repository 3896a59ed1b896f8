import { ServiceError } from '../../protocol/errors';
import type { CallContext } from '../../protocol/handlers';
import type { Bucket } from './bucket';
import type { Buckets } from './buckets';
import type { LifecycleRunner } from './lifecycle-runner';

/** What is to be known of a call on a bucket. */
export type BucketCall = Pick<CallContext, 'authorize' | 'operation' | 'region'>;

/** Opens buckets to callers who may do what they ask for. */
export class BucketAccess {
  constructor(
    readonly buckets: Buckets,
    readonly lifecycle: LifecycleRunner,
  ) {}

  /**
   * The bucket, for an operation on the bucket itself.
   *
   * @throws AccessDenied, NoSuchBucket, PermanentRedirect for a bucket of another region
   */
  bucket(
    context: BucketCall,
    action: string,
    input: { readonly Bucket: string; readonly ExpectedBucketOwner?: string | undefined },
  ): Bucket {
    context.authorize(action, `arn:aws:s3:::${input.Bucket}`);
    return this.open(context, input);
  }

  /** The bucket, for an operation on one of its objects. */
  forObject(
    context: BucketCall,
    action: string,
    input: {
      readonly Bucket: string;
      readonly Key: string;
      readonly ExpectedBucketOwner?: string | undefined;
    },
  ): Bucket {
    context.authorize(action, `arn:aws:s3:::${input.Bucket}/${input.Key}`);
    if (Buffer.byteLength(input.Key) > 1024)
      throw new ServiceError('KeyTooLongError', 'Your key is too long', { status: 400 });
    return this.open(context, input);
  }

  /**
   * Finds an object. That there is none is told only to those who may list the bucket.
   *
   * @throws AccessDenied for everybody else
   * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
   */
  tellingOfMissing<T>(context: CallContext, bucket: Bucket, find: () => T): T {
    try {
      return find();
    } catch (error) {
      if (error instanceof ServiceError && ['NoSuchKey', 'NotFound'].includes(error.code))
        context.authorize('s3:ListBucket', bucket.arn);
      throw error;
    }
  }

  private open(
    context: BucketCall,
    input: { readonly Bucket: string; readonly ExpectedBucketOwner?: string | undefined },
  ): Bucket {
    const bucket = this.buckets.get(input.Bucket);
    if (bucket.region !== context.region && context.operation !== 'GetBucketLocation')
      throw new ServiceError(
        'PermanentRedirect',
        `The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint. (The bucket ${bucket.name} is in ${bucket.region}.)`,
        { status: 301 },
      );
    const { ExpectedBucketOwner: owner } = input;
    if (owner !== undefined && owner !== bucket.account)
      throw new ServiceError('AccessDenied', 'Access Denied', { status: 403 });
    this.lifecycle.apply(bucket);
    return bucket;
  }
}
