import type { CallContext } from '../../protocol/handlers';
import { notFound, validation } from './errors';

/** Where a table is. */
export interface TableAddress {
  readonly account: string;
  readonly region: string;
  readonly name: string;
}

const arnPattern = /^arn:aws[a-z-]*:dynamodb:([a-z0-9-]+):(\d{12}):table\/([a-zA-Z0-9_.-]+)$/;

/**
 * The table that a request names: by its name, or by its ARN, which may be of another account.
 *
 * @throws ServiceError ResourceNotFoundException for a table of another Region.
 */
export function addressOf(
  nameOrArn: string,
  { account, region }: Pick<CallContext, 'account' | 'region'>,
): TableAddress {
  const arn = parseTableArn(nameOrArn);
  if (!arn) return { account, region, name: nameOrArn };
  if (arn.region !== region) throw notFound();
  return arn;
}

/** The parts of a table's ARN; undefined for anything else. */
export function parseTableArn(text: string): TableAddress | undefined {
  const [, region, account, name] = arnPattern.exec(text) ?? [];
  return region !== undefined && account !== undefined && name !== undefined
    ? { region, account, name }
    : undefined;
}

/** @throws ServiceError ValidationException for anything but a table's ARN. */
export function requiredTableArn(text: string): TableAddress {
  const arn = parseTableArn(text);
  if (!arn) throw validation(`Invalid TableArn: Invalid ResourceArn provided as input ${text}`);
  return arn;
}

/** The ARN of a table. */
export function tableArn({ account, region, name }: TableAddress): string {
  return `arn:aws:dynamodb:${region}:${account}:table/${name}`;
}

/** The ARN of a table, or of the index that is asked instead. */
export function tableOrIndexArn(address: TableAddress, index: string | undefined): string {
  return index === undefined ? tableArn(address) : `${tableArn(address)}/index/${index}`;
}
