import { createHash, type KeyObject, sign } from 'node:crypto';
import { der, pem } from './der';

/** What a certificate says. */
export interface CertificateContent {
  readonly subject: string;
  readonly subjectKey: KeyObject;
  readonly issuer: string;
  readonly issuerPublicKey: KeyObject;
  readonly issuerPrivateKey: KeyObject;
  /** Names and addresses that it is for; a certificate without any is that of an authority. */
  readonly hosts: readonly string[];
}

/** Emulated time may be decades away from real time: both ends are out of reach of either. */
const notBefore = new Date('1970-01-01T00:00:00Z');
const notAfter = new Date('2099-12-31T23:59:59Z');

const oid = {
  commonName: '2.5.4.3',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAlternativeName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  serverAuthentication: '1.3.6.1.5.5.7.3.1',
};

/** Makes an X.509 certificate (RFC 5280), signed with ECDSA and SHA-256, in PEM. */
export function makeCertificate(content: CertificateContent): string {
  const algorithm = der.sequence(der.objectIdentifier(oid.ecdsaWithSha256));
  const subjectKey = content.subjectKey.export({ type: 'spki', format: 'der' });
  const keyId = keyIdentifier(subjectKey);
  const issuerKeyId = keyIdentifier(
    content.issuerPublicKey.export({ type: 'spki', format: 'der' }),
  );
  const version3 = der.tagged(0, der.integer(Buffer.from([2])), true);
  const toBeSigned = der.sequence(
    version3,
    der.integer(serialNumber(subjectKey)),
    algorithm,
    name(content.issuer),
    der.sequence(der.time(notBefore), der.time(notAfter)),
    name(content.subject),
    subjectKey,
    der.tagged(3, der.sequence(...extensions(content.hosts, keyId, issuerKeyId)), true),
  );
  const signature = sign('sha256', toBeSigned, content.issuerPrivateKey);
  return pem('CERTIFICATE', der.sequence(toBeSigned, algorithm, der.bits(signature)));
}

function extensions(hosts: readonly string[], keyId: Buffer, issuerKeyId: Buffer): Buffer[] {
  const authority = hosts.length === 0;
  const common = [
    extension(oid.subjectKeyIdentifier, der.octets(keyId)),
    extension(oid.authorityKeyIdentifier, der.sequence(der.tagged(0, issuerKeyId, false))),
  ];
  if (authority) {
    const signsOnlyLeaves = der.sequence(der.boolean(true), der.integer(Buffer.from([0])));
    const signsCertificates = der.bits(Buffer.from([0x04]), 2);
    return [
      extension(oid.basicConstraints, signsOnlyLeaves, true),
      extension(oid.keyUsage, signsCertificates, true),
      ...common,
    ];
  }
  const signsData = der.bits(Buffer.from([0x80]), 7);
  return [
    extension(oid.basicConstraints, der.sequence(), true),
    extension(oid.keyUsage, signsData, true),
    extension(oid.extendedKeyUsage, der.sequence(der.objectIdentifier(oid.serverAuthentication))),
    extension(oid.subjectAlternativeName, der.sequence(...hosts.map(der.host))),
    ...common,
  ];
}

function extension(id: string, value: Buffer, critical = false): Buffer {
  const flag = critical ? [der.boolean(true)] : [];
  return der.sequence(der.objectIdentifier(id), ...flag, der.octets(value));
}

function name(commonName: string): Buffer {
  return der.sequence(
    der.set(der.sequence(der.objectIdentifier(oid.commonName), der.text(commonName))),
  );
}

function keyIdentifier(publicKey: Buffer): Buffer {
  return createHash('sha256').update(publicKey).digest().subarray(0, 20);
}

/** Unique because the key is; positive and not starting with a zero byte, as DER wants it. */
function serialNumber(publicKey: Buffer): Buffer {
  const bytes = Buffer.from(createHash('sha256').update('serial').update(publicKey).digest());
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.subarray(0, 16);
}
