import type { HttpAnswer, HttpCallError } from '../../../network/http-call';
import type { AttemptFailure } from '../delivery/retrying';

/** How much of an answer the log shows. */
const longestShown = 1024;
/** The batch is too large for the endpoint: it will be too large again. */
const contentTooLarge = 413;

/**
 * Why an answer of an HTTP endpoint is no success; undefined if it is one.
 *
 * @param requestId - of the request
 * @see https://docs.aws.amazon.com/firehose/latest/dev/httpdeliveryrequestresponse.html#responseformat
 */
export function failureOfAnswer(
  { status, headers, body }: HttpAnswer,
  requestId: string,
): AttemptFailure | undefined {
  const text = body.toString('utf8');
  const raw = `${status} ${text.slice(0, longestShown)}`;
  // A redirection counts as an answer that says nothing.
  if (status >= 300 && status < 400) return destinationException(500, '');
  if (status !== 200) return destinationException(status, text);
  if (headers['content-type']?.split(';')[0]?.trim() !== 'application/json')
    return invalid(`Response for request ${requestId} has no content type application/json`, raw);
  if (headers['content-encoding'] !== undefined)
    return invalid(`Response for request ${requestId} must not be content-encoded`, raw);
  if (headers['content-length'] === undefined)
    return invalid(`Response for request ${requestId} has no content length`, raw);
  const document = objectOf(text);
  const known = ['errorMessage', 'requestId', 'timestamp'];
  if (
    !document ||
    typeof document.requestId !== 'string' ||
    Object.keys(document).some((name) => !known.includes(name))
  )
    return invalid(
      `Response for request ${requestId} is not recognized as valid JSON or has unexpected fields`,
      raw,
    );
  if (document.requestId !== requestId)
    return invalid(
      `Response for request ${requestId} has a requestId that does not match: ${document.requestId}`,
      raw,
    );
  if (typeof document.timestamp !== 'number')
    return invalid(`Response for request ${requestId} has no timestamp that is a number`, raw);
  return undefined;
}

/** https://docs.aws.amazon.com/firehose/latest/dev/http_troubleshooting.html */
export function failureOfCall({ kind, message }: HttpCallError): AttemptFailure {
  switch (kind) {
    case 'timeout':
      return {
        code: 'HttpEndpoint.RequestTimeout',
        message:
          'The request timed out before a response was received and will be retried. If this error persists, contact the AWS Firehose service team.',
      };
    case 'too large':
      return {
        code: 'HttpEndpoint.ResponseTooLarge',
        message:
          'The response received from the endpoint is too large. Contact the owner of the endpoint to resolve this issue.',
      };
    case 'reset':
      return {
        code: 'HttpEndpoint.ConnectionReset',
        message: `The connection maintained with the endpoint has been reset. Contact the owner of the endpoint to resolve this issue. (${message})`,
      };
    case 'tls':
      return {
        code: 'HttpEndpoint.SSLHandshakeFailure',
        message: `Unable to complete an SSL Handshake with the endpoint. Contact the owner of the endpoint to resolve this issue. (${message})`,
      };
    case 'connection':
      return {
        code: 'HttpEndpoint.ConnectionFailed',
        message: `Connection to the endpoint could not be established. Contact the owner of the endpoint to resolve this issue. (${message})`,
      };
  }
}

function destinationException(status: number, body: string): AttemptFailure {
  return {
    code: 'HttpEndpoint.DestinationException',
    message: `Received the following response from the endpoint destination. ${status}: ${body.slice(0, longestShown)}`,
    final: status === contentTooLarge,
  };
}

function invalid(reason: string, raw: string): AttemptFailure {
  return {
    code: 'HttpEndpoint.InvalidResponseFromDestination',
    message: `The response received from the specified endpoint is invalid. Contact the owner of the endpoint to resolve the issue. ${reason}. Raw response received: ${raw}`,
  };
}

function objectOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value))
      : undefined;
  } catch {
    return undefined;
  }
}
