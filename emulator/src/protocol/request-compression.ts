import { gunzipSync } from 'node:zlib';
import type { WireRequest } from './message';
import { serviceModels } from './service-model';

/**
 * Undoes the compression in which SDKs send what is large to services that take it so, such as metrics from 10 KB on.
 * What is not compressed as it says stays as it is, for its protocol to refuse.
 *
 * @param signingName - the service that the request is for
 * @see https://smithy.io/2.0/spec/behavior-traits.html#requestcompression-trait
 */
export function decompressed(request: WireRequest, signingName: string | undefined): WireRequest {
  const { body, headers, method, origin, path, query, signal } = request;
  if (headers['content-encoding'] !== 'gzip') return request;
  if (!serviceModels().some((it) => it.compressed && it.signingName === signingName))
    return request;
  try {
    const inflated = gunzipSync(body);
    return { method, path, query, origin, signal, headers, body: inflated };
  } catch {
    return request;
  }
}
