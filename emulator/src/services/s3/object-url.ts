/** A bucket and a key in it. */
export interface ObjectAddress {
  readonly bucket: string;
  readonly key: string;
}

const amazonHost = /^(?:(.+)\.)?s3(?:[.-](?:dualstack\.)?[a-z0-9-]+)?\.amazonaws\.com$/;
const loopbackHost = /^(?:127(?:\.\d+){3}|localhost|\[::1\])$/;

/**
 * What a URL or an `s3://` address names; undefined if that is nothing in S3.
 *
 * Takes the hosts that templates of the CDK carry (`s3.<region>.amazonaws.com`, with the bucket before
 * it or in the path) and the emulator's own, which has the bucket in the path.
 */
export function parseObjectUrl(text: string): ObjectAddress | undefined {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return undefined;
  }
  const path = decodeURIComponent(url.pathname.slice(1));
  if (url.protocol === 's3:') return address(url.hostname, path);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return undefined;
  const amazon = amazonHost.exec(url.hostname);
  if (amazon?.[1] !== undefined) return address(amazon[1], path);
  if (!amazon && !loopbackHost.test(url.hostname)) return undefined;
  const separator = path.indexOf('/');
  return address(path.slice(0, Math.max(separator, 0)), path.slice(separator + 1));
}

function address(bucket: string, key: string): ObjectAddress | undefined {
  return bucket === '' || key === '' ? undefined : { bucket, key };
}
