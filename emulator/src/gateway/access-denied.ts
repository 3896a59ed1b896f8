import type { Decision } from '../iam/decision-log';
import { denialMessage, denialReason } from '../iam/denial-message';
import { ServiceError } from '../protocol/errors';

interface Answer {
  readonly code: string;
  readonly status: number;
  readonly queryCode?: string;
}

const query: Answer = { code: 'AccessDenied', status: 403 };
const json: Answer = { code: 'AccessDeniedException', status: 400 };
const rest: Answer = { code: 'AccessDeniedException', status: 403 };

/**
 * How each service refuses a call: those with a query API by AccessDenied, the others by AccessDeniedException, whose
 * status is 403 where the API is REST and 400 where it is JSON.
 */
const answers: Readonly<Record<string, Answer>> = {
  autoscaling: query,
  cloudformation: query,
  cloudwatch: query,
  monitoring: query,
  ec2: { code: 'UnauthorizedOperation', status: 403 },
  elasticfilesystem: rest,
  elasticloadbalancing: query,
  iam: query,
  lambda: rest,
  mq: { code: 'ForbiddenException', status: 403 },
  rds: query,
  s3: query,
  sns: { code: 'AuthorizationErrorException', status: 403, queryCode: 'AuthorizationError' },
  sqs: query,
  sts: query,
};

/** The error that a denied call ends with, in the form and the words of the service that was called. */
export function accessDenied(decision: Decision): ServiceError {
  const { action, call } = decision.request;
  const asked = action.slice(0, action.indexOf(':'));
  // PassRole and the like are refused by the service that was called; KMS answers by itself, to the service.
  const service = asked === 'kms' ? asked : (call?.service ?? asked);
  const { code, status, queryCode } = answers[service] ?? json;
  return new ServiceError(code, messageOf(service, decision), { status, queryCode });
}

function messageOf(service: string, decision: Decision): string {
  const { caller, action, resource } = decision.request;
  if (service === 'ec2')
    return `You are not authorized to perform this operation. ${denialMessage(decision)}`;
  if (service !== 's3') return denialMessage(decision);
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html: no reason for strangers.
  const owner = decision.resourceAccount === caller.account;
  const why = denialReason(decision);
  return owner && why !== undefined
    ? `User: ${caller.arn} is not authorized to perform: ${action} on resource: "${resource}" ${why}`
    : 'Access Denied';
}
