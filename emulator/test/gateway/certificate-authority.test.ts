import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CertificateAuthority } from '../../src/gateway/certificate-authority';

const directory = mkdtempSync(join(tmpdir(), 'certificate-authority-test-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test('a certificate authority is made once, however many ask for it at once', async () => {
  const files = await Promise.all(
    Array.from({ length: 8 }, () => new CertificateAuthority({ directory })).map(
      async (authority) => {
        const { certificate } = await authority.issue(['localhost']);
        return [await readFile(await authority.caFile(), 'utf8'), certificate];
      },
    ),
  );
  const [[first = ''] = []] = files;
  const root = new X509Certificate(first);
  for (const [ca, leaf = ''] of files) {
    expect(ca).toBe(first);
    expect(new X509Certificate(leaf).verify(root.publicKey)).toBe(true);
  }
  expect(root.ca).toBe(true);
});

test('it issues for names and addresses, from 1970 to 2099', async () => {
  const authority = new CertificateAuthority({ directory });
  const { certificate } = await authority.issue(['127.0.0.1', 'localhost', '::1']);
  const leaf = new X509Certificate(certificate);
  // Also where clients look that know nothing of addresses.
  expect(leaf.subject).toBe('CN=127.0.0.1');
  expect(leaf.subjectAltName).toBe(
    'IP Address:127.0.0.1, DNS:localhost, IP Address:0:0:0:0:0:0:0:1',
  );
  expect(leaf.validFrom).toContain('1970');
  expect(leaf.validTo).toContain('2099');
  expect(leaf.checkIP('127.0.0.1')).toBe('127.0.0.1');
});
