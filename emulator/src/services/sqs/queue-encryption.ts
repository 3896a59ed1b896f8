import type { Authorize, AuthorizedCall, Caller } from '../../iam/caller';
import { ServiceError } from '../../protocol/errors';
import { checkKeyUse, type UsableKeys } from '../key-use';
import type { Queue } from './queue';

/** What KMS's errors are called by SQS; each has a code of its own in the query protocol. */
const codes: Readonly<Record<string, string>> = {
  AccessDeniedException: 'KmsAccessDenied',
  DisabledException: 'KmsDisabled',
  KMSInvalidStateException: 'KmsInvalidState',
  NotFoundException: 'KmsNotFound',
};

/**
 * Keys of encrypted queues: whoever sends or receives needs them. Messages themselves are not encrypted.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 */
export class QueueEncryption {
  /** @param keys - without them every queue counts as one with a key that SQS owns */
  constructor(
    private readonly authorize: Authorize,
    private readonly keys: UsableKeys | undefined,
  ) {}

  /** @throws KmsAccessDenied, KmsDisabled, KmsInvalidState, KmsNotFound */
  forSending(queue: Queue, caller: Caller, call?: AuthorizedCall): void {
    this.use(queue, ['GenerateDataKey', 'Decrypt'], caller, call);
  }

  /** @throws KmsAccessDenied, KmsDisabled, KmsInvalidState, KmsNotFound */
  forReceiving(queue: Queue, caller: Caller, call?: AuthorizedCall): void {
    this.use(queue, ['Decrypt'], caller, call);
  }

  private use(
    queue: Queue,
    actions: readonly string[],
    caller: Caller,
    call: AuthorizedCall | undefined,
  ): void {
    const keyId = queue.attributes.get('KmsMasterKeyId');
    if (keyId === undefined || this.keys === undefined) return;
    const { account, region } = queue.address;
    try {
      checkKeyUse(this.keys, this.authorize, keyId, {
        service: 'sqs',
        actions,
        encryptionContext: { 'aws:sqs:arn': queue.arn },
        account,
        region,
        caller,
        call,
      });
    } catch (error) {
      const code = error instanceof ServiceError ? codes[error.code] : undefined;
      if (!(error instanceof ServiceError) || code === undefined) throw error;
      const requestId = call?.requestId ?? '';
      const detail = `Service: AWSKMS; Status Code: 400; Error Code: ${error.code}; Request ID: ${requestId}; Proxy: null`;
      throw new ServiceError(code, `${error.message} (${detail})`);
    }
  }
}
