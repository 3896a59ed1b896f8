import { invalidParameter } from './errors';

/** Where a topic lives. */
export interface TopicAddress {
  readonly account: string;
  readonly region: string;
  readonly name: string;
}

const standardName = /^[A-Za-z0-9_-]{1,256}$/;
const fifoName = /^(?=.{1,256}$)[A-Za-z0-9_-]+\.fifo$/;

/**
 * Checks the name of a new topic: 1 to 256 letters, digits, hyphens and underscores, and the suffix
 * `.fifo` (which counts) exactly on FIFO topics.
 */
export function checkTopicName(name: string, fifo: boolean): void {
  if (fifo && !fifoName.test(name)) {
    throw invalidParameter(
      'Fifo Topic names must end with .fifo and must be made up of only uppercase and lowercase ASCII letters, numbers, underscores, and hyphens, and must be between 1 and 256 characters long.',
    );
  }
  if (!fifo && !standardName.test(name)) throw invalidParameter('Topic Name');
}

/** `arn:aws:sns:<region>:<account>:<name>` */
export function topicArn({ region, account, name }: TopicAddress): string {
  return `arn:aws:sns:${region}:${account}:${name}`;
}

/**
 * The parts of a topic's ARN.
 *
 * @param parameter - the parameter that holds it
 * @throws InvalidParameter
 */
export function parseTopicArn(arn: string, parameter = 'TopicArn'): TopicAddress {
  const parts = arnParts(arn, parameter);
  const [, , service, region = '', account = '', name = ''] = parts;
  if (parts.length !== 6 || service !== 'sns' || !/^\d{12}$/.test(account) || name === '')
    throw invalidParameter(parameter);
  return { region, account, name };
}

/**
 * The topic and the id within a subscription's ARN, `<topic ARN>:<id>`.
 *
 * @throws InvalidParameter
 */
export function parseSubscriptionArn(arn: string): { topic: TopicAddress; id: string } {
  const parts = arnParts(arn, 'SubscriptionArn');
  const id = parts[6];
  if (parts.length !== 7 || id === undefined) throw invalidParameter('SubscriptionId');
  return { topic: parseTopicArn(parts.slice(0, 6).join(':'), 'SubscriptionArn'), id };
}

/** The account in an ARN of any service; undefined if it has none. */
export function accountOf(arn: string): string | undefined {
  return /^arn:[^:]+:[^:]+:[^:]*:(\d{12}):/.exec(arn)?.[1];
}

/** The parts of an ARN. @throws InvalidParameter if there are fewer than six */
export function arnParts(arn: string, parameter: string): string[] {
  const parts = arn.split(':');
  if (parts.length < 6) {
    throw invalidParameter(
      `${parameter} Reason: An ARN must have at least 6 elements, not ${parts.length}`,
    );
  }
  if (parts[0] !== 'arn') throw invalidParameter(parameter);
  return parts;
}

/** Whether a text is a phone number as SNS takes them: E.164, with some punctuation. */
export function isPhoneNumber(text: string): boolean {
  return /^\+?[1-9]\d{1,14}$/.test(text.replace(/[\s().-]/g, ''));
}
