import { NotImplementedError, ServiceError } from '../../protocol/errors';
import type { Handlers } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import { pageOf } from '../page';
import type { BucketAccess } from './bucket-access';
import { invalidArgument, notFound } from './errors';
import { checkTags } from './tags';

type S3 = typeof import('@aws-sdk/client-s3');

/** Making, finding and deleting buckets. */
export function bucketOperations(access: BucketAccess): Handlers<S3> {
  const { buckets } = access;
  return {
    CreateBucket(input, context) {
      acceptOnly('s3.CreateBucket', input, [
        'ACL',
        'Bucket',
        'CreateBucketConfiguration',
        'ObjectOwnership',
      ]);
      context.authorize('s3:CreateBucket', `arn:aws:s3:::${input.Bucket}`);
      if (input.ACL !== undefined && input.ACL !== 'private')
        throw new NotImplementedError(`ACL ${input.ACL} of s3.CreateBucket`);
      acceptOnly('s3.CreateBucket', input.CreateBucketConfiguration ?? {}, [
        'LocationConstraint',
        'Tags',
      ]);
      const region = chooseRegion(
        context.region,
        input.CreateBucketConfiguration?.LocationConstraint,
      );
      const existing = buckets.find(input.Bucket);
      // In us-east-1 alone, making one's own bucket again succeeds:
      // https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
      if (existing?.account === context.account && existing.region === region && region === home)
        return { Location: `/${existing.name}` };
      const tags = checkTags(input.CreateBucketConfiguration?.Tags ?? [], 50);
      const bucket = buckets.create(input.Bucket, context.account, region);
      bucket.settings.tags = tags;
      bucket.settings.ownership = input.ObjectOwnership ?? 'BucketOwnerEnforced';
      return {
        Location: region === home ? `/${bucket.name}` : `http://${bucket.name}.s3.amazonaws.com/`,
        BucketArn: bucket.arn,
      };
    },

    HeadBucket(input, context) {
      acceptOnly('s3.HeadBucket', input, ['Bucket', 'ExpectedBucketOwner']);
      try {
        const bucket = access.bucket(context, 's3:ListBucket', input);
        return { BucketArn: bucket.arn, BucketRegion: bucket.region, AccessPointAlias: false };
      } catch (error) {
        if (error instanceof ServiceError && error.code === 'NoSuchBucket') throw notFound();
        throw error;
      }
    },

    DeleteBucket(input, context) {
      acceptOnly('s3.DeleteBucket', input, ['Bucket', 'ExpectedBucketOwner']);
      buckets.delete(access.bucket(context, 's3:DeleteBucket', input));
      return {};
    },

    ListBuckets(input, context) {
      acceptOnly('s3.ListBuckets', input, [
        'MaxBuckets',
        'ContinuationToken',
        'Prefix',
        'BucketRegion',
      ]);
      context.authorize('s3:ListAllMyBuckets', '*');
      const { MaxBuckets: max = 10_000, Prefix: prefix = '' } = input;
      if (max < 1 || max > 10_000)
        throw invalidArgument('Argument max-buckets must be an integer between 1 and 10000');
      const own = buckets
        .all()
        .filter(
          (bucket) =>
            bucket.account === context.account &&
            bucket.name.startsWith(prefix) &&
            (input.BucketRegion === undefined || bucket.region === input.BucketRegion),
        );
      const page = pageOf(
        own,
        (bucket) => bucket.name,
        max,
        input.ContinuationToken,
        () => invalidArgument('The continuation token provided is incorrect'),
      );
      return {
        Buckets: page.items.map((bucket) => ({
          Name: bucket.name,
          CreationDate: new Date(bucket.createdAt),
          BucketRegion: bucket.region,
          BucketArn: bucket.arn,
        })),
        Owner: { ID: context.account },
        ContinuationToken: page.nextToken,
        Prefix: input.Prefix,
      };
    },

    GetBucketLocation(input, context) {
      acceptOnly('s3.GetBucketLocation', input, ['Bucket', 'ExpectedBucketOwner']);
      const { region } = access.bucket(context, 's3:GetBucketLocation', input);
      return { LocationConstraint: region === home ? undefined : (region as LocationConstraint) };
    },
  };
}

type LocationConstraint = import('@aws-sdk/client-s3').BucketLocationConstraint;

/** The region that needs no location constraint. */
const home = 'us-east-1';

function chooseRegion(endpointRegion: string, constraint: string | undefined): string {
  if (endpointRegion === home) {
    if (constraint === home)
      throw new ServiceError(
        'InvalidLocationConstraint',
        'The specified location-constraint is not valid',
        { status: 400 },
      );
    return constraint === 'EU' ? 'eu-west-1' : (constraint ?? home);
  }
  if (constraint !== endpointRegion)
    throw new ServiceError(
      'IllegalLocationConstraintException',
      `The ${constraint ?? 'unspecified'} location constraint is incompatible for the region specific endpoint this request was sent to.`,
      { status: 400 },
    );
  return endpointRegion;
}
