import type { CallContext } from '../../protocol/handlers';
import { Regional, type Service, type ServiceEnvironment } from '../service';
import { aliasOperations } from './alias-operations';
import { cryptographicOperations } from './cryptographic-operations';
import { Cryptography, type KeyUser } from './cryptography';
import { grantOperations } from './grant-operations';
import { grantFor } from './grant-rights';
import type { EncryptionContext } from './key';
import { keyOperations } from './key-operations';
import { KeyStore } from './key-store';
import { kmsResources } from './resources';

export type { KeyUser } from './cryptography';
export type { EncryptionContext } from './key';

/** AWS Key Management Service: symmetric keys, as other services use them too. */
export interface KmsService extends Service<typeof import('@aws-sdk/client-kms')> {
  /** Encrypts for another service, on a caller's behalf; errors are those of Encrypt. */
  encrypt(
    keyId: string,
    plaintext: Uint8Array,
    context: EncryptionContext,
    user: KeyUser,
  ): { readonly keyArn: string; readonly ciphertext: Uint8Array };
  /** Decrypts for another service, on a caller's behalf; errors are those of Decrypt. */
  decrypt(ciphertext: Uint8Array, context: EncryptionContext, user: KeyUser): Uint8Array;
  /**
   * The ARN of a usable key; errors are those of DescribeKey and of a key that is disabled.
   *
   * @param keyId - id, alias, or ARN of either; `alias/aws/…` come into being when first asked for
   */
  usableKeyArn(keyId: string, account: string, region: string): string;
}

/** Makes the service. */
export function createKms(env: ServiceEnvironment): KmsService {
  const stores = new Regional(
    (account, region) => new KeyStore(account, region, env.clock, env.random),
  );
  const storeOf = (context: CallContext) => stores.in(context.account, context.region);
  const cryptography = new Cryptography(stores, env.authorize, env.random);
  return {
    signingName: 'kms',
    loadClient: () => require('@aws-sdk/client-kms'),
    handlers: {
      ...keyOperations(env, storeOf, cryptography),
      ...aliasOperations(storeOf, cryptography),
      ...grantOperations(env, storeOf, cryptography),
      ...cryptographicOperations(cryptography),
    },
    resourceProviders: kmsResources(env, stores, cryptography),
    resourceRights(arn) {
      const [, , , region = '', account = '', resource = ''] = arn.split(':');
      const key = stores.in(account, region).keys.get(resource.replace(/^key\//, ''));
      return (
        key && {
          account,
          kind: 'key',
          policies: [key.policy],
          tags: key.tags,
          granted: (request) => grantFor(key, request),
        }
      );
    },
    encrypt(keyId, plaintext, context, user) {
      const { key, ciphertext } = cryptography.encrypt(keyId, plaintext, context, user);
      return { keyArn: key.arn, ciphertext };
    },
    decrypt: (ciphertext, context, user) =>
      cryptography.decrypt(ciphertext, context, undefined, user).plaintext,
    usableKeyArn(keyId, account, region) {
      const key = cryptography.find(keyId, { account, region });
      key.requireEnabled();
      return key.arn;
    },
    // A key that waits for its deletion is as gone as AWS lets it be.
    leaks: () =>
      stores.all().flatMap((store) => [
        ...[...store.keys.values()]
          .filter((key) => key.settings.manager === 'CUSTOMER' && key.state !== 'PendingDeletion')
          .map((key) => `KMS key ${key.arn}`),
        ...store
          .aliases()
          .filter((alias) => !alias.name.startsWith('alias/aws/'))
          .filter((alias) => store.key(alias.targetKeyId).state !== 'PendingDeletion')
          .map((alias) => `KMS alias ${alias.arn}`),
      ]),
    async stop() {
      for (const store of stores.all()) store.stop();
    },
  };
}
