import { buildClient, CommitmentPolicy, type KmsKeyringNode } from '@aws-crypto/client-node';

/** The client of AWS's advice: it takes no message whose key could be another than the one it commits to. */
const { decrypt, encrypt } = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);

/**
 * Messages that only holders of a key can read: not the queue, and not whoever may receive from it.
 *
 * Each is encrypted with a data key of its own, which travels with it, encrypted by KMS.
 *
 * @see https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/how-it-works.html
 */
export class SealedMessages {
  /**
   * @param keyring - the keys to encrypt or decrypt with
   * @param purpose - goes with the message in clear, bound to it: what was sealed for one purpose does not open for another,
   *   and CloudTrail shows it with each use of the key
   */
  constructor(
    private readonly keyring: KmsKeyringNode,
    private readonly purpose: string,
  ) {}

  /** Makes a message's body: base64, a third longer than its content and about 800 characters. */
  async seal(content: object): Promise<string> {
    const { result } = await encrypt(this.keyring, JSON.stringify(content), {
      encryptionContext: { purpose: this.purpose },
    });
    return result.toString('base64');
  }

  /**
   * What a body holds.
   *
   * @throws Error if it was not sealed for this purpose, was changed, or if KMS does not decrypt its key.
   */
  async open(body: string): Promise<unknown> {
    const { messageHeader, plaintext } = await decrypt(this.keyring, Buffer.from(body, 'base64'));
    if (messageHeader.encryptionContext.purpose !== this.purpose) {
      throw new Error('the message was sealed for another purpose');
    }
    return JSON.parse(plaintext.toString('utf8'));
  }
}
