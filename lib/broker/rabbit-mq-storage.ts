/**
 * Sizes that a volume of a node can have, in GB: the smallest, which is the default, and the largest.
 *
 * @see https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/rabbitmq-configurable-storage.html
 */
const STORAGE_SIZES: Readonly<Record<string, readonly [smallest: number, largest: number]>> = {
  'm7g.medium': [5, 25],
  'm7g.large': [15, 75],
  'm7g.xlarge': [25, 125],
  'm7g.2xlarge': [45, 180],
  'm7g.4xlarge': [90, 250],
  'm7g.8xlarge': [175, 400],
  'm7g.12xlarge': [260, 500],
  'm7g.16xlarge': [345, 500],
};

/** Why a volume cannot be of a size in GB; undefined if it can. */
export function whyNotOfSize(instanceType: string, size: number): string | undefined {
  const bounds = STORAGE_SIZES[instanceType];
  if (bounds === undefined) {
    return `storageSize cannot be chosen for mq.${instanceType}: leave it out, or take an mq.m7g`;
  }
  const [smallest, largest] = bounds;
  return Number.isInteger(size) && size >= smallest && size <= largest
    ? undefined
    : `storageSize of mq.${instanceType} must be a whole number between ${smallest} and ${largest} GB, got ${size}`;
}
