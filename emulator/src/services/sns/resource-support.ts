import type { ResourceRequest } from '../../cloudformation/provider';
import type { DocumentSurroundings } from './documents';
import { notFound } from './errors';
import { parseTopicArn } from './names';
import type { SnsState } from './sns-state';
import type { Subscriber } from './subscriber';
import type { Topic } from './topic';

/** What the providers of SNS's CloudFormation types work with. */
export interface SnsResources {
  readonly state: SnsState;
  readonly subscriber: Subscriber;
  readonly surroundings: () => Promise<DocumentSurroundings>;
}

/** Asks whether a deployment may do something. */
export function authorize(
  { state }: SnsResources,
  { caller }: ResourceRequest,
  action: string,
  resource: string,
  context?: Readonly<Record<string, string>>,
): void {
  state.environment.authorize({ caller, action, resource, ...(context && { context }) });
}

/** The topic of an ARN. @throws InvalidParameter, NotFound */
export function requireTopic({ state }: SnsResources, arn: string): Topic {
  const topic = state.find(parseTopicArn(arn));
  if (!topic) throw notFound('Topic');
  return topic;
}
