import { createHash } from 'node:crypto';
import { ServiceError } from '../../protocol/errors';
import {
  badDigest,
  type Checksum,
  type ChecksumAlgorithm,
  checksumOf,
  compositeChecksum,
} from './checksums';
import { type ObjectContent, StoredContent } from './content';
import type { ObjectDescription, PartSize } from './stored-object';

const minimumPartSize = 5 * 1024 * 1024;

/** A part that has arrived. */
export interface UploadedPart {
  readonly number: number;
  readonly content: StoredContent;
  readonly modifiedAt: number;
  readonly checksum: Checksum | undefined;
}

/** What a completion names. */
export interface NamedPart {
  readonly PartNumber?: number | undefined;
  readonly ETag?: string | undefined;
}

/** An object that is being put part by part. */
export class MultipartUpload {
  private readonly partsByNumber = new Map<number, UploadedPart>();

  constructor(
    readonly id: string,
    readonly key: string,
    readonly startedAt: number,
    readonly description: ObjectDescription,
    readonly checksumAlgorithm: ChecksumAlgorithm | undefined,
    readonly checksumType: 'FULL_OBJECT' | 'COMPOSITE',
  ) {}

  /** By number. */
  parts(): UploadedPart[] {
    return [...this.partsByNumber.values()].sort((a, b) => a.number - b.number);
  }

  /** A part that comes again replaces the one before. */
  put(part: UploadedPart): void {
    this.partsByNumber.set(part.number, part);
  }

  /**
   * Joins the named parts.
   *
   * @param wholeChecksum - of the whole object, as the completion says it
   * @throws InvalidPart, InvalidPartOrder, EntityTooSmall, BadDigest
   */
  join(
    named: readonly NamedPart[],
    wholeChecksum: string | undefined,
  ): {
    readonly content: ObjectContent;
    readonly checksum: Checksum | undefined;
    readonly etag: string;
    readonly parts: PartSize[];
  } {
    const chosen = named.map((one) => this.named(one));
    if (chosen.some((part, index) => part.number <= (chosen[index - 1]?.number ?? 0)))
      throw new ServiceError(
        'InvalidPartOrder',
        'The list of parts was not in ascending order. The parts list must be specified in order by part number.',
        { status: 400 },
      );
    if (chosen.slice(0, -1).some((part) => part.content.bytes().length < minimumPartSize))
      throw new ServiceError(
        'EntityTooSmall',
        'Your proposed upload is smaller than the minimum allowed size',
        { status: 400 },
      );
    const content = new StoredContent(Buffer.concat(chosen.map((part) => part.content.bytes())));
    const checksum = this.checksumOf(content, chosen);
    if (wholeChecksum !== undefined && checksum && wholeChecksum !== checksum.value)
      throw badDigest(checksum.algorithm);
    const digests = Buffer.concat(chosen.map((part) => Buffer.from(part.content.md5(), 'hex')));
    const etag = `${createHash('md5').update(digests).digest('hex')}-${chosen.length}`;
    const parts = chosen.map((part) => ({
      number: part.number,
      size: part.content.bytes().length,
    }));
    return { content, checksum, etag, parts };
  }

  private named({ PartNumber: number, ETag: etag }: NamedPart): UploadedPart {
    const part = number === undefined ? undefined : this.partsByNumber.get(number);
    if (!part || etag?.replaceAll('"', '') !== part.content.md5())
      throw new ServiceError(
        'InvalidPart',
        "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
        { status: 400 },
      );
    return part;
  }

  private checksumOf(content: ObjectContent, parts: readonly UploadedPart[]): Checksum | undefined {
    const { checksumAlgorithm: algorithm } = this;
    if (algorithm === undefined) return undefined;
    if (this.checksumType === 'COMPOSITE')
      return compositeChecksum(
        parts.map(
          (part) =>
            part.checksum ?? {
              algorithm,
              value: checksumOf(algorithm, part.content.bytes()),
              type: 'FULL_OBJECT',
            },
        ),
      );
    return { algorithm, value: checksumOf(algorithm, content.bytes()), type: 'FULL_OBJECT' };
  }
}
