import { createCipheriv, createDecipheriv } from 'node:crypto';
import { ServiceError } from '../../protocol/errors';

/** Names and values that are bound to a ciphertext: decryption needs exactly the same. */
export type EncryptionContext = Readonly<Record<string, string>>;

/** What a key is created with. */
export interface KeySettings {
  readonly description: string;
  /** JSON text. */
  readonly policy: string;
  /** `AWS` for the keys behind `alias/aws/…`. */
  readonly manager: 'CUSTOMER' | 'AWS';
  readonly tags: Readonly<Record<string, string>>;
}

/** A permission that was delegated by CreateGrant. */
export interface Grant {
  readonly id: string;
  readonly token: string;
  readonly name: string | undefined;
  readonly granteePrincipal: string;
  readonly retiringPrincipal: string | undefined;
  readonly operations: readonly string[];
  readonly constraints:
    | {
        readonly EncryptionContextSubset?: Record<string, string>;
        readonly EncryptionContextEquals?: Record<string, string>;
      }
    | undefined;
  readonly createdAt: number;
  readonly issuingAccount: string;
}

const formatVersion = 1;
const idLength = 16;
const ivLength = 12;
const tagLength = 16;
const headerLength = 1 + idLength;

/** A symmetric key: AES-256-GCM, with the encryption context as additional authenticated data. */
export class KmsKey {
  readonly tags: Map<string, string>;
  readonly grants = new Map<string, Grant>();
  description: string;
  policy: string;
  state: 'Enabled' | 'Disabled' | 'PendingDeletion' = 'Enabled';
  /** Emulated milliseconds since the epoch, while the state is `PendingDeletion`. */
  deletionDate: number | undefined;
  rotationEnabled = false;
  /** 90 to 2560 days. */
  rotationPeriodInDays = 365;
  rotationEnabledAt = 0;

  constructor(
    /** A UUID. */
    readonly id: string,
    readonly arn: string,
    readonly account: string,
    readonly createdAt: number,
    /** 32 bytes. */
    private readonly material: Uint8Array,
    readonly settings: KeySettings,
  ) {
    this.description = settings.description;
    this.policy = settings.policy;
    this.tags = new Map(Object.entries(settings.tags));
  }

  /** @throws DisabledException or KMSInvalidStateException unless it can be used */
  requireEnabled(): void {
    this.requireNotPendingDeletion();
    if (this.state === 'Disabled')
      throw new ServiceError('DisabledException', `${this.arn} is disabled.`);
  }

  /** @throws KMSInvalidStateException */
  requireNotPendingDeletion(): void {
    if (this.state === 'PendingDeletion')
      throw new ServiceError('KMSInvalidStateException', `${this.arn} is pending deletion.`);
  }

  /**
   * A ciphertext that carries the key's id, as AWS's do: Decrypt needs no key id.
   *
   * @param iv - 12 bytes, never used before with this key
   */
  encrypt(plaintext: Uint8Array, context: EncryptionContext, iv: Uint8Array): Uint8Array {
    const cipher = createCipheriv('aes-256-gcm', this.material, iv);
    cipher.setAAD(canonicalContext(context));
    const data = Buffer.concat([cipher.update(plaintext), cipher.final()]);
    const id = Buffer.from(this.id.replaceAll('-', ''), 'hex');
    return Buffer.concat([Uint8Array.of(formatVersion), id, iv, cipher.getAuthTag(), data]);
  }

  /** @throws InvalidCiphertextException if it was altered or the encryption context is another */
  decrypt(ciphertext: Uint8Array, context: EncryptionContext): Uint8Array {
    const ivEnd = headerLength + ivLength;
    const tagEnd = ivEnd + tagLength;
    try {
      const iv = ciphertext.subarray(headerLength, ivEnd);
      const decipher = createDecipheriv('aes-256-gcm', this.material, iv);
      decipher.setAuthTag(ciphertext.subarray(ivEnd, tagEnd));
      decipher.setAAD(canonicalContext(context));
      return Buffer.concat([decipher.update(ciphertext.subarray(tagEnd)), decipher.final()]);
    } catch {
      throw invalidCiphertext();
    }
  }
}

/**
 * The id of the key that made a ciphertext.
 *
 * @throws InvalidCiphertextException if it is not a ciphertext of ours
 */
export function keyIdOfCiphertext(ciphertext: Uint8Array): string {
  if (ciphertext[0] !== formatVersion || ciphertext.length < headerLength + ivLength + tagLength)
    throw invalidCiphertext();
  const digits = Buffer.from(ciphertext.subarray(1, headerLength)).toString('hex');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** KMS gives no reason, so that nobody learns which part was wrong. */
export function invalidCiphertext(): ServiceError {
  return new ServiceError('InvalidCiphertextException', '');
}

/** The order in which a context is written down does not count. */
function canonicalContext(context: EncryptionContext): Uint8Array {
  const entries = Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.from(JSON.stringify(entries));
}
