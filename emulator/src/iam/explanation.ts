import { inspect } from 'node:util';
import type { Decision, DecisionLog } from './decision-log';
import { denialReason } from './denial-message';
import type { DecidingStatement } from './evaluation';

/** One decision about a call, and what it came from. */
export interface ExplainedDecision {
  readonly allowed: boolean;
  /** Such as `sqs:SendMessage`. */
  readonly action: string;
  /** ARN, or `*`. */
  readonly resource: string;
  /** ARN of the caller. */
  readonly caller: string;
  /** In words, such as `because no identity-based policy allows the sqs:sendmessage action`. */
  readonly reason: string;
  /** Those that decided: what allows, or every statement that denies. None where nothing allows. */
  readonly statements: readonly DecidingStatement[];
}

/** Why a call was allowed or denied; printed, it reads as text. */
export class Explanation {
  /** In the order in which they were made: a call may need several rights. */
  readonly decisions: readonly ExplainedDecision[];

  constructor(decisions: readonly Decision[]) {
    this.decisions = decisions.map(explained);
  }

  /** Whether none was denied. */
  get allowed(): boolean {
    return this.decisions.every((decision) => decision.allowed);
  }

  toString(): string {
    return this.decisions.map(text).join('\n');
  }

  /** What `console.log` shows. */
  [inspect.custom](): string {
    return this.toString();
  }
}

/** Answers why calls were allowed or denied. */
export class AccessDecisions {
  constructor(private readonly log: DecisionLog) {}

  /**
   * Why a call was allowed or denied: the statements that decided.
   *
   * @param requestId - `$metadata.requestId` of an answer or an error of the SDK
   * @throws RangeError if the call is not among the latest thousand that asked for a right
   */
  explain(requestId: string): Explanation {
    const decisions = this.log.of(requestId);
    if (decisions.length === 0)
      throw new RangeError(
        `No decision on request ${requestId} is remembered: only the latest ${this.log.size} requests that ask for a right are`,
      );
    return new Explanation(decisions);
  }

  /** What has been denied, oldest first, the latest thousand: calls of clients, functions and event sources alike. */
  denials(): Explanation {
    return new Explanation(this.log.denials());
  }
}

function explained(decision: Decision): ExplainedDecision {
  const { request, verdict } = decision;
  const { action, caller, resource } = request;
  const { allowed, lacking, reason, statements } = verdict;
  const why = allowed
    ? (reason ?? `by ${statements.map(({ type }) => type).join(' and ')}`)
    : (denialReason(decision) ?? `because no ${lacking} allows it`);
  return { allowed, action, resource, caller: caller.arn, reason: why, statements };
}

function text({
  action,
  allowed,
  caller,
  reason,
  resource,
  statements,
}: ExplainedDecision): string {
  const lines = [
    `${allowed ? 'allowed' : 'DENIED '} ${action} on ${resource}`,
    `  to ${caller}`,
    `  ${reason}`,
    ...statements.flatMap(({ policy, statement, type }) => [
      `  ${type} ${policy}:`,
      ...JSON.stringify(statement, undefined, 2)
        .split('\n')
        .map((line) => `    ${line}`),
    ]),
  ];
  return lines.join('\n');
}
