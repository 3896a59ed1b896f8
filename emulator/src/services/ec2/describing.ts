import type { CallContext } from '../../protocol/handlers';
import { pageOf } from '../page';
import { dryRun, invalidValue } from './errors';
import { type Filter, type FilterTable, filtered, tagFilters } from './filters';
import type { Ec2Resource, ResourceTable } from './resource-table';

/** What describe calls have in common. */
export interface DescribeInput {
  readonly DryRun?: boolean | undefined;
  readonly Filters?: readonly Filter[] | undefined;
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
}

/** Names of the members of {@link DescribeInput}, for `acceptOnly`. */
export const describeMembers = ['DryRun', 'Filters', 'MaxResults', 'NextToken'] as const;

/** Asks whether the caller may, and answers dry runs. */
export function permit(
  context: CallContext,
  input: { readonly DryRun?: boolean | undefined },
  resource = '*',
): void {
  context.authorize(`ec2:${context.operation}`, resource);
  if (input.DryRun) throw dryRun();
}

/** A page of the resources of one kind that a describe call asks for, by ids and by filters. */
export function describedPage<T extends Ec2Resource>(
  context: CallContext,
  input: DescribeInput,
  table: ResourceTable<T>,
  ids: readonly string[] | undefined,
  filters: FilterTable<T>,
) {
  permit(context, input);
  const wanted = new Set(ids);
  for (const id of wanted) table.get(id);
  const named = wanted.size === 0 ? table.all() : table.where(({ id }) => wanted.has(id));
  return page(filtered(named, input.Filters, filters, tagFilters), input, ({ id }) => id);
}

/**
 * Cuts a page out of a describe call's results: 5 to 1000, all of them without a size.
 *
 * @param items - ordered by `keyOf`
 */
export function page<T>(items: readonly T[], input: DescribeInput, keyOf: (item: T) => string) {
  const { MaxResults: size, NextToken: token } = input;
  if (size !== undefined && size < 5)
    throw invalidValue(
      `Value ( ${size} ) for parameter maxResults is invalid. Expecting a value greater than 5.`,
    );
  return pageOf(items, keyOf, Math.min(size ?? 1000, 1000), token, () =>
    invalidValue('Unable to parse pagination token'),
  );
}
