import type { Clock } from '../../clock/clock';
import { ServiceError } from '../../protocol/errors';

/** For how long a token stands for its request, in emulated milliseconds. */
const validity = 10 * 60_000;

/**
 * Requests that carried a client token, so that one that is repeated is not carried out twice.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
export class RequestTokens {
  private readonly requests = new Map<string, { digest: string; until: number }>();

  constructor(private readonly clock: Clock) {}

  /**
   * Whether this very request has been carried out within 10 minutes.
   *
   * @throws ServiceError IdempotentParameterMismatchException if it was another request.
   */
  isRepeated(token: string, digest: string): boolean {
    const known = this.requests.get(token);
    if (!known || known.until <= this.clock.now()) return false;
    if (known.digest === digest) return true;
    throw new ServiceError(
      'IdempotentParameterMismatchException',
      'The provided idempotency token was used with different request parameters',
    );
  }

  remember(token: string, digest: string): void {
    const now = this.clock.now();
    for (const [other, { until }] of this.requests) {
      // They are in the order in which they end.
      if (until > now) break;
      this.requests.delete(other);
    }
    this.requests.delete(token);
    this.requests.set(token, { digest, until: now + validity });
  }
}
