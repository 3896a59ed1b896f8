import type { Catalog } from '../protocol/catalog';
import { ServiceError } from '../protocol/errors';
import type { WireError } from '../protocol/wire-protocol';

/** What the SDK's own exception classes have in common. */
interface SdkException extends Error {
  readonly $fault: 'client' | 'server';
}

/** Members of an exception that are not members of the error's shape. */
const exceptionProperties = new Set([
  'name',
  'message',
  'stack',
  '$fault',
  '$metadata',
  '$response',
  '$retryable',
  '$service',
]);

/** Statuses that models leave out: S3 answers HEAD requests with nothing but the status. */
const unmodelledStatus: Readonly<Record<string, number>> = { NotFound: 404 };

/**
 * What a handler threw, as an error on the wire. Anything but a {@link ServiceError} or an exception
 * of the SDK is a defect of ours: it answers `InternalFailure` and is reported.
 */
export function wireError(
  thrown: unknown,
  catalog: Catalog | undefined,
  report: (defect: unknown) => void,
): WireError {
  if (thrown instanceof ServiceError) {
    const { code, message, options } = thrown;
    return describe(catalog, code, message, options.members ?? {}, options);
  }
  if (isSdkException(thrown)) {
    const members = Object.entries(thrown).filter(([name]) => !exceptionProperties.has(name));
    const fault = thrown.$fault === 'server' ? 'Receiver' : 'Sender';
    return describe(catalog, thrown.name, thrown.message, Object.fromEntries(members), { fault });
  }
  report(thrown);
  const message = String(Object(thrown).message ?? thrown);
  return describe(catalog, 'InternalFailure', message, {}, { status: 500 });
}

/**
 * The answer to credentials of a session that is over. S3 and the query protocol have their own name for it.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList
 */
export function expiredToken(signingName: string): ServiceError {
  if (signingName === 's3')
    return new ServiceError('ExpiredToken', 'The provided token has expired.', { status: 400 });
  return new ServiceError(
    'ExpiredTokenException',
    'The security token included in the request is expired',
    { status: 403, queryCode: 'ExpiredToken' },
  );
}

function describe(
  catalog: Catalog | undefined,
  code: string,
  message: string,
  members: Readonly<Record<string, unknown>>,
  said: {
    status?: number;
    queryCode?: string;
    queryMessage?: string;
    fault?: 'Sender' | 'Receiver';
  },
): WireError {
  const modelled = catalog?.error(code);
  const status =
    said.status ??
    modelled?.status ??
    unmodelledStatus[code] ??
    ((modelled?.fault ?? said.fault) === 'Receiver' ? 500 : 400);
  return {
    code: modelled ? modelled.shape.name : code,
    queryCode: said.queryCode ?? modelled?.queryCode ?? code,
    message,
    queryMessage: said.queryMessage ?? message,
    status,
    fault: said.fault ?? modelled?.fault ?? (status >= 500 ? 'Receiver' : 'Sender'),
    modelled,
    members,
  };
}

function isSdkException(thrown: unknown): thrown is SdkException {
  return (
    typeof thrown === 'object' &&
    thrown !== null &&
    '$fault' in thrown &&
    'name' in thrown &&
    typeof thrown.name === 'string'
  );
}
