import { brotliDecompressSync } from 'node:zlib';
import data from './generated/published-schemas.generated.json';

/** The generated schemas of all published types, in a module of their own so that they are read only when first needed. */
export function publishedSchemaData(): object {
  const text = brotliDecompressSync(Buffer.from(data.brotli, 'base64')).toString('utf8');
  return JSON.parse(text);
}
