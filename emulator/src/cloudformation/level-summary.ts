import type { SupportLevel } from './provider';

/** How many resources of one type there are, and how much of them is emulated. */
export interface LevelSummary {
  /** Such as `AWS::SQS::Queue`. */
  readonly type: string;
  readonly level: SupportLevel;
  /** Whether the type is recorded only because the user allows it. */
  readonly allowedOnly?: boolean;
  readonly count: number;
}

/** Adds up, by type and level, ordered by type: resources of one type may be of both levels. */
export function summariseLevels(parts: Iterable<LevelSummary>): LevelSummary[] {
  const sums = new Map<string, LevelSummary>();
  for (const { type, level, allowedOnly, count } of parts) {
    const key = `${type} ${level}`;
    sums.set(key, { type, level, allowedOnly, count: count + (sums.get(key)?.count ?? 0) });
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
}
