import { invalid, type ThrottleReason } from './errors';

/** Invocations that an account may run at a time in a region, by default. */
const accountLimit = 1000;

/** What must stay unreserved. https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html */
const unreservedMinimum = 100;

/** Counts the running invocations of an account in a region, and keeps reserved ones apart. */
export class Concurrency {
  private readonly reserved = new Map<string, number>();
  private readonly running = new Map<string, number>();

  /** The account's limits, as GetAccountSettings shows them. */
  get limits(): { total: number; unreserved: number } {
    return { total: accountLimit, unreserved: accountLimit - this.reservedTotal() };
  }

  reservation(name: string): number | undefined {
    return this.reserved.get(name);
  }

  /** @throws ServiceError if too little would be left for the other functions. */
  reserve(name: string, concurrent: number): void {
    const others = this.reservedTotal() - (this.reserved.get(name) ?? 0);
    if (accountLimit - others - concurrent < unreservedMinimum)
      throw invalid(
        `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${unreservedMinimum}].`,
      );
    this.reserved.set(name, concurrent);
  }

  unreserve(name: string): void {
    this.reserved.delete(name);
  }

  /** Takes a place for an invocation, to be given back by {@link release}; else says why there is none. */
  acquire(name: string): ThrottleReason | undefined {
    const running = this.running.get(name) ?? 0;
    const reserved = this.reserved.get(name);
    if (reserved !== undefined && running >= reserved)
      return 'ReservedFunctionConcurrentInvocationLimitExceeded';
    if (reserved === undefined && this.unreservedRunning() >= this.limits.unreserved)
      return 'ConcurrentInvocationLimitExceeded';
    this.running.set(name, running + 1);
    return undefined;
  }

  release(name: string): void {
    const running = (this.running.get(name) ?? 0) - 1;
    if (running > 0) this.running.set(name, running);
    else this.running.delete(name);
  }

  /** How many invocations of a function run. */
  runningOf(name: string): number {
    return this.running.get(name) ?? 0;
  }

  private reservedTotal(): number {
    let total = 0;
    for (const concurrent of this.reserved.values()) total += concurrent;
    return total;
  }

  private unreservedRunning(): number {
    let total = 0;
    for (const [name, running] of this.running) if (!this.reserved.has(name)) total += running;
    return total;
  }
}
