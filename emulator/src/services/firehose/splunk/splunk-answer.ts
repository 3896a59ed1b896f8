import type { HttpAnswer, HttpCallError } from '../../../network/http-call';
import type { AttemptFailure } from '../delivery/retrying';

/** What Firehose says of failures. https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-logs.html#monitoring-splunk-errors */
const failures = {
  AckTimeout:
    "Did not receive an acknowledgement from HEC before the HEC acknowledgement timeout expired. Despite the acknowledgement timeout, it's possible the data was indexed successfully in Splunk. Amazon Data Firehose backs up in Amazon S3 data for which the acknowledgement timeout expired.",
  ConnectionClosed:
    'Unable to send data to Splunk due to a connection failure. This might be a transient error. Increasing the retry duration in your Firehose configuration might guard against such transient failures.',
  ConnectionTimeout:
    'The connection to Splunk timed out. This might be a transient error and the request will be retried. Firehose backs up the data to Amazon S3 if all retries fail.',
  DisabledAck:
    'Indexer acknowledgement is disabled for the HEC token. Enable indexer acknowledgement and try again.',
  DisabledToken: 'The HEC token is disabled. Enable the token to allow data delivery to Splunk.',
  InvalidDataFormat:
    'The data is not formatted correctly. To see how to properly format data for Raw or Event HEC endpoints, see Splunk Event Data.',
  InvalidEndpoint:
    'Could not connect to the HEC endpoint. Make sure that the HEC endpoint URL is valid and reachable from Firehose.',
  InvalidIndex:
    'The HEC token or input is configured with an invalid index. Check your index configuration and try again.',
  InvalidToken: 'The HEC token is invalid. Update Firehose with a valid HEC token.',
  SSLHandshake:
    'Could not connect to the HEC endpoint. Make sure that the certificate and the host are valid.',
  ServerError:
    'Data delivery to Splunk failed due to a server error from the HEC node. Firehose will retry sending the data if the retry duration in your Firehose is greater than 0. If all the retries fail, Firehose backs up the data to Amazon S3.',
} as const;

/** The code in the answers of the HTTP Event Collector to what it means. https://docs.splunk.com/Documentation/Splunk/latest/Data/TroubleshootHTTPEventCollector */
const byCode: Readonly<Record<number, keyof typeof failures>> = {
  1: 'DisabledToken',
  2: 'InvalidToken',
  3: 'InvalidToken',
  4: 'InvalidToken',
  5: 'InvalidDataFormat',
  6: 'InvalidDataFormat',
  7: 'InvalidIndex',
  8: 'ServerError',
  9: 'ServerError',
  10: 'InvalidDataFormat',
  11: 'InvalidDataFormat',
  12: 'InvalidDataFormat',
  13: 'InvalidDataFormat',
  14: 'DisabledAck',
};

/** A failure as the log and the backup name it. */
export function splunkFailure(name: keyof typeof failures): AttemptFailure {
  return { code: `Splunk.${name}`, message: failures[name] };
}

/** The id by which the collector acknowledges what it has got, or why there is none. */
export function acknowledgmentId(answer: HttpAnswer): number | AttemptFailure {
  const { ackId, code } = membersOf(answer);
  if (answer.status !== 200) {
    const unauthorized = answer.status === 401 || answer.status === 403;
    const name = byCode[Number(code)] ?? (unauthorized ? 'InvalidToken' : 'ServerError');
    return splunkFailure(name);
  }
  return typeof ackId === 'number' ? ackId : splunkFailure('DisabledAck');
}

/** Whether the answer to a question for acknowledgments has that of an id. */
export function isAcknowledged(answer: HttpAnswer, id: number): boolean {
  const { acks } = membersOf(answer);
  const entries: readonly [string, unknown][] = Object.entries(Object(acks));
  return (
    answer.status === 200 && entries.some(([key, value]) => key === String(id) && value === true)
  );
}

export function failureOfCall({ kind }: HttpCallError): AttemptFailure {
  switch (kind) {
    case 'connection':
      return splunkFailure('InvalidEndpoint');
    case 'reset':
      return splunkFailure('ConnectionClosed');
    case 'timeout':
      return splunkFailure('ConnectionTimeout');
    case 'tls':
      return splunkFailure('SSLHandshake');
    case 'too large':
      return splunkFailure('ServerError');
  }
}

function membersOf({ body }: HttpAnswer): Readonly<Record<string, unknown>> {
  try {
    return Object.fromEntries(Object.entries(Object(JSON.parse(body.toString('utf8')))));
  } catch {
    return {};
  }
}
