import { invalidAttributeValue, invalidValue } from './errors';
import { parseQueueArn } from './names';

/** A queue's RedrivePolicy: where messages go that were received too often. */
export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  /** 1 to 1000. @default 10 */
  readonly maxReceiveCount: number;
}

/** A dead-letter queue's RedriveAllowPolicy: which queues may use it. */
export interface RedriveAllowPolicy {
  readonly redrivePermission: 'allowAll' | 'denyAll' | 'byQueue';
  /** At most 10; with `byQueue` only. */
  readonly sourceQueueArns?: readonly string[];
}

/**
 * Reads a RedrivePolicy.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
 */
export function parseRedrivePolicy(text: string): RedrivePolicy {
  const policy = jsonObject(text);
  if (!policy) throw invalidValue(text, 'RedrivePolicy', 'Redrive policy is not a valid JSON map.');
  const { deadLetterTargetArn, maxReceiveCount = 10 } = policy;
  if (deadLetterTargetArn === undefined) {
    throw invalidValue(
      text,
      'RedrivePolicy',
      'Redrive policy does not contain mandatory attribute: deadLetterTargetArn.',
    );
  }
  if (typeof deadLetterTargetArn !== 'string' || !parseQueueArn(deadLetterTargetArn)) {
    throw invalidValue(text, 'RedrivePolicy', 'Invalid value for deadLetterTargetArn.');
  }
  const count = Number(maxReceiveCount);
  if (!Number.isInteger(count) || count < 1 || count > 1000) {
    throw invalidValue(
      text,
      'RedrivePolicy',
      `Invalid value for maxReceiveCount: ${String(maxReceiveCount)}, valid values are from 1 to 1000 both inclusive.`,
    );
  }
  const unknown = Object.keys(policy).find(
    (key) => key !== 'deadLetterTargetArn' && key !== 'maxReceiveCount',
  );
  if (unknown !== undefined) {
    throw invalidValue(
      text,
      'RedrivePolicy',
      'Only following attributes are supported: [deadLetterTargetArn, maxReceiveCount].',
    );
  }
  return { deadLetterTargetArn, maxReceiveCount: count };
}

/** Reads a RedriveAllowPolicy. */
export function parseRedriveAllowPolicy(text: string): RedriveAllowPolicy {
  const policy = jsonObject(text);
  const refuse = (reason: string) => invalidAttributeValue('RedriveAllowPolicy', reason);
  if (!policy) throw refuse('Redrive allow policy is not a valid JSON map.');
  const { redrivePermission, sourceQueueArns } = policy;
  if (
    redrivePermission !== 'allowAll' &&
    redrivePermission !== 'denyAll' &&
    redrivePermission !== 'byQueue'
  ) {
    throw refuse('redrivePermission must be one of allowAll, denyAll, byQueue.');
  }
  if (redrivePermission !== 'byQueue') {
    if (sourceQueueArns !== undefined) {
      throw refuse('sourceQueueArns can be specified only when redrivePermission is byQueue.');
    }
    return { redrivePermission };
  }
  if (!isStringList(sourceQueueArns) || sourceQueueArns.length === 0) {
    throw refuse('sourceQueueArns must be specified when redrivePermission is byQueue.');
  }
  if (sourceQueueArns.length > 10) {
    throw refuse('sourceQueueArns can contain up to 10 source queue ARNs.');
  }
  const wrong = sourceQueueArns.find((arn) => !parseQueueArn(arn));
  if (wrong !== undefined) throw refuse(`${wrong} is not a valid queue ARN.`);
  return { redrivePermission, sourceQueueArns };
}

/** Whether a dead-letter queue with that policy lets a queue use it. */
export function allowsSource(policy: RedriveAllowPolicy | undefined, sourceArn: string): boolean {
  if (policy === undefined || policy.redrivePermission === 'allowAll') return true;
  return policy.redrivePermission === 'byQueue' && !!policy.sourceQueueArns?.includes(sourceArn);
}

function jsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? { ...value }
      : undefined;
  } catch {
    return undefined;
  }
}

function isStringList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
