import type { Clock } from '../../clock/clock';
import { ServiceError } from '../../protocol/errors';
import type { RandomSource } from '../../random/random';
import { Bucket } from './bucket';
import { noSuchBucket } from './errors';

/** All buckets: their names are unique over all accounts and regions. */
export class Buckets {
  private readonly byName = new Map<string, Bucket>();

  constructor(
    private readonly clock: Clock,
    private readonly random: RandomSource,
  ) {}

  find(name: string): Bucket | undefined {
    return this.byName.get(name);
  }

  /** @throws NoSuchBucket */
  get(name: string): Bucket {
    const bucket = this.find(name);
    if (!bucket) throw noSuchBucket();
    return bucket;
  }

  /** By name. */
  all(): Bucket[] {
    return [...this.byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** @throws InvalidBucketName, BucketAlreadyExists, BucketAlreadyOwnedByYou */
  create(name: string, account: string, region: string, implied = false): Bucket {
    checkBucketName(name);
    const existing = this.find(name);
    if (existing) throw alreadyThere(existing, account);
    const random = this.random.stream(`s3/${name}/versions`);
    const now = this.clock.now();
    const bucket = new Bucket(name, account, region, now, implied, this.clock, random);
    this.byName.set(name, bucket);
    return bucket;
  }

  /** @throws BucketNotEmpty, also while only old versions or delete markers are left */
  delete(bucket: Bucket): void {
    if (!bucket.empty)
      throw new ServiceError(
        'BucketNotEmpty',
        bucket.settings.versioning === undefined
          ? 'The bucket you tried to delete is not empty'
          : 'The bucket you tried to delete is not empty. You must delete all versions in the bucket.',
        { status: 409 },
      );
    this.byName.delete(bucket.name);
  }
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
function checkBucketName(name: string): void {
  const wellFormed =
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    !name.includes('..') &&
    !/^\d+\.\d+\.\d+\.\d+$/.test(name) &&
    !/^(xn--|sthree-|amzn-s3-demo-)/.test(name) &&
    !/(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name);
  if (!wellFormed)
    throw new ServiceError('InvalidBucketName', 'The specified bucket is not valid.', {
      status: 400,
    });
}

function alreadyThere(existing: Bucket, account: string): ServiceError {
  if (existing.account === account)
    return new ServiceError(
      'BucketAlreadyOwnedByYou',
      'Your previous request to create the named bucket succeeded and you already own it.',
      { status: 409 },
    );
  return new ServiceError(
    'BucketAlreadyExists',
    'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.',
    { status: 409 },
  );
}
