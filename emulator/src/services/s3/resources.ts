import {
  PropertyReader,
  type ResourceProvider,
  type ResourceRequest,
  type ResourceState,
} from '../../cloudformation/provider';
import { documentOf } from '../live-properties';
import { changedProperties, sameState } from '../resource-updates';
import type { ServiceEnvironment } from '../service';
import type { Bucket } from './bucket';
import type { BucketAccess } from './bucket-access';
import { putBucketPolicy } from './bucket-policy';
import {
  applyBucketProperties,
  resetBucketProperties,
  unsupportedBucketProperties,
} from './bucket-properties';
import type { Buckets } from './buckets';
import { liveBucket } from './live-bucket';
import type { NotificationConfigurator } from './notifications/notification-configurator';
import { notificationsOf } from './notifications/notification-properties';

/** What one needs to be allowed to see how a bucket is set up. */
const bucketReads = [
  's3:GetBucketCORS',
  's3:GetBucketLogging',
  's3:GetBucketNotification',
  's3:GetBucketOwnershipControls',
  's3:GetBucketPublicAccessBlock',
  's3:GetBucketTagging',
  's3:GetBucketVersioning',
  's3:GetEncryptionConfiguration',
  's3:GetLifecycleConfiguration',
];

/** The CloudFormation types of S3. */
export function s3Resources(
  env: ServiceEnvironment,
  access: BucketAccess,
  notifications: NotificationConfigurator,
): ResourceProvider[] {
  return [bucketProvider(env, access, notifications), bucketPolicyProvider(env, access.buckets)];
}

function bucketProvider(
  env: ServiceEnvironment,
  { buckets, lifecycle }: BucketAccess,
  notifications: NotificationConfigurator,
): ResourceProvider {
  const requestIds = env.random.stream('s3/template-requests');
  const notify = (bucket: Bucket, { caller, properties }: ResourceRequest) => {
    env.authorize({ caller, action: 's3:PutBucketNotification', resource: bucket.arn });
    const configuration = notificationsOf(new PropertyReader(properties));
    notifications.configure(bucket, configuration, requestIds.uuid());
  };
  return {
    type: 'AWS::S3::Bucket',
    level: 'emulated',
    recordedProperties: ['AccessControl', 'CorsConfiguration', 'LoggingConfiguration'],
    unsupported: unsupportedBucketProperties,
    async create(request) {
      const { account, region, caller } = request;
      const properties = new PropertyReader(request.properties);
      // Names of buckets have no capital letters, and CloudFormation's generated ones have none here.
      const name = properties.string('BucketName') ?? request.generateName(63).toLowerCase();
      const resource = `arn:aws:s3:::${name}`;
      env.authorize({ caller, action: 's3:CreateBucket', resource });
      const bucket = buckets.create(name, account, region);
      try {
        applyBucketProperties(bucket, properties, request.stackTags);
        if (request.properties.NotificationConfiguration) notify(bucket, request);
      } catch (error) {
        buckets.delete(bucket);
        throw error;
      }
      return stateOf(bucket, region);
    },
    async find({ account, identifier, region }) {
      const bucket = buckets.find(identifier.BucketName ?? '');
      const found = bucket?.account === account && bucket.region === region;
      return found ? stateOf(bucket, region) : undefined;
    },
    async update(request) {
      const { caller, physicalId, previous } = request;
      const bucket = buckets.get(physicalId);
      env.authorize({ caller, action: 's3:PutBucketTagging', resource: bucket.arn });
      const gone = Object.keys(previous.properties).filter((name) => !(name in request.properties));
      resetBucketProperties(bucket, gone);
      applyBucketProperties(bucket, new PropertyReader(request.properties), request.stackTags);
      // Each put sends test messages: only another configuration is put.
      const changed = changedProperties(previous.properties, request.properties);
      if (changed.has('NotificationConfiguration')) notify(bucket, request);
      lifecycle.schedule(bucket);
      return sameState(request);
    },
    async delete(request) {
      const bucket = buckets.find(request.physicalId);
      if (!bucket) return;
      const { caller } = request;
      env.authorize({ caller, action: 's3:DeleteBucket', resource: bucket.arn });
      buckets.delete(bucket);
    },
    async read({ caller, physicalId, properties }) {
      const bucket = buckets.find(physicalId);
      if (!bucket) return undefined;
      for (const action of bucketReads) env.authorize({ caller, action, resource: bucket.arn });
      return liveBucket(bucket, properties);
    },
  };
}

function stateOf({ arn, name }: Bucket, region: string): ResourceState {
  const host = region === 'us-east-1' ? 's3-website-us-east-1' : `s3-website.${region}`;
  return {
    physicalId: name,
    attributes: {
      Arn: arn,
      DomainName: `${name}.s3.amazonaws.com`,
      DualStackDomainName: `${name}.s3.dualstack.${region}.amazonaws.com`,
      RegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
      WebsiteURL: `http://${name}.${host}.amazonaws.com`,
    },
  };
}

function bucketPolicyProvider(env: ServiceEnvironment, buckets: Buckets): ResourceProvider {
  const put = ({ caller, properties }: ResourceRequest, name: string) => {
    env.authorize({ caller, action: 's3:PutBucketPolicy', resource: `arn:aws:s3:::${name}` });
    const policy = new PropertyReader(properties).json('PolicyDocument');
    const text = typeof policy === 'string' ? policy : JSON.stringify(policy ?? {});
    putBucketPolicy(buckets.get(name), text, caller);
  };
  return {
    type: 'AWS::S3::BucketPolicy',
    level: 'emulated',
    async create(request) {
      const name = new PropertyReader(request.properties).requiredString('Bucket');
      put(request, name);
      return { physicalId: name, attributes: {} };
    },
    async update(request) {
      put(request, request.physicalId);
      return sameState(request);
    },
    async delete(request) {
      const { caller } = request;
      const bucket = buckets.find(request.physicalId);
      if (!bucket) return;
      env.authorize({ caller, action: 's3:DeleteBucketPolicy', resource: bucket.arn });
      bucket.settings.policy = undefined;
    },
    async read({ caller, physicalId }) {
      const bucket = buckets.find(physicalId);
      if (!bucket) return undefined;
      env.authorize({ caller, action: 's3:GetBucketPolicy', resource: bucket.arn });
      const document = documentOf(bucket.settings.policy);
      if (document === undefined) return undefined;
      return { Bucket: physicalId, PolicyDocument: document };
    },
  };
}
