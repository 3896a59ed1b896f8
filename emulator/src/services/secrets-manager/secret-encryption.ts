import type { Authorize, AuthorizedCall, Caller } from '../../iam/caller';
import { ServiceError } from '../../protocol/errors';
import { checkKeyUse, type UsableKeys } from '../key-use';
import { invalidRequest } from './errors';
import type { Secret } from './secret';

/**
 * Keys of secrets: whoever reads or writes a value needs them. Values themselves are not encrypted.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
 */
export class SecretEncryption {
  constructor(
    private readonly authorize: Authorize,
    private readonly keys: UsableKeys,
  ) {}

  /** @throws AccessDeniedException, InvalidRequestException */
  forReading(secret: Secret, versionId: string, caller: Caller, call?: AuthorizedCall): void {
    this.use(secret, versionId, ['Decrypt'], caller, call);
  }

  /** @throws AccessDeniedException, InvalidRequestException */
  forWriting(secret: Secret, versionId: string, caller: Caller, call?: AuthorizedCall): void {
    this.use(secret, versionId, ['GenerateDataKey', 'Decrypt'], caller, call);
  }

  private use(
    { arn, kmsKeyId }: Secret,
    versionId: string,
    actions: readonly string[],
    caller: Caller,
    call: AuthorizedCall | undefined,
  ): void {
    const [, , , region = '', account = ''] = arn.split(':');
    if (kmsKeyId === undefined) {
      // The key behind alias/aws/secretsmanager lets in everybody of the account who may use the secret.
      if (caller.account === account) return;
      throw invalidRequest(
        "You can't access a secret from a different AWS account if you encrypt the secret with the default KMS service key.",
      );
    }
    try {
      checkKeyUse(this.keys, this.authorize, kmsKeyId, {
        service: 'secretsmanager',
        actions,
        encryptionContext: { SecretARN: arn, SecretVersionId: versionId },
        account,
        region,
        caller,
        call,
      });
    } catch (error) {
      if (!(error instanceof ServiceError) || error.code !== 'AccessDeniedException') throw error;
      throw new ServiceError('AccessDeniedException', 'Access to KMS is not allowed');
    }
  }
}
