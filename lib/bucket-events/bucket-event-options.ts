import type * as s3 from 'aws-cdk-lib/aws-s3';

/** Which events of which objects are sent. */
export interface BucketEventOptions {
  /**
   * Kinds of events.
   *
   * @default [s3.EventType.OBJECT_CREATED]
   */
  readonly events?: readonly s3.EventType[];

  /**
   * What the object's key begins with.
   *
   * @default - every key
   */
  readonly prefix?: string;

  /**
   * What the object's key ends with.
   *
   * @default - every key
   */
  readonly suffix?: string;
}
