import type { Authorize, Caller } from '../../iam/caller';
import { ServiceError } from '../../protocol/errors';
import { checkKeyUse, type UsableKeys } from '../key-use';
import { invalid } from './errors';
import type { LogGroup } from './log-group';
import type { StoredEvent } from './log-stream';

/** What CloudFormation takes too; an id or an alias by its name is none. */
const keyArn = /^arn:[a-z0-9-]+:kms:[a-z0-9-]+:\d{12}:(key|alias)\/.+$/;

/** What KMS says of a key that is there and cannot be used. */
const unusable: ReadonlySet<string> = new Set(['DisabledException', 'KMSInvalidStateException']);

/**
 * Keys of log groups: CloudWatch Logs itself needs them, whoever writes or reads. Events themselves are not encrypted.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
export class LogEncryption {
  constructor(
    private readonly keys: UsableKeys,
    private readonly authorize: Authorize,
  ) {}

  /**
   * Checks that events of a group can be encrypted with a key.
   *
   * @throws ServiceError InvalidParameterException for a key that is missing or disabled, AccessDeniedException for one whose
   *   policy does not let CloudWatch Logs use it for the group
   */
  check(keyId: string, group: Pick<LogGroup, 'account' | 'arn' | 'region'>): void {
    if (!keyArn.test(keyId)) throw keyNotFound();
    this.use(keyId, group, ['GenerateDataKey', 'Decrypt']);
  }

  /** Checks that the key of a group can be used, if it has one. @throws ServiceError as {@link check} */
  forWriting(group: LogGroup): void {
    if (group.kmsKeyId !== undefined) this.use(group.kmsKeyId, group, ['GenerateDataKey']);
  }

  /** Checks that the keys can be used under which events were written. @throws ServiceError as {@link check} */
  forReading(group: LogGroup, events: readonly StoredEvent[]): void {
    for (const keyId of new Set(events.map((event) => event.kmsKeyId)))
      if (keyId !== undefined) this.use(keyId, group, ['Decrypt']);
  }

  private use(
    keyId: string,
    { account, arn, region }: Pick<LogGroup, 'account' | 'arn' | 'region'>,
    actions: readonly string[],
  ): void {
    const service = `logs.${region}.amazonaws.com`;
    const caller: Caller = { kind: 'service', service, account, arn: service, sourceArn: arn };
    try {
      checkKeyUse(this.keys, this.authorize, keyId, {
        service: 'logs',
        actions,
        encryptionContext: { 'aws:logs:arn': arn },
        account,
        region,
        caller,
      });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      if (error.code === 'NotFoundException') throw keyNotFound();
      if (unusable.has(error.code)) throw invalid(error.message);
      if (error.code !== 'AccessDeniedException') throw error;
      throw new ServiceError(
        'AccessDeniedException',
        `The specified KMS key does not exist or is not allowed to be used with Arn '${arn}'`,
      );
    }
  }
}

function keyNotFound(): ServiceError {
  return invalid('The specified KMS Key Id could not be found.');
}
