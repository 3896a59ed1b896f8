import type { Authorize, AuthorizedCall, Caller } from '../iam/caller';
import { ServiceError } from '../protocol/errors';

/** KMS, as far as services need keys; the composition root fills it. */
export interface UsableKeys {
  /** The ARN of a usable key, which an id, an alias, or an ARN of either names. @throws ServiceError as KMS does */
  usableKeyArn(keyId: string, account: string, region: string): string;
}

/** The use of a key by a service, on behalf of a caller. */
export interface KeyUse {
  /** The service, such as `sqs`. */
  readonly service: string;
  /** Such as `GenerateDataKey`. */
  readonly actions: readonly string[];
  /** Binds what is encrypted to what it belongs to. */
  readonly encryptionContext: Readonly<Record<string, string>>;
  /** Where the key is looked for. */
  readonly account: string;
  readonly region: string;
  readonly caller: Caller;
  readonly call?: AuthorizedCall;
}

/**
 * Checks that a key can be used, and that the caller may use it by way of the service. AWS asks KMS when it needs a new data
 * key, which may be minutes later; here every use is checked.
 *
 * @throws ServiceError with KMS's own codes
 */
export function checkKeyUse(
  keys: UsableKeys,
  authorize: Authorize,
  keyId: string,
  { account, call, caller, region, ...use }: KeyUse,
): void {
  const resource = keys.usableKeyArn(keyId, account, region);
  const context = keyConditions(caller, use.encryptionContext, `${use.service}.${region}`);
  for (const action of use.actions)
    authorize({ caller, action: `kms:${action}`, resource, context, call });
}

/** What KMS's errors are called by the services that have names of their own for them. */
const prefixedCodes: Readonly<Record<string, string>> = {
  AccessDeniedException: 'KMSAccessDeniedException',
  DisabledException: 'KMSDisabledException',
  KMSInvalidStateException: 'KMSInvalidStateException',
  NotFoundException: 'KMSNotFoundException',
};

/**
 * Runs what asks for keys, as a service does whose errors of KMS begin with `KMS`.
 *
 * @throws ServiceError KMSAccessDeniedException, KMSDisabledException, KMSInvalidStateException, KMSNotFoundException
 */
export function withPrefixedKeyErrors<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw new ServiceError(prefixedCodes[error.code] ?? error.code, error.message);
  }
}

/**
 * The condition keys of a call to KMS.
 *
 * @param via - service and region, such as `sqs.us-east-1`; undefined for a call to KMS itself
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
 */
export function keyConditions(
  caller: Caller,
  encryptionContext: Readonly<Record<string, string>>,
  via?: string,
): Record<string, string | string[]> {
  const pairs = Object.entries(encryptionContext);
  return {
    // A service that calls for itself is of no account: the keys that AWS manages do not let it in.
    ...(caller.kind !== 'service' && { 'kms:CallerAccount': caller.account }),
    ...(via !== undefined && { 'kms:ViaService': `${via}.amazonaws.com` }),
    ...(pairs.length > 0 && { 'kms:EncryptionContextKeys': pairs.map(([name]) => name) }),
    ...Object.fromEntries(pairs.map(([name, value]) => [`kms:EncryptionContext:${name}`, value])),
  };
}
