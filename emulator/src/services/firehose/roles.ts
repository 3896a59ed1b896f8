import type { Authorize, AuthorizedCall, Caller } from '../../iam/caller';
import { ServiceError } from '../../protocol/errors';
import type { ConfiguredDestination } from './delivery/destination-kind';
import { type DeliveryStream, firehosePrincipal } from './delivery-stream';
import { invalidArgument } from './errors';

/** Who gives a delivery stream its roles: a call, or CloudFormation on somebody's behalf. */
export interface RoleGiver {
  readonly caller: Caller;
  readonly call?: AuthorizedCall;
}

/**
 * Checks that a delivery stream may have a destination: that its roles are there to be used, then what it needs outside of Firehose.
 *
 * @throws ServiceError AccessDeniedException, InvalidArgumentException
 */
export function checkDestination(
  authorize: Authorize,
  stream: DeliveryStream,
  destination: ConfiguredDestination,
  giver: RoleGiver,
): void {
  checkRoles(authorize, stream, destination.roleArns, giver);
  destination.check?.(stream.surroundings());
}

/**
 * Checks that whoever configures a delivery stream may pass its roles to Firehose, and that each trusts it.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html
 * @throws ServiceError AccessDeniedException, InvalidArgumentException
 */
export function checkRoles(
  authorize: Authorize,
  stream: Pick<DeliveryStream, 'arn' | 'assumeRole'>,
  roleArns: readonly string[],
  { call, caller }: RoleGiver,
): void {
  for (const resource of new Set(roleArns)) {
    const context = {
      'iam:PassedToService': firehosePrincipal,
      'iam:AssociatedResourceArn': stream.arn,
    };
    authorize({ caller, action: 'iam:PassRole', resource, context, call });
    try {
      stream.assumeRole(resource);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      throw invalidArgument(
        `Firehose is unable to assume role ${resource}. Please check the role provided.`,
      );
    }
  }
}
