import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate authority that exists only for one test file. */
export async function throwawayAuthority() {
  const dir = mkdtempSync(join(tmpdir(), 'ca-'));
  const run = (...args: string[]) => execFileSync('openssl', args, { cwd: dir, stdio: 'pipe' });
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  run(
    'req',
    '-x509',
    ...ec,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '9000',
    '-subj',
    '/CN=Throwaway CA',
  );
  return {
    /** PEM, for clients to trust. */
    certificate: readFileSync(join(dir, 'ca.pem'), 'utf8'),
    async issueCertificate(hosts: readonly string[]) {
      run('req', ...ec, '-keyout', 'leaf.key', '-out', 'leaf.csr', '-subj', '/CN=localhost');
      const names = hosts.map((host) => (/[\d:]$/.test(host) ? `IP:${host}` : `DNS:${host}`));
      writeFileSync(join(dir, 'ext'), `subjectAltName=${names.join(',')}\n`);
      run(
        'x509',
        '-req',
        '-in',
        'leaf.csr',
        '-CA',
        'ca.pem',
        '-CAkey',
        'ca.key',
        '-CAcreateserial',
        '-days',
        '9000',
        '-extfile',
        'ext',
        '-out',
        'leaf.pem',
      );
      return {
        certificate: readFileSync(join(dir, 'leaf.pem'), 'utf8'),
        key: readFileSync(join(dir, 'leaf.key'), 'utf8'),
      };
    },
  };
}
