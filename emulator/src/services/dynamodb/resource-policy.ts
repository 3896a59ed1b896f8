import { ServiceError } from '../../protocol/errors';
import { validation } from './errors';

/** Characters of a policy. */
const longest = 20 * 1024;

/** @throws ServiceError ValidationException for a text that is no policy document. */
export function checkPolicy(document: string): void {
  if (document.length > longest)
    throw validation('Resource policy exceeds the maximum size of 20 KB');
  try {
    const content: unknown = JSON.parse(document);
    if (typeof content === 'object' && content !== null && 'Statement' in content) return;
  } catch {
    // Reported below, together with JSON that is no policy.
  }
  throw validation('Invalid policy document');
}

/** A table without a policy, or with another revision than the caller expects. */
export function policyNotFound(message: string): ServiceError {
  return new ServiceError('PolicyNotFoundException', message);
}
