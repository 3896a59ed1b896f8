import type { Handlers } from '../../../protocol/handlers';
import { acceptOnly } from '../../accepted-parameters';
import type { FirehoseApi } from '../api';
import type { DeliveryStream } from '../delivery-stream';
import { encryptionKey } from '../encryption';
import { invalidArgument, resourceInUse } from '../errors';
import type { FirehoseState } from '../state';

/** Turning the encryption of delivery streams on and off. */
export function encryptionOperations(state: FirehoseState) {
  return {
    StartDeliveryStreamEncryption(input, context) {
      acceptOnly('StartDeliveryStreamEncryption', input, [
        'DeliveryStreamEncryptionConfigurationInput',
        'DeliveryStreamName',
      ]);
      const stream = state.activeStream(
        context,
        input.DeliveryStreamName,
        'StartDeliveryStreamEncryption',
      );
      requireSettled(stream);
      const key = encryptionKey(state, stream, input.DeliveryStreamEncryptionConfigurationInput, {
        caller: context.caller,
        call: context,
      });
      stream.encryption = { ...key, status: 'ENABLING' };
      state.later(stream, 'encryption', () => {
        stream.encryption = { ...key, status: 'ENABLED' };
      });
      return {};
    },

    StopDeliveryStreamEncryption(input, context) {
      acceptOnly('StopDeliveryStreamEncryption', input, ['DeliveryStreamName']);
      const stream = state.activeStream(
        context,
        input.DeliveryStreamName,
        'StopDeliveryStreamEncryption',
      );
      if (stream.source)
        throw invalidArgument(
          'Server-side encryption is only applicable for DirectPut stream type.',
        );
      requireSettled(stream);
      stream.encryption = { ...stream.encryption, status: 'DISABLING' };
      state.later(stream, 'encryption', () => {
        stream.encryption = { status: 'DISABLED' };
      });
      return {};
    },
  } satisfies Handlers<FirehoseApi>;
}

/** @throws ServiceError ResourceInUseException while it changes */
function requireSettled({ address, encryption }: DeliveryStream): void {
  if (encryption.status === 'ENABLING' || encryption.status === 'DISABLING')
    throw resourceInUse(
      `The encryption of Firehose ${address.name} under accountId ${address.account} is ${encryption.status}.`,
    );
}
