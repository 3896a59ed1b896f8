import { ServiceError } from '../../protocol/errors';

// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html

export function noSuchBucket(): ServiceError {
  return new ServiceError('NoSuchBucket', 'The specified bucket does not exist', { status: 404 });
}

export function noSuchKey(): ServiceError {
  return new ServiceError('NoSuchKey', 'The specified key does not exist.', { status: 404 });
}

export function noSuchVersion(): ServiceError {
  return new ServiceError('NoSuchVersion', 'The specified version does not exist.', {
    status: 404,
  });
}

export function noSuchUpload(): ServiceError {
  return new ServiceError(
    'NoSuchUpload',
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    { status: 404 },
  );
}

/** What a delete marker cannot do for an object. */
export function methodNotAllowed(): ServiceError {
  return new ServiceError(
    'MethodNotAllowed',
    'The specified method is not allowed against this resource.',
    { status: 405 },
  );
}

/** A HEAD request has no body to say more in. */
export function notFound(): ServiceError {
  return new ServiceError('NotFound', 'Not Found', { status: 404 });
}

export function invalidArgument(message: string): ServiceError {
  return new ServiceError('InvalidArgument', message, { status: 400 });
}

export function invalidRequest(message: string): ServiceError {
  return new ServiceError('InvalidRequest', message, { status: 400 });
}

export function preconditionFailed(): ServiceError {
  return new ServiceError(
    'PreconditionFailed',
    'At least one of the pre-conditions you specified did not hold',
    { status: 412 },
  );
}

export function notModified(): ServiceError {
  return new ServiceError('NotModified', 'Not Modified', { status: 304 });
}

export function malformedXml(): ServiceError {
  return new ServiceError(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
    { status: 400 },
  );
}

/** A setting of a bucket that nobody has made. */
export function noSuchConfiguration(
  code: string,
  message: string,
  members: Readonly<Record<string, string>> = {},
): ServiceError {
  return new ServiceError(code, message, { status: 404, members });
}
