import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CertificateAuthority } from '../../../src/gateway/certificate-authority';

/** A certificate authority that exists only for one test file. */
export async function throwawayAuthority() {
  const parent = mkdtempSync(join(tmpdir(), 'throwaway-authority-'));
  const authority = new CertificateAuthority({ directory: join(parent, 'authority') });
  const certificate = readFileSync(await authority.caFile(), 'utf8');
  rmSync(parent, { recursive: true });
  return {
    /** PEM, for clients to trust. */
    certificate,
    issueCertificate: (hosts: readonly string[]) => authority.issue(hosts),
  };
}
