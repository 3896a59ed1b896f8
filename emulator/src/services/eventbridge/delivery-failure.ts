import type { ServiceError } from '../../protocol/errors';

/** Why a target did not take an event. */
export interface DeliveryFailure {
  /** As the dead-letter queue's `ERROR_CODE` has it. */
  readonly code: string;
  readonly message: string;
  /** Whether it may well work later. */
  readonly passing: boolean;
}

/**
 * An error of a target's service in EventBridge's words. What lacks permission or is not there is not tried again.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-event-delivery.html
 */
export function deliveryFailure({ code, message, options }: ServiceError): DeliveryFailure {
  const passing = (failure: string) => ({ code: failure, message, passing: true });
  const lasting = (failure: string) => ({ code: failure, message, passing: false });
  // What EventBridge itself has found.
  if (/^[A-Z_]+$/.test(code)) return lasting(code);
  if (/throttl|TooManyRequests/i.test(code)) return passing('THROTTLING');
  if ((options.status ?? 400) >= 500) return passing('ERROR_FROM_TARGET');
  if (/AccessDenied|AuthorizationError/i.test(code)) return lasting('NO_PERMISSIONS');
  if (/NotFound|DoesNotExist/i.test(code)) return lasting('NO_RESOURCE');
  if (/InvalidParameter|Validation|MissingRequiredParameter/i.test(code))
    return lasting('INVALID_PARAMETER');
  return lasting('SDK_CLIENT_ERROR');
}
