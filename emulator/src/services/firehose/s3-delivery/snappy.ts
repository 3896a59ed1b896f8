import { crc32c } from '../../crc32c';

/** The part of snappyjs that is used. */
interface SnappyModule {
  compress(bytes: Uint8Array): Uint8Array;
}

const frameBytes = 64 * 1024;
const blockBytes = 256 * 1024;
const compressedFrame = 0x00;
const streamIdentifier = Buffer.from([0xff, 6, 0, 0, ...Buffer.from('sNaPpY')]);

/**
 * Snappy's own framing format.
 *
 * @see https://github.com/google/snappy/blob/main/framing_format.txt
 */
export function snappyFrames(bytes: Uint8Array): Uint8Array {
  const frames: Uint8Array[] = [streamIdentifier];
  for (const part of parts(bytes, frameBytes)) {
    const compressed = snappy().compress(part);
    const head = Buffer.alloc(8);
    head.writeUInt8(compressedFrame, 0);
    head.writeUIntLE(compressed.length + 4, 1, 3);
    const crc = crc32c(part);
    // Masked, so that a checksum of data that holds checksums is none of them.
    head.writeUInt32LE((((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0, 4);
    frames.push(head, compressed);
  }
  return Buffer.concat(frames);
}

/**
 * Snappy as Hadoop's BlockCompressorStream writes it: each block with its length before and after compression.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/create-destination.html
 */
export function hadoopSnappy(bytes: Uint8Array): Uint8Array {
  return Buffer.concat(
    parts(bytes, blockBytes).flatMap((part) => {
      const compressed = snappy().compress(part);
      const head = Buffer.alloc(8);
      head.writeUInt32BE(part.length, 0);
      head.writeUInt32BE(compressed.length, 4);
      return [head, compressed];
    }),
  );
}

function snappy(): SnappyModule {
  return require('snappyjs');
}

function parts(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    // snappyjs reads the whole of what is behind a view.
    Uint8Array.from(bytes.subarray(index * size, (index + 1) * size)),
  );
}
