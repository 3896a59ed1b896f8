import { invalidParameter } from './errors';
import { accountOf, arnParts, isPhoneNumber } from './names';

/** How messages get to a subscriber. */
export type Protocol =
  | 'application'
  | 'email'
  | 'email-json'
  | 'firehose'
  | 'http'
  | 'https'
  | 'lambda'
  | 'sms'
  | 'sqs';

const protocols: ReadonlySet<string> = new Set<Protocol>([
  'application',
  'email',
  'email-json',
  'firehose',
  'http',
  'https',
  'lambda',
  'sms',
  'sqs',
]);

/** Those that a topic with messages above 256 KiB may have. */
const largeMessageProtocols: ReadonlySet<Protocol> = new Set(['firehose', 'lambda', 'sqs']);

/** Whether subscribers of that protocol can get messages above 256 KiB. */
export function takesLargeMessages(protocol: Protocol): boolean {
  return largeMessageProtocols.has(protocol);
}

/** Reads a protocol. @throws InvalidParameter */
export function parseProtocol(text: string): Protocol {
  if (!isProtocol(text))
    throw invalidParameter(`Amazon SNS does not support this protocol string: ${text}`);
  return text;
}

/**
 * Checks an endpoint against protocol and topic: FIFO topics have queues only, and FIFO queues are for
 * FIFO topics only.
 *
 * @throws InvalidParameter
 * @see https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html
 */
export function checkEndpoint(protocol: Protocol, endpoint: string, fifoTopic: boolean): void {
  if (fifoTopic && protocol !== 'sqs')
    throw invalidParameter(
      `Invalid parameter: Protocol Reason: FIFO topics do not support the protocol ${protocol}`,
    );
  switch (protocol) {
    case 'http':
    case 'https':
      if (!endpoint.startsWith(`${protocol}://`))
        throw invalidParameter('Endpoint must match the specified protocol');
      if (!URL.canParse(endpoint)) throw invalidParameter('Endpoint');
      return;
    case 'email':
    case 'email-json':
      if (!/^[^\s@]+@[^\s@]+$/.test(endpoint)) throw invalidParameter('Email address');
      return;
    case 'sms':
      if (!isPhoneNumber(endpoint)) throw invalidParameter(`Invalid SMS endpoint: ${endpoint}`);
      return;
    case 'sqs':
      checkArn(endpoint, 'sqs', 'SQS endpoint ARN');
      if (endpoint.endsWith('.fifo') && !fifoTopic)
        throw invalidParameter(
          'Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics',
        );
      return;
    case 'lambda':
      checkArn(endpoint, 'lambda', 'Lambda endpoint ARN');
      return;
    case 'firehose':
      checkArn(endpoint, 'firehose', 'Firehose endpoint ARN');
      return;
    case 'application':
      checkArn(endpoint, 'sns', 'ApplicationEndpoint ARN');
  }
}

/**
 * Whether a subscription is there without anybody's confirmation: phones, and what belongs to the account
 * that subscribes it.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-send-message-to-sqs-cross-account.html
 */
export function isConfirmedAtOnce(protocol: Protocol, endpoint: string, account: string): boolean {
  switch (protocol) {
    case 'sms':
      return true;
    case 'sqs':
    case 'lambda':
    case 'firehose':
    case 'application':
      return accountOf(endpoint) === account;
    default:
      return false;
  }
}

function checkArn(endpoint: string, service: string, what: string): void {
  if (endpoint.split(':').length < 6) throw invalidParameter(what);
  if (arnParts(endpoint, 'Endpoint')[2] !== service || accountOf(endpoint) === undefined)
    throw invalidParameter(what);
}

function isProtocol(text: string): text is Protocol {
  return protocols.has(text);
}
