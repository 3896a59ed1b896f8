import type { ServiceError } from '../../../protocol/errors';
import { invalid } from '../errors';

/** What CloudWatch Logs says of most that is no pattern. */
export function invalidPattern(): ServiceError {
  return invalid('Invalid filter pattern');
}
