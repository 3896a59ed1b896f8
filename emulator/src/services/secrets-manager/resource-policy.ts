import { conditionProblem } from '../../iam/policy-grammar';
import { ServiceError } from '../../protocol/errors';

/** @throws ServiceError `MalformedPolicyDocumentException` unless the text is a JSON object with statements, whose conditions are well formed. */
export function assertPolicyIsJson(text: string): void {
  let policy: unknown;
  try {
    policy = JSON.parse(text);
  } catch {
    throw malformed('This resource policy contains invalid Json.');
  }
  if (typeof policy !== 'object' || policy === null || !('Statement' in policy))
    throw malformed('This resource policy contains a syntax error: it has no Statement.');
  for (const statement of [policy.Statement].flat()) {
    const problem = conditionProblem(Object(statement).Condition);
    if (problem !== undefined)
      throw malformed(`This resource policy contains a syntax error: ${problem}`);
  }
}

function malformed(message: string): ServiceError {
  return new ServiceError('MalformedPolicyDocumentException', message);
}
