import type { Caller } from '../../iam/caller';
import { ServiceError } from '../../protocol/errors';
import { checkKeyUse } from '../key-use';
import type { ServiceEnvironment } from '../service';
import type { BucketAccess } from './bucket-access';
import { StoredContent } from './content';
import { noSuchBucket } from './errors';
import type { BucketEvents } from './notifications/bucket-events';
import { created } from './notifications/event-message';
import { describeObject, type EncryptionKeys } from './object-descriptions';

/** An object that another service writes. */
export interface ObjectToPut {
  readonly bucket: string;
  readonly key: string;
  readonly body: Uint8Array;
  readonly contentType: string;
  readonly contentEncoding?: string | undefined;
  /** ARN of a key of KMS. @default - the bucket's default encryption */
  readonly kmsKeyArn?: string | undefined;
}

/** PutObject for services that write as somebody: a role, mostly. */
export class ServiceWrites {
  constructor(
    private readonly env: ServiceEnvironment,
    private readonly access: BucketAccess,
    private readonly keys: EncryptionKeys,
    private readonly events: BucketEvents,
  ) {}

  /** @throws ServiceError as PutObject */
  put({ bucket: name, key, body, ...object }: ObjectToPut, caller: Caller): void {
    const { authorize, random } = this.env;
    const found = this.access.buckets.find(name);
    if (!found) throw noSuchBucket();
    const bucket = this.access.forObject(
      {
        operation: 'PutObject',
        region: found.region,
        authorize: (action, resource, context) =>
          authorize({ caller, action, resource, ...(context && { context }) }),
      },
      's3:PutObject',
      { Bucket: name, Key: key },
    );
    const description = describeObject(
      {
        ContentType: object.contentType,
        ContentEncoding: object.contentEncoding,
        ...(object.kmsKeyArn !== undefined && {
          ServerSideEncryption: 'aws:kms',
          SSEKMSKeyId: object.kmsKeyArn,
        }),
      },
      bucket,
      this.keys,
      undefined,
    );
    this.useKey(description.encryption.keyArn, `${bucket.arn}/${key}`, bucket, caller);
    const stored = bucket.put(key, new StoredContent(body), description);
    const { account } = caller;
    const requestId = random.stream(`s3/${name}/service-writes`).uuid();
    this.events.publish(bucket, created('Put', stored), { account, caller, requestId });
  }

  private useKey(
    keyArn: string | undefined,
    objectArn: string,
    { account, region }: { readonly account: string; readonly region: string },
    caller: Caller,
  ): void {
    if (keyArn === undefined) return;
    try {
      checkKeyUse(this.keys, this.env.authorize, keyArn, {
        service: 's3',
        actions: ['GenerateDataKey'],
        encryptionContext: { 'aws:s3:arn': objectArn },
        account,
        region,
        caller,
      });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      throw new ServiceError(`KMS.${error.code}`, error.message);
    }
  }
}
