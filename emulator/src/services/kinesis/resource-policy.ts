import { policyProblem } from '../../iam/policy-grammar';
import { invalidArgument } from './errors';

/** The most bytes of a policy: 20 KB. */
const maximumBytes = 20 * 1024;

/** @throws ServiceError InvalidArgumentException for anything but a resource policy */
export function checkPolicy(text: string): void {
  if (Buffer.byteLength(text) > maximumBytes)
    throw invalidArgument('The resource policy is larger than 20 KB.');
  const problem = policyProblem(text, 'resource');
  if (problem !== undefined) throw invalidArgument(`Invalid resource policy: ${problem}`);
}
