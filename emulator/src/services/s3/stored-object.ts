import type { Checksum } from './checksums';
import { checksumOf } from './checksums';
import type { ObjectContent } from './content';

/** Headers that S3 keeps and gives back as they came. */
export interface SystemMetadata {
  readonly CacheControl?: string | undefined;
  readonly ContentDisposition?: string | undefined;
  readonly ContentEncoding?: string | undefined;
  readonly ContentLanguage?: string | undefined;
  readonly ContentType?: string | undefined;
  readonly Expires?: Date | undefined;
}

/** How an object lies encrypted. */
export interface ObjectEncryption {
  readonly algorithm: 'AES256' | 'aws:kms';
  /** Of `aws:kms`: the key's ARN. */
  readonly keyArn: string | undefined;
  readonly bucketKey: boolean;
}

export type StorageClass =
  | 'STANDARD'
  | 'STANDARD_IA'
  | 'ONEZONE_IA'
  | 'INTELLIGENT_TIERING'
  | 'GLACIER_IR';

/** Everything about an object besides its bytes. */
export interface ObjectDescription {
  readonly system: SystemMetadata;
  /** `x-amz-meta-…`, without that prefix. */
  readonly user: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly storageClass: StorageClass;
  readonly encryption: ObjectEncryption;
  readonly checksum: Checksum | undefined;
}

/** One part of an object that was put in several. */
export interface PartSize {
  readonly number: number;
  readonly size: number;
}

/** One version of an object. */
export class StoredObject {
  readonly kind = 'object';
  tags: Map<string, string>;
  private computedChecksum: Checksum | undefined;

  constructor(
    readonly key: string,
    /** `null` in a bucket without versioning. */
    readonly versionId: string,
    /** Emulated milliseconds since the epoch. */
    readonly modifiedAt: number,
    readonly content: ObjectContent,
    readonly description: ObjectDescription,
    /** The ETag of a multipart object with its parts; undefined for any other. */
    readonly multipart: { readonly etag: string; readonly parts: readonly PartSize[] } | undefined,
  ) {
    this.tags = new Map(Object.entries(description.tags));
  }

  get size(): number {
    return this.content.bytes().length;
  }

  /** With the quotation marks that belong to it. */
  get etag(): string {
    return `"${this.multipart?.etag ?? this.content.md5()}"`;
  }

  /** The checksum that came with it, or else the one that S3 adds to every object. */
  get checksum(): Checksum {
    if (this.description.checksum) return this.description.checksum;
    this.computedChecksum ??= {
      algorithm: 'CRC64NVME',
      value: checksumOf('CRC64NVME', this.content.bytes()),
      type: 'FULL_OBJECT',
    };
    return this.computedChecksum;
  }
}

/** What a deletion leaves behind in a bucket with versioning. */
export interface DeleteMarker {
  readonly kind: 'delete-marker';
  readonly key: string;
  readonly versionId: string;
  readonly modifiedAt: number;
}

/** An object or what hides it. */
export type ObjectVersion = StoredObject | DeleteMarker;
