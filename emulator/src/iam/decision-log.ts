import type { AuthorizationRequest } from './caller';
import type { Verdict } from './evaluation';

/** A call that was decided. */
export interface Decision {
  readonly request: AuthorizationRequest;
  readonly verdict: Verdict;
  /** Account that owns the resource. */
  readonly resourceAccount: string;
}

/** The latest decisions, by the request that they were about. */
export class DecisionLog {
  private readonly byRequest = new Map<string, Decision[]>();
  /** A ring of the requests that are remembered, and the place of the next one. */
  private readonly requests: string[] = [];
  private next = 0;
  private readonly refusals: Decision[] = [];

  /** @param size - how many requests are remembered, and how many denials */
  constructor(readonly size: number) {}

  add({ request, resourceAccount, verdict }: Decision): void {
    const { action, call, caller, resource } = request;
    const requestId = call?.requestId;
    if (verdict.allowed && requestId === undefined) return;
    // Without the call itself: it would hold on to the body of its request.
    const kept = { action, caller, resource };
    const decision: Decision = { request: kept, resourceAccount, verdict };
    if (!verdict.allowed) {
      if (this.refusals.length >= this.size) this.refusals.shift();
      this.refusals.push(decision);
    }
    if (requestId === undefined) return;
    const decisions = this.byRequest.get(requestId);
    if (decisions) {
      decisions.push(decision);
      return;
    }
    const oldest = this.requests[this.next];
    if (oldest !== undefined) this.byRequest.delete(oldest);
    this.requests[this.next] = requestId;
    this.next = (this.next + 1) % this.size;
    this.byRequest.set(requestId, [decision]);
  }

  /** In the order in which they were made; none if the request is not remembered. */
  of(requestId: string): readonly Decision[] {
    return this.byRequest.get(requestId) ?? [];
  }

  /** What was denied, oldest first. */
  denials(): readonly Decision[] {
    return this.refusals;
  }
}
