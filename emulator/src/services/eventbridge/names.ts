import { invalid } from './errors';

/** The bus that every account has in every region, where AWS's services send their events. */
export const defaultBus = 'default';

/** Where a bus lives. */
export interface BusAddress {
  readonly account: string;
  readonly region: string;
  readonly name: string;
}

/** `arn:aws:events:<region>:<account>:event-bus/<name>` */
export function busArn({ account, region, name }: BusAddress): string {
  return `arn:aws:events:${region}:${account}:event-bus/${name}`;
}

/** `arn:aws:events:<region>:<account>:rule/[<bus>/]<name>`: the default bus is left out. */
export function ruleArn(bus: BusAddress, name: string): string {
  const path = bus.name === defaultBus ? name : `${bus.name}/${name}`;
  return `arn:aws:events:${bus.region}:${bus.account}:rule/${path}`;
}

const busArnPattern = /^arn:[^:]+:events:([a-z0-9-]+):(\d{12}):event-bus\/(.+)$/;

/** The parts of a bus's ARN; undefined for anything else. */
export function parseBusArn(arn: string): BusAddress | undefined {
  const [, region, account, name] = busArnPattern.exec(arn) ?? [];
  if (region === undefined || account === undefined || name === undefined) return undefined;
  return { account, region, name };
}

/** The bus and the name within a rule's ARN; undefined for anything else. */
export function parseRuleArn(arn: string): { bus: BusAddress; name: string } | undefined {
  const match = /^arn:[^:]+:events:([a-z0-9-]+):(\d{12}):rule\/(?:(.+)\/)?([^/]+)$/.exec(arn);
  const [, region, account, bus = defaultBus, name] = match ?? [];
  if (region === undefined || account === undefined || name === undefined) return undefined;
  return { bus: { account, region, name: bus }, name };
}

/**
 * The bus that a call names by name or ARN; the default one of the caller's account if it names none.
 *
 * @throws ValidationException
 */
export function busAddress(
  nameOrArn: string | undefined,
  { account, region }: Omit<BusAddress, 'name'>,
): BusAddress {
  if (nameOrArn === undefined) return { account, region, name: defaultBus };
  if (!nameOrArn.startsWith('arn:')) return { account, region, name: nameOrArn };
  const address = parseBusArn(nameOrArn);
  if (!address)
    throw invalid(
      'Parameter EventBusName is not valid. Reason: Provided Arn is not in correct format.',
    );
  return address;
}
