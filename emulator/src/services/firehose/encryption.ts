import { ServiceError } from '../../protocol/errors';
import { acceptOnly } from '../accepted-parameters';
import { Constraints } from '../constraints';
import { checkKeyUse } from '../key-use';
import type { CreateInput } from './api';
import type { DeliveryStream, Encryption } from './delivery-stream';
import { invalidArgument } from './errors';
import type { RoleGiver } from './roles';
import type { FirehoseState } from './state';

export type EncryptionInput = NonNullable<
  CreateInput['DeliveryStreamEncryptionConfigurationInput']
>;

/** A key that a delivery stream is encrypted with. */
export type EncryptionKey = Required<Pick<Encryption, 'keyType'>> & Pick<Encryption, 'keyArn'>;

/** Errors of KMS that Firehose passes on. */
const keyErrors: ReadonlySet<string> = new Set([
  'AccessDeniedException',
  'DisabledException',
  'KMSInvalidStateException',
  'NotFoundException',
]);

/**
 * The key that a request asks for: Firehose's own, or one of the customer's, for which Firehose gives itself a grant on the
 * caller's behalf.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/encryption.html
 * @throws ServiceError InvalidArgumentException, InvalidKMSResourceException
 */
export function encryptionKey(
  state: FirehoseState,
  { address, arn, source }: DeliveryStream,
  input: EncryptionInput | undefined,
  giver: RoleGiver,
): EncryptionKey {
  if (source)
    throw invalidArgument(
      'Server-side encryption is only applicable for DirectPut stream type: the source stream is encrypted instead.',
    );
  const { KeyARN: keyArn, KeyType: keyType = 'AWS_OWNED_CMK' } = input ?? {};
  if (input) acceptOnly('DeliveryStreamEncryptionConfigurationInput', input, ['KeyARN', 'KeyType']);
  new Constraints('ValidationException')
    .oneOf('deliveryStreamEncryptionConfigurationInput.keyType', keyType, [
      'AWS_OWNED_CMK',
      'CUSTOMER_MANAGED_CMK',
    ])
    .pattern(
      'deliveryStreamEncryptionConfigurationInput.keyARN',
      keyArn,
      'arn:.*:kms:[a-zA-Z0-9\\-]+:\\d{12}:(key|alias)/[a-zA-Z_0-9+=,.@\\-_/]+',
    )
    .check();
  if (keyType === 'AWS_OWNED_CMK') {
    if (keyArn !== undefined)
      throw invalidArgument('KeyARN must not be specified with KeyType AWS_OWNED_CMK.');
    return { keyType };
  }
  if (keyArn === undefined)
    throw invalidArgument('KeyARN must be specified with KeyType CUSTOMER_MANAGED_CMK.');
  const { environment, ports } = state;
  withKeyErrors(() =>
    checkKeyUse(ports.keys, environment.authorize, keyArn, {
      ...address,
      service: 'firehose',
      actions: ['CreateGrant'],
      encryptionContext: { 'aws:kinesis:firehose:arn': arn },
      caller: giver.caller,
      call: giver.call,
    }),
  );
  return { keyType, keyArn };
}

/** Checks that the key of a delivery stream can be used, if it has one. @throws ServiceError InvalidKMSResourceException */
export function checkKey({ ports }: FirehoseState, { address, encryption }: DeliveryStream): void {
  const { keyArn } = encryption;
  if (keyArn === undefined || encryption.status === 'DISABLED') return;
  withKeyErrors(() => ports.keys.usableKeyArn(keyArn, address.account, address.region));
}

function withKeyErrors(use: () => void): void {
  try {
    use();
  } catch (error) {
    if (!(error instanceof ServiceError) || !keyErrors.has(error.code)) throw error;
    const code = error.code.startsWith('KMS') ? error.code : `KMS${error.code}`;
    throw new ServiceError('InvalidKMSResourceException', error.message, { members: { code } });
  }
}
