import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { makeCertificate } from './certificate';

/** A server's certificate and its private key, both PEM. */
export interface IssuedCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** Options of {@link CertificateAuthority}. */
export interface CertificateAuthorityOptions {
  /**
   * Where the authority's certificate and key are kept between runs.
   * @default - `cdk-decouple-emulator/certificate-authority` in the user's cache directory
   */
  readonly directory?: string;
}

interface Authority {
  readonly directory: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

const certificateFile = 'ca.pem';
const keyFile = 'ca-key.pem';
const subject = 'cdk-decouple-emulator local certificate authority';

/**
 * The authority behind every TLS endpoint of the emulator. It is made when it is first needed and
 * then stays on the machine, so that a user can trust it once.
 *
 * Certificates are valid from 1970 to 2099, whatever the emulated time.
 */
export class CertificateAuthority {
  private authority: Promise<Authority> | undefined;

  constructor(private readonly options: CertificateAuthorityOptions = {}) {}

  /** Path of the authority's certificate (PEM), for `NODE_EXTRA_CA_CERTS`, `AWS_CA_BUNDLE` and `sslrootcert`. */
  async caFile(): Promise<string> {
    const { directory } = await this.open();
    return join(directory, certificateFile);
  }

  /** A new certificate for a server that is reached under these names and addresses. */
  async issue(hosts: readonly string[]): Promise<IssuedCertificate> {
    const [commonName] = hosts;
    if (commonName === undefined) throw new RangeError('A certificate needs at least one host');
    const authority = await this.open();
    const { publicKey, privateKey } = await newKeyPair();
    const certificate = makeCertificate({
      subject: commonName,
      subjectKey: publicKey,
      issuer: subject,
      issuerPublicKey: authority.publicKey,
      issuerPrivateKey: authority.privateKey,
      hosts,
    });
    return { certificate, key: keyText(privateKey) };
  }

  /**
   * A certificate and RSA key for signing documents. Like the authority itself they stay on the machine, so
   * that the same document has the same signature in every run.
   */
  async signing(name: string): Promise<IssuedCertificate> {
    const authority = await this.open();
    const directory = join(authority.directory, name);
    const read = () => readSigning(directory);
    return (await read()) ?? makeSigning(authority, name, directory, read);
  }

  private open(): Promise<Authority> {
    this.authority ??= openAuthority(this.options.directory);
    return this.authority;
  }
}

async function openAuthority(wanted: string | undefined): Promise<Authority> {
  if (wanted !== undefined) return openIn(wanted);
  try {
    return await openIn(join(userCache(), 'cdk-decouple-emulator', 'certificate-authority'));
  } catch {
    // A home directory that cannot be written to, as in some containers.
    return openIn(
      join(tmpdir(), `cdk-decouple-emulator-${userInfo().uid}`, 'certificate-authority'),
    );
  }
}

async function openIn(directory: string): Promise<Authority> {
  const existing = await read(directory);
  if (existing) return existing;
  const { publicKey, privateKey } = await newKeyPair();
  const certificate = makeCertificate({
    subject,
    subjectKey: publicKey,
    issuer: subject,
    issuerPublicKey: publicKey,
    issuerPrivateKey: privateKey,
    hosts: [],
  });
  const made = { directory, privateKey, publicKey };
  return keep(directory, { certificate, key: keyText(privateKey) }, made, () => read(directory));
}

/**
 * Puts a certificate and its key into a directory. Several processes may come here at once: each makes one
 * aside, and the first to rename wins.
 *
 * @returns what is there in the end
 */
async function keep<T>(
  directory: string,
  { certificate, key }: IssuedCertificate,
  made: T,
  readWinner: () => Promise<T | undefined>,
): Promise<T> {
  await mkdir(dirname(directory), { recursive: true, mode: 0o700 });
  const aside = await mkdtemp(`${directory}-`);
  await writeFile(join(aside, certificateFile), certificate);
  await writeFile(join(aside, keyFile), key, { mode: 0o600 });
  try {
    await rename(aside, directory);
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    const winner = await readWinner();
    if (!winner) throw error;
    return winner;
  }
  return made;
}

async function makeSigning(
  authority: Authority,
  name: string,
  directory: string,
  readWinner: () => Promise<IssuedCertificate | undefined>,
): Promise<IssuedCertificate> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
  });
  const certificate = makeCertificate({
    subject: name,
    subjectKey: publicKey,
    issuer: subject,
    issuerPublicKey: authority.publicKey,
    issuerPrivateKey: authority.privateKey,
    hosts: [name],
  });
  const issued = { certificate, key: keyText(privateKey) };
  return keep(directory, issued, issued, readWinner);
}

function readSigning(directory: string): Promise<IssuedCertificate | undefined> {
  return unlessMissing(async () => ({
    certificate: await readFile(join(directory, certificateFile), 'utf8'),
    key: await readFile(join(directory, keyFile), 'utf8'),
  }));
}

function read(directory: string): Promise<Authority | undefined> {
  return unlessMissing(async () => {
    await readFile(join(directory, certificateFile));
    const privateKey = createPrivateKey(await readFile(join(directory, keyFile)));
    return { directory, privateKey, publicKey: createPublicKey(privateKey) };
  });
}

async function unlessMissing<T>(readFiles: () => Promise<T>): Promise<T | undefined> {
  try {
    return await readFiles();
  } catch (error) {
    // Not instanceof: test runners give modules an Error of their own.
    if (Object(error).code === 'ENOENT') return undefined;
    throw error;
  }
}

function userCache(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (XDG_CACHE_HOME) return XDG_CACHE_HOME;
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches');
  if (process.platform === 'win32' && LOCALAPPDATA) return LOCALAPPDATA;
  return join(homedir(), '.cache');
}

function newKeyPair(): Promise<{ publicKey: KeyObject; privateKey: KeyObject }> {
  return promisify(generateKeyPair)('ec', { namedCurve: 'P-256' });
}

function keyText(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}
