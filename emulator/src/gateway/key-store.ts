import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { IssuedCertificate } from './certificate-authority';
import { der } from './der';

const oid = {
  data: '1.2.840.113549.1.7.1',
  shroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
  certificateBag: '1.2.840.113549.1.12.10.1.3',
  x509Certificate: '1.2.840.113549.1.9.22.1',
  localKeyId: '1.2.840.113549.1.9.21',
};

/**
 * A certificate and its key as PKCS #12 (RFC 7292), which Java reads as a key store.
 *
 * The key is encrypted with the password. Nothing vouches for the whole (there is no MAC, which is optional): it is
 * written and read on the same machine.
 */
export function keyStore({ certificate, key }: IssuedCertificate, password: string): Buffer {
  const encryptedKey = createPrivateKey(key).export({
    type: 'pkcs8',
    format: 'der',
    cipher: 'aes-256-cbc',
    passphrase: password,
  });
  const x509 = new X509Certificate(certificate).raw;
  const contents = der.sequence(
    bag(oid.shroudedKeyBag, encryptedKey),
    bag(
      oid.certificateBag,
      der.sequence(
        der.objectIdentifier(oid.x509Certificate),
        der.tagged(0, der.octets(x509), true),
      ),
    ),
  );
  const version3 = der.integer(Buffer.from([3]));
  return der.sequence(version3, dataContent(der.sequence(dataContent(contents))));
}

function dataContent(content: Buffer): Buffer {
  return der.sequence(der.objectIdentifier(oid.data), der.tagged(0, der.octets(content), true));
}

/** Key and certificate belong together by their local key id. */
function bag(type: string, value: Buffer): Buffer {
  const localKeyId = der.sequence(
    der.objectIdentifier(oid.localKeyId),
    der.set(der.octets(Buffer.from([1]))),
  );
  return der.sequence(der.objectIdentifier(type), der.tagged(0, value, true), der.set(localKeyId));
}
