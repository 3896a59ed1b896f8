import type { Caller } from '../../iam/caller';

/** Who asks, and where. */
export interface KeyUser {
  readonly caller: Caller;
  readonly account: string;
  readonly region: string;
  readonly viaService: string;
}

/** KMS as Parameter Store uses it for `SecureString` parameters; the composition root fills it. */
export interface SecureStringKeys {
  encrypt(
    keyId: string,
    plaintext: Uint8Array,
    context: Readonly<Record<string, string>>,
    user: KeyUser,
  ): { readonly ciphertext: Uint8Array };
  decrypt(
    ciphertext: Uint8Array,
    context: Readonly<Record<string, string>>,
    user: KeyUser,
  ): Uint8Array;
}

/** The key of a `SecureString` that names none. */
export const defaultKeyId = 'alias/aws/ssm';

/** Binds a ciphertext to its parameter: https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html */
export function encryptionContext(parameterArn: string): Record<string, string> {
  return { PARAMETER_ARN: parameterArn };
}
