import type { S3 } from '@aws-sdk/client-s3';
import { guessContentType } from './content-types';
import type { Destination } from './deployment-request';
import type { SyncFilters } from './sync-filters';
import type { UploadOptions } from './upload-options';

/** Bytes from which the AWS CLI uploads in parts, and of each part. https://docs.aws.amazon.com/cli/latest/topic/s3-config.html */
const partSize = 8 * 1024 * 1024;

/** How files are synchronised. */
export interface SyncOptions {
  readonly filters: SyncFilters;
  /** Whether objects that are no files are deleted. */
  readonly prune: boolean;
  readonly upload: UploadOptions;
}

/**
 * `aws s3 sync` of files that have just been written: all are newer than what is there, so that all
 * are uploaded.
 *
 * @param files - by path
 */
export async function syncFiles(
  s3: S3,
  files: ReadonlyMap<string, Uint8Array>,
  destination: Destination,
  { filters, prune, upload }: SyncOptions,
): Promise<void> {
  const { bucket } = destination;
  const folder = folderOf(destination);
  const existing = await listObjects(s3, bucket, folder);
  for (const path of [...files.keys()].sort()) {
    const content = files.get(path);
    if (content && filters.accept(path)) {
      await uploadFile(s3, bucket, `${folder}${path}`, content, {
        ...upload,
        // The CLI sends no type that it cannot guess, and S3 takes this one; the SDK would send another.
        ContentType: upload.ContentType ?? guessContentType(path) ?? 'binary/octet-stream',
      });
    }
  }
  if (!prune) return;
  for (const { isFolder, key } of existing) {
    const path = key.slice(folder.length);
    // What the console makes as a folder is not looked at.
    if (!isFolder && !files.has(path) && filters.accept(path)) {
      await s3.deleteObject({ Bucket: bucket, Key: key });
    }
  }
}

/** `aws s3 rm --recursive`. */
export async function removeAll(s3: S3, destination: Destination): Promise<void> {
  const { bucket } = destination;
  for (const { key } of await listObjects(s3, bucket, folderOf(destination))) {
    await s3.deleteObject({ Bucket: bucket, Key: key });
  }
}

/** The AWS CLI takes a prefix for a folder, whether it ends in a slash or not. */
export function folderOf({ prefix }: Destination): string {
  return prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
}

async function listObjects(
  s3: S3,
  bucket: string,
  prefix: string,
): Promise<{ key: string; isFolder: boolean }[]> {
  const objects: { key: string; isFolder: boolean }[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await s3.listObjectsV2({ Bucket: bucket, Prefix: prefix, ContinuationToken });
    for (const { Key: key = '', Size: size } of page.Contents ?? []) {
      objects.push({ key, isFolder: key.endsWith('/') && size === 0 });
    }
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  return objects;
}

async function uploadFile(
  s3: S3,
  bucket: string,
  key: string,
  content: Uint8Array,
  options: UploadOptions,
): Promise<void> {
  const target = { Bucket: bucket, Key: key };
  if (content.byteLength < partSize) {
    await s3.putObject({ ...target, Body: content, ...options });
    return;
  }
  const { UploadId } = await s3.createMultipartUpload({ ...target, ...options });
  const Parts: { PartNumber: number; ETag: string | undefined }[] = [];
  for (let start = 0; start < content.byteLength; start += partSize) {
    const PartNumber = Parts.length + 1;
    const Body = content.subarray(start, start + partSize);
    const { ETag } = await s3.uploadPart({ ...target, UploadId, PartNumber, Body });
    Parts.push({ PartNumber, ETag });
  }
  await s3.completeMultipartUpload({ ...target, UploadId, MultipartUpload: { Parts } });
}
