import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { hadoopSnappy, snappyFrames } from './snappy';

export type CompressionFormat = 'GZIP' | 'HADOOP_SNAPPY' | 'Snappy' | 'UNCOMPRESSED' | 'ZIP';

/** What is appended to the names of objects, unless the delivery stream has an extension of its own. */
export const extensions: Readonly<Record<CompressionFormat, string>> = {
  GZIP: '.gz',
  HADOOP_SNAPPY: '.hsnappy',
  Snappy: '.snappy',
  UNCOMPRESSED: '',
  ZIP: '.zip',
};

/** The same bytes at any time. */
const zipEpoch = new Date(1980, 0, 1);

/** @param name - of the file inside a ZIP file */
export function compress(bytes: Uint8Array, format: CompressionFormat, name: string): Uint8Array {
  switch (format) {
    case 'UNCOMPRESSED':
      return bytes;
    case 'GZIP':
      return gzipSync(bytes);
    case 'ZIP':
      return zipSync({ [name]: bytes }, { mtime: zipEpoch });
    case 'Snappy':
      return snappyFrames(bytes);
    case 'HADOOP_SNAPPY':
      return hadoopSnappy(bytes);
  }
}
