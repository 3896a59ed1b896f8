import type { Caller } from '../../iam/caller';
import { ServiceError } from '../../protocol/errors';
import type { BusEvent } from './bus-event';
import { busNotFound } from './errors';
import type { EventBridgeState } from './eventbridge-state';
import type { Ingestion } from './ingestion';
import { parseBusArn } from './names';
import type { Rule } from './rule';

/**
 * Sends an event on to another bus, as it is. It goes no further than to one other account, and to one other region.
 *
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
  const from = rule.bus.address;
  const account = address.account !== from.account;
  const region = address.region !== from.region;
  if (account && event.forwarded.account) throw hop('THIRD_ACCOUNT_HOP_DETECTED');
  if (region && event.forwarded.region) throw hop('THIRD_REGION_HOP_DETECTED');
  state.environment.authorize({ caller, action: 'events:PutEvents', resource: arn });
  const bus = state.findBus(address);
  if (!bus) throw busNotFound(address.name);
  const forwarded = {
    account: account || event.forwarded.account,
    region: region || event.forwarded.region,
  };
  ingestion.ingest(bus, { ...event, forwarded });
  return event.document.id;
}

function hop(code: string): ServiceError {
  return new ServiceError(code, 'The event has already been sent on.');
}
