import { NotImplementedError, ServiceError } from '../../protocol/errors';
import type { CallContext, Handlers } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import { Constraints } from '../constraints';
import type { Cryptography, KeyUser } from './cryptography';

type Kms = typeof import('@aws-sdk/client-kms');

const symmetric = 'SYMMETRIC_DEFAULT';

/** Encryption, decryption and data keys. Grants take effect at once, so grant tokens add nothing. */
export function cryptographicOperations(cryptography: Cryptography): Handlers<Kms> {
  return {
    Encrypt(input, context) {
      acceptOnly('kms.Encrypt', input, [
        'KeyId',
        'Plaintext',
        'EncryptionContext',
        'GrantTokens',
        'EncryptionAlgorithm',
      ]);
      refuseAlgorithm(input.EncryptionAlgorithm);
      // https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html: 1 to 4,096 bytes
      new Constraints('ValidationException')
        .range('plaintext.length', input.Plaintext.length, 1, 4096)
        .check();
      const { key, ciphertext } = cryptography.encrypt(
        input.KeyId,
        input.Plaintext,
        input.EncryptionContext ?? {},
        userOf(context),
      );
      return { KeyId: key.arn, CiphertextBlob: ciphertext, EncryptionAlgorithm: symmetric };
    },

    Decrypt(input, context) {
      acceptOnly('kms.Decrypt', input, [
        'CiphertextBlob',
        'EncryptionContext',
        'GrantTokens',
        'KeyId',
        'EncryptionAlgorithm',
      ]);
      refuseAlgorithm(input.EncryptionAlgorithm);
      const { key, plaintext } = cryptography.decrypt(
        required(input.CiphertextBlob),
        input.EncryptionContext ?? {},
        input.KeyId,
        userOf(context),
      );
      return { KeyId: key.arn, Plaintext: plaintext, EncryptionAlgorithm: symmetric };
    },

    ReEncrypt(input, context) {
      acceptOnly('kms.ReEncrypt', input, [
        'CiphertextBlob',
        'SourceEncryptionContext',
        'SourceKeyId',
        'DestinationKeyId',
        'DestinationEncryptionContext',
        'SourceEncryptionAlgorithm',
        'DestinationEncryptionAlgorithm',
        'GrantTokens',
      ]);
      refuseAlgorithm(input.SourceEncryptionAlgorithm);
      refuseAlgorithm(input.DestinationEncryptionAlgorithm);
      const source = cryptography.decrypt(
        required(input.CiphertextBlob),
        input.SourceEncryptionContext ?? {},
        input.SourceKeyId,
        userOf(context),
        'kms:ReEncryptFrom',
      );
      const destination = cryptography.encrypt(
        input.DestinationKeyId,
        source.plaintext,
        input.DestinationEncryptionContext ?? {},
        userOf(context),
        'kms:ReEncryptTo',
      );
      return {
        CiphertextBlob: destination.ciphertext,
        SourceKeyId: source.key.arn,
        KeyId: destination.key.arn,
        SourceEncryptionAlgorithm: symmetric,
        DestinationEncryptionAlgorithm: symmetric,
      };
    },

    GenerateDataKey(input, context) {
      acceptOnly('kms.GenerateDataKey', input, [
        'KeyId',
        'EncryptionContext',
        'NumberOfBytes',
        'KeySpec',
        'GrantTokens',
      ]);
      const made = dataKey(input, context);
      return {
        CiphertextBlob: made.ciphertext,
        Plaintext: made.plaintext,
        KeyId: made.key.arn,
      };
    },

    GenerateDataKeyWithoutPlaintext(input, context) {
      acceptOnly('kms.GenerateDataKeyWithoutPlaintext', input, [
        'KeyId',
        'EncryptionContext',
        'NumberOfBytes',
        'KeySpec',
        'GrantTokens',
      ]);
      const made = dataKey(input, context, 'kms:GenerateDataKeyWithoutPlaintext');
      return { CiphertextBlob: made.ciphertext, KeyId: made.key.arn };
    },

    GenerateRandom(input, context) {
      acceptOnly('kms.GenerateRandom', input, ['NumberOfBytes']);
      context.authorize('kms:GenerateRandom', '*');
      const { NumberOfBytes: length } = input;
      if (length === undefined)
        throw new ServiceError('ValidationException', 'NumberOfBytes is required.');
      new Constraints('ValidationException').range('numberOfBytes', length, 1, 1024).check();
      const stream = `kms/${context.account}/${context.region}/random`;
      return { Plaintext: cryptography.bytes(stream, length) };
    },
  };

  function dataKey(
    input: {
      KeyId: string;
      NumberOfBytes?: number | undefined;
      KeySpec?: string | undefined;
      EncryptionContext?: Record<string, string> | undefined;
    },
    context: CallContext,
    action?: string,
  ) {
    new Constraints('ValidationException')
      .range('numberOfBytes', input.NumberOfBytes, 1, 1024)
      .oneOf('keySpec', input.KeySpec, ['AES_256', 'AES_128'])
      .check();
    if ((input.NumberOfBytes === undefined) === (input.KeySpec === undefined))
      throw new ServiceError(
        'ValidationException',
        'Please specify either number of bytes or key spec.',
      );
    const length = input.NumberOfBytes ?? (input.KeySpec === 'AES_128' ? 16 : 32);
    const encryptionContext = input.EncryptionContext ?? {};
    return cryptography.dataKey(input.KeyId, length, encryptionContext, userOf(context), action);
  }
}

function userOf(context: CallContext): KeyUser {
  const { account, caller, region } = context;
  return { account, caller, region, call: context };
}

function refuseAlgorithm(algorithm: string | undefined): void {
  if (algorithm !== undefined && algorithm !== symmetric)
    throw new NotImplementedError(`EncryptionAlgorithm ${algorithm}`);
}

function required(ciphertext: Uint8Array | undefined): Uint8Array {
  if (ciphertext === undefined)
    throw new ServiceError('ValidationException', 'CiphertextBlob is required.');
  return ciphertext;
}
