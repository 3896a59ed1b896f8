import { utf8 } from './bytes';
import { ServiceError } from './errors';
import type { WireRequest } from './message';

/**
 * Undoes the content encoding `aws-chunked`, in which SDKs upload streams: chunks with their
 * signatures, and trailing headers such as checksums, which join the other headers.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 *
 * @throws ServiceError IncompleteBody if the chunks do not add up.
 */
export function withoutAwsChunks(request: WireRequest): WireRequest {
  const encoding = request.headers['content-encoding'] ?? '';
  const hash = request.headers['x-amz-content-sha256'] ?? '';
  if (!hash.startsWith('STREAMING-') && !encoding.includes('aws-chunked')) return request;
  const { body, trailers } = decodeChunks(request.body);
  const kept = encoding
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'aws-chunked');
  const headers = {
    ...request.headers,
    ...trailers,
    'content-encoding': kept.length > 0 ? kept.join(',') : undefined,
    'content-length': String(body.byteLength),
  };
  return {
    method: request.method,
    path: request.path,
    query: request.query,
    origin: request.origin,
    signal: request.signal,
    headers,
    body,
  };
}

function decodeChunks(encoded: Uint8Array): {
  body: Uint8Array;
  trailers: Record<string, string>;
} {
  const bytes = Buffer.from(encoded.buffer, encoded.byteOffset, encoded.byteLength);
  const chunks: Buffer[] = [];
  let position = 0;
  while (true) {
    const lineEnd = bytes.indexOf('\r\n', position);
    if (lineEnd < 0) throw incomplete();
    const size = Number.parseInt(bytes.toString('latin1', position, lineEnd), 16);
    const start = lineEnd + 2;
    if (Number.isNaN(size) || start + size > bytes.length) throw incomplete();
    if (size === 0) return { body: Buffer.concat(chunks), trailers: parseTrailers(bytes, start) };
    chunks.push(bytes.subarray(start, start + size));
    position = start + size + 2;
  }
}

function parseTrailers(bytes: Buffer, start: number): Record<string, string> {
  const trailers: Record<string, string> = {};
  for (const line of utf8(bytes.subarray(start)).split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0)
      trailers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return trailers;
}

function incomplete(): ServiceError {
  return new ServiceError('IncompleteBody', 'The request body terminated unexpectedly');
}
