import { NotImplementedError, ServiceError } from '../../protocol/errors';
import type { Handlers } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import type { BucketAccess } from './bucket-access';
import { isPublic, putBucketPolicy } from './bucket-policy';
import { malformedXml, noSuchConfiguration } from './errors';

type S3 = typeof import('@aws-sdk/client-s3');

/** Who may do what with a bucket: its policy, its public access block, and what is left of ACLs. */
export function accessControlOperations(access: BucketAccess): Handlers<S3> {
  return {
    PutBucketPolicy(input, context) {
      acceptOnly('s3.PutBucketPolicy', input, [
        'Bucket',
        'Policy',
        'ContentMD5',
        'ChecksumAlgorithm',
        'ExpectedBucketOwner',
        'ConfirmRemoveSelfBucketAccess',
      ]);
      const bucket = access.bucket(context, 's3:PutBucketPolicy', input);
      putBucketPolicy(bucket, input.Policy, context.caller);
      return {};
    },

    GetBucketPolicy(input, context) {
      const { policy } = access.bucket(context, 's3:GetBucketPolicy', input).settings;
      if (policy === undefined) throw noBucketPolicy();
      return { Policy: policy };
    },

    DeleteBucketPolicy(input, context) {
      access.bucket(context, 's3:DeleteBucketPolicy', input).settings.policy = undefined;
      return {};
    },

    GetBucketPolicyStatus(input, context) {
      const { policy } = access.bucket(context, 's3:GetBucketPolicyStatus', input).settings;
      if (policy === undefined) throw noBucketPolicy();
      return { PolicyStatus: { IsPublic: isPublic(policy) } };
    },

    PutPublicAccessBlock(input, context) {
      const bucket = access.bucket(context, 's3:PutBucketPublicAccessBlock', input);
      const given = input.PublicAccessBlockConfiguration;
      bucket.settings.publicAccessBlock = {
        BlockPublicAcls: given.BlockPublicAcls ?? false,
        IgnorePublicAcls: given.IgnorePublicAcls ?? false,
        BlockPublicPolicy: given.BlockPublicPolicy ?? false,
        RestrictPublicBuckets: given.RestrictPublicBuckets ?? false,
      };
      return {};
    },

    GetPublicAccessBlock(input, context) {
      const bucket = access.bucket(context, 's3:GetBucketPublicAccessBlock', input);
      const { publicAccessBlock } = bucket.settings;
      if (!publicAccessBlock)
        throw noSuchConfiguration(
          'NoSuchPublicAccessBlockConfiguration',
          'The public access block configuration was not found',
        );
      return { PublicAccessBlockConfiguration: publicAccessBlock };
    },

    DeletePublicAccessBlock(input, context) {
      const bucket = access.bucket(context, 's3:PutBucketPublicAccessBlock', input);
      bucket.settings.publicAccessBlock = undefined;
      return {};
    },

    PutBucketOwnershipControls(input, context) {
      const bucket = access.bucket(context, 's3:PutBucketOwnershipControls', input);
      const [rule, ...more] = input.OwnershipControls.Rules;
      if (!rule || more.length > 0) throw malformedXml();
      bucket.settings.ownership = rule.ObjectOwnership;
      return {};
    },

    GetBucketOwnershipControls(input, context) {
      const bucket = access.bucket(context, 's3:GetBucketOwnershipControls', input);
      const { ownership } = bucket.settings;
      if (!ownership)
        throw noSuchConfiguration(
          'OwnershipControlsNotFoundError',
          'The bucket ownership controls were not found',
        );
      return { OwnershipControls: { Rules: [{ ObjectOwnership: ownership }] } };
    },

    DeleteBucketOwnershipControls(input, context) {
      const bucket = access.bucket(context, 's3:PutBucketOwnershipControls', input);
      bucket.settings.ownership = undefined;
      return {};
    },

    PutBucketAcl(input, context) {
      acceptOnly('s3.PutBucketAcl', input, ['ACL', 'Bucket', 'ExpectedBucketOwner']);
      const bucket = access.bucket(context, 's3:PutBucketAcl', input);
      if (input.ACL === 'private') return {};
      if (bucket.settings.ownership === 'BucketOwnerEnforced')
        throw new ServiceError('AccessControlListNotSupported', 'The bucket does not allow ACLs', {
          status: 400,
        });
      throw new NotImplementedError(`the canned ACL ${input.ACL}`);
    },

    GetBucketAcl(input, context) {
      const { account } = access.bucket(context, 's3:GetBucketAcl', input);
      return privateAcl(account);
    },

    GetObjectAcl(input, context) {
      acceptOnly('s3.GetObjectAcl', input, ['Bucket', 'Key', 'VersionId', 'ExpectedBucketOwner']);
      const action = input.VersionId === undefined ? 's3:GetObjectAcl' : 's3:GetObjectVersionAcl';
      const bucket = access.forObject(context, action, input);
      bucket.object(input.Key, input.VersionId);
      return privateAcl(bucket.account);
    },
  };
}

/** The only ACL that there is: everything for the owner. */
function privateAcl(owner: string) {
  return {
    Owner: { ID: owner },
    Grants: [
      {
        Grantee: { Type: 'CanonicalUser' as const, ID: owner },
        Permission: 'FULL_CONTROL' as const,
      },
    ],
  };
}

function noBucketPolicy(): ServiceError {
  return noSuchConfiguration('NoSuchBucketPolicy', 'The bucket policy does not exist');
}
