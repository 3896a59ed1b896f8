import type { Authorize, Caller } from '../../iam/caller';
import { ServiceError } from '../../protocol/errors';
import type { CallContext } from '../../protocol/handlers';
import type { Topic } from './topic';

/** KMS keys, as far as topics need them. */
export interface KeyStore {
  /** The ARN of a usable key. @throws ServiceError */
  usableKeyArn(keyId: string, account: string, region: string): string;
}

/**
 * Keys of encrypted topics: whoever publishes needs them. Messages themselves are not encrypted.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export class TopicKeys {
  constructor(
    private readonly keys: KeyStore,
    private readonly authorize: Authorize,
  ) {}

  /**
   * Checks that a caller may use the key of a topic, if it has one.
   *
   * @throws KMSNotFound, KMSDisabled, KMSInvalidState, KMSAccessDenied
   */
  use(topic: Topic, { caller }: Pick<CallContext, 'caller'>): void {
    const { kmsMasterKeyId } = topic.attributes;
    if (kmsMasterKeyId === undefined) return;
    const { account, region } = topic.address;
    const keyArn = asKmsError(() => this.keys.usableKeyArn(kmsMasterKeyId, account, region));
    // What belongs to AWS lets in whoever may publish.
    if (kmsMasterKeyId === 'alias/aws/sns') return;
    asKmsError(() => {
      for (const action of ['kms:GenerateDataKey', 'kms:Decrypt'])
        this.authorize({ caller, action, resource: keyArn, context: contextOf(topic, caller) });
    });
  }
}

function contextOf(topic: Topic, caller: Caller): Record<string, string> {
  return {
    'kms:ViaService': `sns.${topic.address.region}.amazonaws.com`,
    'kms:CallerAccount': caller.account,
    'kms:EncryptionContext:aws:sns:topicArn': topic.arn,
  };
}

const codes: Readonly<Record<string, string>> = {
  AccessDeniedException: 'KMSAccessDeniedException',
  DisabledException: 'KMSDisabledException',
  KMSInvalidStateException: 'KMSInvalidStateException',
  NotFoundException: 'KMSNotFoundException',
};

/** SNS's words for an error of KMS. */
function asKmsError<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw new ServiceError(codes[error.code] ?? error.code, error.message);
  }
}
