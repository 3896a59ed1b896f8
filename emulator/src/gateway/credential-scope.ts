import type { WireRequest } from '../protocol/message';

/** What a signed request says about itself: who signed it, and for which service and region. */
export interface CredentialScope {
  readonly accessKeyId: string | undefined;
  readonly region: string | undefined;
  readonly service: string | undefined;
}

const anonymous: CredentialScope = {
  accessKeyId: undefined,
  region: undefined,
  service: undefined,
};

/**
 * Reads the credential scope from the `Authorization` header or, for presigned requests, from the
 * query. Signatures themselves are not verified.
 */
export function credentialScope(request: WireRequest): CredentialScope {
  const header = request.headers.authorization;
  if (header !== undefined) {
    const start = header.indexOf('Credential=');
    if (start >= 0) {
      const end = header.indexOf(',', start);
      return parse(header.slice(start + 11, end < 0 ? undefined : end), request);
    }
    // Signature version 2, which S3 still knows: `AWS <key>:<signature>`.
    const [, accessKeyId] = /^AWS ([^:]+):/.exec(header) ?? [];
    return accessKeyId === undefined ? anonymous : { ...anonymous, accessKeyId, service: 's3' };
  }
  if (!request.query.includes('Amz-Credential') && !request.query.includes('AWSAccessKeyId'))
    return anonymous;
  const query = new URLSearchParams(request.query);
  const credential = query.get('X-Amz-Credential');
  if (credential !== null) return parse(credential, request);
  return { ...anonymous, accessKeyId: query.get('AWSAccessKeyId') ?? undefined };
}

function parse(credential: string, request: WireRequest): CredentialScope {
  const parts = credential.trim().split('/');
  const [accessKeyId] = parts;
  // Signature version 4a has no region in its scope but a set of them in a header.
  if (parts.length === 4)
    return {
      accessKeyId,
      region: request.headers['x-amz-region-set']?.split(',')[0],
      service: parts[2],
    };
  return { accessKeyId, region: parts[2], service: parts[3] };
}
