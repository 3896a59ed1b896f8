import type { NotificationSettings } from './notifications/notification-settings';
import type { ObjectEncryption } from './stored-object';

type S3 = typeof import('@aws-sdk/client-s3');
type Input<K extends keyof S3> = S3[K] extends abstract new (
  ...args: never[]
) => { input: infer I }
  ? I
  : never;

/** Rules as the API takes them. Those of CORS and logging are kept and given back, and do nothing. */
export type LifecycleRules = NonNullable<
  NonNullable<Input<'PutBucketLifecycleConfigurationCommand'>['LifecycleConfiguration']>['Rules']
>;
export type CorsRules = NonNullable<
  NonNullable<Input<'PutBucketCorsCommand'>['CORSConfiguration']>['CORSRules']
>;
export type LoggingTarget = NonNullable<
  NonNullable<Input<'PutBucketLoggingCommand'>['BucketLoggingStatus']>['LoggingEnabled']
>;

/** The four switches of a public access block. */
export interface PublicAccessBlock {
  readonly BlockPublicAcls: boolean;
  readonly IgnorePublicAcls: boolean;
  readonly BlockPublicPolicy: boolean;
  readonly RestrictPublicBuckets: boolean;
}

export type ObjectOwnership = 'BucketOwnerEnforced' | 'BucketOwnerPreferred' | 'ObjectWriter';

/** What new buckets have since April 2023: https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html */
const everythingBlocked: PublicAccessBlock = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};

/** The settings of a bucket, with the values of a new one. */
export class BucketSettings {
  versioning: 'Enabled' | 'Suspended' | undefined;
  encryption: ObjectEncryption = { algorithm: 'AES256', keyArn: undefined, bucketKey: false };
  /** JSON text. */
  policy: string | undefined;
  publicAccessBlock: PublicAccessBlock | undefined = everythingBlocked;
  ownership: ObjectOwnership | undefined = 'BucketOwnerEnforced';
  tags = new Map<string, string>();
  /** The day, counted from the epoch, on which the lifecycle rules were last applied. */
  lifecycleAppliedOn: number | undefined;
  cors: CorsRules | undefined;
  logging: LoggingTarget | undefined;
  notifications: NotificationSettings | undefined;
  private lifecycleRules: LifecycleRules | undefined;

  get lifecycle(): LifecycleRules | undefined {
    return this.lifecycleRules;
  }

  /** New rules act on the next look at the bucket, whether others have acted today or not. */
  setLifecycle(rules: LifecycleRules | undefined): void {
    this.lifecycleRules = rules;
    this.lifecycleAppliedOn = undefined;
  }
}
