import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import { s3Module } from './s3-module';

/** The members of PutObject that describe an object. */
export type UploadOptions = Pick<
  PutObjectCommandInput,
  | 'ACL'
  | 'CacheControl'
  | 'ContentDisposition'
  | 'ContentEncoding'
  | 'ContentLanguage'
  | 'ContentType'
  | 'Expires'
  | 'Metadata'
  | 'SSEKMSKeyId'
  | 'ServerSideEncryption'
  | 'StorageClass'
>;

/** Options of `aws s3 sync` by which system metadata may be set here. */
export const uploadOptionNames = [
  'acl',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
  'sse',
  'sse-kms-key-id',
  'storage-class',
];

/**
 * What the AWS CLI makes of its options.
 *
 * @throws Error in the CLI's words for a value that an option does not take
 */
export function uploadOptions(
  system: Readonly<Record<string, string>>,
  user: Readonly<Record<string, string>>,
): UploadOptions {
  const { ObjectCannedACL, ServerSideEncryption, StorageClass } = s3Module();
  return {
    ACL: choice('--acl', system.acl, ObjectCannedACL),
    CacheControl: system['cache-control'],
    ContentDisposition: system['content-disposition'],
    ContentEncoding: system['content-encoding'],
    ContentLanguage: system['content-language'],
    ContentType: system['content-type'],
    Expires: system.expires === undefined ? undefined : dateOf(system.expires),
    Metadata: Object.keys(user).length > 0 ? user : undefined,
    ServerSideEncryption: choice('--sse', system.sse, ServerSideEncryption),
    SSEKMSKeyId: system['sse-kms-key-id'],
    StorageClass: choice('--storage-class', system['storage-class'], StorageClass),
  };
}

function choice<T extends string>(
  option: string,
  value: string | undefined,
  choices: Readonly<Record<string, T>>,
): T | undefined {
  if (value === undefined) return undefined;
  const found = Object.values(choices).find((one) => one === value);
  if (found === undefined) {
    const names = Object.values(choices).join(', ');
    throw new Error(`argument ${option}: Invalid choice, valid choices are: ${names}`);
  }
  return found;
}

function dateOf(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new Error(`Invalid timestamp: ${text}`);
  return date;
}
