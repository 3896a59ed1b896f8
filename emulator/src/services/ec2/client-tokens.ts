import { isDeepStrictEqual } from 'node:util';
import { ServiceError } from '../../protocol/errors';

/**
 * What calls with a client token have made, so that the same call again makes nothing more.
 *
 * @see https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html
 */
export class ClientTokens<T> {
  private readonly made = new Map<string, { readonly parameters: object; readonly result: T }>();

  /**
   * @param parameters - all of the call but its token
   * @throws ServiceError `IdempotentParameterMismatch` for a token that came with other parameters.
   */
  once(token: string | undefined, parameters: object, create: () => T): T {
    const before = token === undefined ? undefined : this.made.get(token);
    if (before && !isDeepStrictEqual(before.parameters, parameters))
      throw new ServiceError(
        'IdempotentParameterMismatch',
        'The client token you have provided has already been used with different parameters.',
      );
    if (before) return before.result;
    const result = create();
    if (token !== undefined) this.made.set(token, { parameters, result });
    return result;
  }
}
