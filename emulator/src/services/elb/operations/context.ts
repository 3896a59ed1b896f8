import type { CallContext, Handlers } from '../../../protocol/handlers';
import { pageOf } from '../../page';
import type { Api } from '../api';
import type { Balancing } from '../balancing';
import type { ElbRegion } from '../elb-region';
import { invalid } from '../errors';
import type { HealthChecks } from '../health-checks';
import type { Registrations } from '../registrations';

/** Some of the operations. */
export type Operations = Handlers<Api>;

/** What operations and providers work with. */
export interface ElbContext {
  readonly regionOf: (call: Pick<CallContext, 'account' | 'region'>) => ElbRegion;
  readonly balancing: Balancing;
  readonly registrations: Registrations;
  readonly checks: HealthChecks;
}

/** Asks whether the caller may. */
export function permit(context: CallContext, resource: string): void {
  context.authorize(`elasticloadbalancing:${context.operation}`, resource);
}

/** A page of a describe call's results: up to 400. */
export function pageOfArns<T extends { readonly arn: string }>(
  items: readonly T[],
  input: { readonly Marker?: string; readonly PageSize?: number },
) {
  const { items: some, nextToken } = pageOf(
    items,
    ({ arn }) => arn,
    input.PageSize ?? 400,
    input.Marker,
    () => invalid('The marker is invalid'),
  );
  return { items: some, NextMarker: nextToken };
}
