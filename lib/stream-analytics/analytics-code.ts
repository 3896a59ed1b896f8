import type * as iam from 'aws-cdk-lib/aws-iam';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { Construct } from 'constructs';

/** Where the code of an application is. */
export interface CodeLocation {
  readonly bucketArn: string;
  readonly fileKey: string;
  readonly objectVersion?: string;
}

/** The code of a Flink application: a JAR, or a ZIP file of a Python program. */
export class AnalyticsCode {
  /** A file of this machine, which is uploaded with the app. */
  public static fromAsset(path: string): AnalyticsCode {
    return new AnalyticsCode((scope, role) => {
      const asset = new Asset(scope, 'Code', { path });
      grantReadObject(role, asset.bucket, asset.s3ObjectKey);
      return { bucketArn: asset.bucket.bucketArn, fileKey: asset.s3ObjectKey };
    });
  }

  /**
   * An object that is there.
   *
   * @param objectVersion - of a bucket with versions: a change of it is what makes a deployment take new code
   */
  public static fromBucket(bucket: s3.IBucket, key: string, objectVersion?: string): AnalyticsCode {
    return new AnalyticsCode((_scope, role) => {
      grantReadObject(role, bucket, key);
      return { bucketArn: bucket.bucketArn, fileKey: key, objectVersion };
    });
  }

  private constructor(
    /** Lets the role read the code. */
    public readonly bind: (scope: Construct, role: iam.Role) => CodeLocation,
  ) {}
}

function grantReadObject(role: iam.Role, bucket: s3.IBucket, key: string): void {
  bucket.encryptionKey?.grant(role, 'kms:Decrypt');
  Grant.addToPrincipalOrResource({
    grantee: role,
    actions: ['s3:GetObject', 's3:GetObjectVersion'],
    resourceArns: [bucket.arnForObjects(key)],
    resource: bucket,
  });
}
