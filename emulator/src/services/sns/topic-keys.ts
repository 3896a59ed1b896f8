import type { Authorize, Caller } from '../../iam/caller';
import type { CallContext } from '../../protocol/handlers';
import { checkKeyUse, type UsableKeys, withPrefixedKeyErrors } from '../key-use';
import type { Topic } from './topic';

/**
 * Keys of encrypted topics: whoever publishes needs them. Messages themselves are not encrypted.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export class TopicKeys {
  constructor(
    private readonly keys: UsableKeys,
    private readonly authorize: Authorize,
  ) {}

  /**
   * Checks that a caller may use the key of a topic, if it has one.
   *
   * @param call - the call that asks for it, if a client does
   * @throws KMSNotFound, KMSDisabled, KMSInvalidState, KMSAccessDenied
   */
  use(topic: Topic, caller: Caller, call?: CallContext): void {
    const { kmsMasterKeyId } = topic.attributes;
    if (kmsMasterKeyId === undefined) return;
    withPrefixedKeyErrors(() =>
      checkKeyUse(this.keys, this.authorize, kmsMasterKeyId, {
        ...topic.address,
        service: 'sns',
        actions: ['GenerateDataKey', 'Decrypt'],
        encryptionContext: { 'aws:sns:topicArn': topic.arn },
        caller,
        ...(call && { call }),
      }),
    );
  }
}
