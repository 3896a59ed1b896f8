import type { Decision } from './decision-log';

/**
 * Why a call is denied, in AWS's words.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
export function denialMessage(decision: Decision): string {
  const { caller, resource } = decision.request;
  const action = spelledAction(decision.request.action);
  const what = `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource}`;
  const why = denialReason(decision);
  return why === undefined ? what : `${what} ${why}`;
}

/** The last part of the message; undefined where AWS gives none. */
export function denialReason({ request, verdict }: Decision): string | undefined {
  const { explicit, lacking } = verdict;
  const { action } = request;
  if (lacking === undefined) return undefined;
  if (explicit) {
    const article = lacking === 'identity-based policy' ? 'an' : 'a';
    return `with an explicit deny in ${article} ${lacking}`;
  }
  // What AssumeRole says of a trust policy that does not name the caller.
  if (lacking === 'resource-based policy' && action.startsWith('sts:')) return undefined;
  return `because no ${lacking} allows the ${spelledAction(action)} action`;
}

/** SQS writes its actions in lower case (https://github.com/aws/serverless-application-model/issues/3633), SNS its own name in capitals. */
function spelledAction(action: string): string {
  return action.startsWith('sqs:') ? action.toLowerCase() : action.replace(/^sns:/, 'SNS:');
}
