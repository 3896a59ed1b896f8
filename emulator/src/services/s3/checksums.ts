import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { NotImplementedError, ServiceError } from '../../protocol/errors';
import { crc32c } from '../crc32c';

/** How S3 names the checksums that it has and that the emulator computes. */
export const checksumAlgorithms = [
  'CRC32',
  'CRC32C',
  'CRC64NVME',
  'SHA1',
  'SHA256',
  'SHA512',
  'MD5',
] as const;

export type ChecksumAlgorithm = (typeof checksumAlgorithms)[number];

/** A checksum of an object or a part: base64, with `-<parts>` behind it where it is one of the parts' checksums. */
export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly value: string;
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
}

/** The members of an input or output that carry checksums, such as `ChecksumCRC32`. */
export type ChecksumMembers = { [A in ChecksumAlgorithm as `Checksum${A}`]?: string | undefined };

/** The checksum of some bytes, in base64. */
export function checksumOf(algorithm: ChecksumAlgorithm, bytes: Uint8Array): string {
  return digest(algorithm, bytes).toString('base64');
}

/** A checksum as members of an output. */
export function checksumMembers(checksum: Checksum | undefined): ChecksumMembers {
  return checksum ? { [`Checksum${checksum.algorithm}`]: checksum.value } : {};
}

/** What a request says about the checksum of its body: a value to check, an algorithm, or nothing. */
export function requestedChecksum(
  input: ChecksumMembers & { ChecksumAlgorithm?: string | undefined },
): { readonly algorithm: ChecksumAlgorithm; readonly value: string | undefined } | undefined {
  for (const algorithm of checksumAlgorithms) {
    const value = input[`Checksum${algorithm}`];
    if (value !== undefined) return { algorithm, value };
  }
  if (input.ChecksumAlgorithm === undefined) return undefined;
  return { algorithm: algorithmNamed(input.ChecksumAlgorithm), value: undefined };
}

/** @throws NotImplementedError for the algorithms that the emulator does not compute */
export function algorithmNamed(name: string): ChecksumAlgorithm {
  const algorithm = checksumAlgorithms.find((candidate) => candidate === name);
  if (!algorithm) throw new NotImplementedError(`ChecksumAlgorithm ${name}`);
  return algorithm;
}

/**
 * The checksum that a request asks to be kept of its body.
 *
 * @throws BadDigest if the request says another one
 */
export function verifiedChecksum(
  input: ChecksumMembers & {
    ChecksumAlgorithm?: string | undefined;
    ContentMD5?: string | undefined;
  },
  bytes: Uint8Array,
): Checksum | undefined {
  if (input.ContentMD5 !== undefined && input.ContentMD5 !== checksumOf('MD5', bytes))
    throw badDigest('Content-MD5');
  const requested = requestedChecksum(input);
  if (!requested) return undefined;
  const { algorithm } = requested;
  const value = checksumOf(algorithm, bytes);
  if (requested.value !== undefined && requested.value !== value) throw badDigest(algorithm);
  return { algorithm, value, type: 'FULL_OBJECT' };
}

/** The checksum of a multipart object: the checksum of its parts' checksums. */
export function compositeChecksum(parts: readonly Checksum[]): Checksum | undefined {
  const [first] = parts;
  if (!first) return undefined;
  const joined = Buffer.concat(parts.map((part) => Buffer.from(part.value, 'base64')));
  const value = `${checksumOf(first.algorithm, joined)}-${parts.length}`;
  return { algorithm: first.algorithm, value, type: 'COMPOSITE' };
}

export function badDigest(what: string): ServiceError {
  const message =
    what === 'Content-MD5'
      ? 'The Content-MD5 you specified did not match what we received.'
      : `The ${what} you specified did not match the calculated checksum.`;
  return new ServiceError('BadDigest', message, { status: 400 });
}

function digest(algorithm: ChecksumAlgorithm, bytes: Uint8Array): Buffer {
  switch (algorithm) {
    case 'CRC32':
      return bigEndian(crc32(bytes));
    case 'CRC32C':
      return bigEndian(crc32c(bytes));
    case 'CRC64NVME':
      return crc64nvme(bytes);
    default:
      return createHash(algorithm.toLowerCase()).update(bytes).digest();
  }
}

function bigEndian(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(value >>> 0);
  return buffer;
}

/** Tables of reflected CRCs, as pairs of 32-bit halves so that no BigInt is needed for each byte. */
function crcTable(polynomialHigh: number, polynomialLow: number) {
  const high = new Uint32Array(256);
  const low = new Uint32Array(256);
  for (let index = 0; index < 256; index++) {
    let [h, l] = [0, index];
    for (let bit = 0; bit < 8; bit++) {
      const odd = l & 1;
      l = (l >>> 1) | (h << 31);
      h >>>= 1;
      if (odd) {
        l ^= polynomialLow;
        h ^= polynomialHigh;
      }
    }
    high[index] = h;
    low[index] = l;
  }
  return { high, low };
}

const nvme = crcTable(0x9a6c9329, 0xac4bc9b5);

function crc64nvme(bytes: Uint8Array): Buffer {
  let [high, low] = [0xffff_ffff, 0xffff_ffff];
  for (const byte of bytes) {
    const index = (low ^ byte) & 0xff;
    low = ((low >>> 8) | (high << 24)) ^ (nvme.low[index] ?? 0);
    high = (high >>> 8) ^ (nvme.high[index] ?? 0);
  }
  return Buffer.concat([bigEndian(~high), bigEndian(~low)]);
}
