import type { Authorize, AuthorizedCall, Caller } from '../../iam/caller';
import { ServiceError } from '../../protocol/errors';
import type { RandomSource } from '../../random/random';
import { keyConditions } from '../key-use';
import type { Regional } from '../service';
import { type EncryptionContext, invalidCiphertext, type KmsKey, keyIdOfCiphertext } from './key';
import type { KeyStore } from './key-store';

/** Who asks for a cryptographic operation, and where. */
export interface KeyUser {
  readonly caller: Caller;
  readonly account: string;
  readonly region: string;
  /** Service that asks on the caller's behalf, such as `ssm`; undefined for a call to KMS itself. */
  readonly viaService?: string;
  readonly call?: AuthorizedCall;
}

/** Finds keys by any of their names, and uses them. */
export class Cryptography {
  constructor(
    private readonly stores: Regional<KeyStore>,
    private readonly authorize: Authorize,
    private readonly random: RandomSource,
  ) {}

  /**
   * The key that an id, an alias or an ARN of either names, also in another account.
   *
   * @throws NotFoundException
   */
  find(keyId: string, user: { account: string; region: string }): KmsKey {
    const arn = /^arn:aws[a-z-]*:kms:([^:]*):(\d{12}):(key\/.+|alias\/.+)$/.exec(keyId);
    const [, region = user.region, account = user.account, name = keyId] = arn ?? [];
    if (region !== user.region)
      throw new ServiceError('NotFoundException', `Invalid arn ${region}`);
    const store = this.stores.in(account, region);
    if (name.startsWith('alias/')) return store.keyOfAlias(name);
    const id = name.replace(/^key\//, '');
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id))
      throw new ServiceError('NotFoundException', `Invalid keyId '${keyId}'`);
    return store.key(id);
  }

  encrypt(
    keyId: string,
    plaintext: Uint8Array,
    context: EncryptionContext,
    user: KeyUser,
    action = 'kms:Encrypt',
  ): { readonly key: KmsKey; readonly ciphertext: Uint8Array } {
    const key = this.find(keyId, user);
    this.ask(key, action, context, user);
    key.requireEnabled();
    const iv = this.bytes(`kms/${key.arn}/iv`, 12);
    return { key, ciphertext: key.encrypt(plaintext, context, iv) };
  }

  /** @param keyId - where given, the ciphertext must have been made by that key */
  decrypt(
    ciphertext: Uint8Array,
    context: EncryptionContext,
    keyId: string | undefined,
    user: KeyUser,
    action = 'kms:Decrypt',
  ): { readonly key: KmsKey; readonly plaintext: Uint8Array } {
    const id = keyIdOfCiphertext(ciphertext);
    const key = this.stores
      .all()
      .filter((store) => store.region === user.region)
      .map((store) => store.keys.get(id))
      .find((candidate) => candidate !== undefined);
    if (!key) throw invalidCiphertext();
    if (keyId !== undefined && this.find(keyId, user) !== key)
      throw new ServiceError(
        'IncorrectKeyException',
        'The key ID in the request does not identify a CMK that can perform this operation.',
      );
    this.ask(key, action, context, user);
    key.requireEnabled();
    return { key, plaintext: key.decrypt(ciphertext, context) };
  }

  /** A data key and its ciphertext. */
  dataKey(
    keyId: string,
    length: number,
    context: EncryptionContext,
    user: KeyUser,
    action = 'kms:GenerateDataKey',
  ) {
    const { arn } = this.find(keyId, user);
    const plaintext = this.bytes(`kms/${arn}/data-keys`, length);
    return { plaintext, ...this.encrypt(keyId, plaintext, context, user, action) };
  }

  bytes(stream: string, length: number): Uint8Array {
    return Buffer.from(this.random.stream(stream).hex(length * 2), 'hex');
  }

  private ask(key: KmsKey, action: string, context: EncryptionContext, user: KeyUser): void {
    const { call, caller, region, viaService } = user;
    const via = viaService === undefined ? undefined : `${viaService}.${region}`;
    const conditions = keyConditions(caller, context, via);
    this.authorize({ caller, action, resource: key.arn, context: conditions, call });
  }
}
