/** How an alarm compares its data with its threshold. */
export interface Comparison {
  readonly breaches: (value: number, threshold: number) => boolean;
  /** As reasons say it, such as `greater than`. */
  readonly words: string;
}

/** By `ComparisonOperator`; those of anomaly detection are missing. */
export const comparisons: Readonly<Record<string, Comparison>> = {
  GreaterThanOrEqualToThreshold: {
    breaches: (value, threshold) => value >= threshold,
    words: 'greater than or equal to',
  },
  GreaterThanThreshold: {
    breaches: (value, threshold) => value > threshold,
    words: 'greater than',
  },
  LessThanThreshold: { breaches: (value, threshold) => value < threshold, words: 'less than' },
  LessThanOrEqualToThreshold: {
    breaches: (value, threshold) => value <= threshold,
    words: 'less than or equal to',
  },
};
