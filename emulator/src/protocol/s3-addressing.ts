import type { WireRequest } from './message';

/** Where a request to S3 points. */
export interface ObjectAddress {
  /** Undefined for requests about no bucket. */
  readonly bucket: string | undefined;
  /** The rest of the path, still percent-encoded, with its slash. */
  readonly path: string;
}

/**
 * Bucket and key of a request: the bucket is the first label of the host
 * (`my-bucket.s3.eu-west-1.amazonaws.com`, `my-bucket.localhost`) or else the first step of the path.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 */
export function objectAddress(request: WireRequest): ObjectAddress {
  const host = (request.headers.host ?? '').replace(/:\d+$/, '');
  const [, bucket] = /^(.+?)\.(?:s3[.-].*amazonaws\.com|s3\.localhost|localhost)$/.exec(host) ?? [];
  if (bucket !== undefined && bucket !== 's3') return { bucket, path: request.path };
  const slash = request.path.indexOf('/', 1);
  const first = request.path.slice(1, slash < 0 ? undefined : slash);
  if (first === '') return { bucket: undefined, path: '/' };
  return {
    bucket: decodeStep(first),
    path: slash < 0 ? '/' : request.path.slice(slash),
  };
}

/** One step of a path; as it is if it is not validly percent-encoded. */
export function decodeStep(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}
