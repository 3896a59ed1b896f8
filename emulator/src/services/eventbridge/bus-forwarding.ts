import type { Caller } from '../../iam/caller';
import { ServiceError } from '../../protocol/errors';
import type { BusEvent } from './bus-event';
import { busNotFound } from './errors';
import type { EventBridgeState } from './eventbridge-state';
import type { Ingestion } from './ingestion';
import { type BusAddress, parseBusArn } from './names';
import type { Rule } from './rule';

/**
 * Sends an event on to another bus, as it is. From there it goes to no third bus, so that nothing goes round for ever.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-bus-to-bus.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
 * @throws ServiceError
 */
export function forwardToBus(
  state: EventBridgeState,
  ingestion: Ingestion,
  rule: Rule,
  arn: string,
  event: BusEvent,
  caller: Caller,
): string {
  const address = parseBusArn(arn);
  if (!address) throw busNotFound(arn);
  if (event.forwarded)
    throw new ServiceError(
      hopCode(rule.bus.address, address),
      'The event has already been sent on.',
    );
  state.environment.authorize({ caller, action: 'events:PutEvents', resource: arn });
  const bus = state.findBus(address);
  if (!bus) throw busNotFound(address.name);
  ingestion.ingest(bus, { ...event, forwarded: true });
  return event.document.id;
}

/** What the dead-letter queue is told; for a third bus of the same account and region AWS lists no code. */
function hopCode(from: BusAddress, to: BusAddress): string {
  if (from.account !== to.account) return 'THIRD_ACCOUNT_HOP_DETECTED';
  return from.region === to.region ? 'UNKNOWN' : 'THIRD_REGION_HOP_DETECTED';
}
