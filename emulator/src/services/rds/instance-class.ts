import { invalidValue } from './errors';

const gibibyte = 1024 ** 3;

/** GiB of an `xlarge` of a family; every size up or down doubles or halves it. */
const gibibytesOfXlarge: Readonly<Record<string, number>> = { c: 8, m: 16, r: 32, t: 16, x: 64 };
const smallerSizes: Readonly<Record<string, number>> = { large: 2, medium: 4, small: 8, micro: 16 };

/**
 * Memory of an instance class in bytes, such as 1 GiB for `db.t4g.micro`.
 *
 * RDS computes with somewhat less, the operating system's share, which it does not publish.
 *
 * @throws ServiceError `InvalidParameterValue` for what is no class.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html
 */
export function memoryOfClass(instanceClass: string): number {
  const [, family = '', size = ''] = /^db\.([a-z])\d\w*\.(\w+)$/.exec(instanceClass) ?? [];
  const xlarge = gibibytesOfXlarge[family];
  const factor = /^\d*xlarge$/.test(size)
    ? Number(size.replace('xlarge', '') || 1)
    : 1 / (smallerSizes[size] ?? 0);
  if (xlarge === undefined || !Number.isFinite(factor))
    throw invalidValue(`Invalid DB Instance class: ${instanceClass}`);
  return xlarge * factor * gibibyte;
}

/** `ServerlessV2ScalingConfiguration` of a cluster, in Aurora capacity units of 2 GiB. */
export interface ServerlessScaling {
  readonly minCapacity: number;
  readonly maxCapacity: number;
}

/** Memory of a serverless instance at its largest, by which its `max_connections` is set. */
export function memoryOfServerless({ maxCapacity }: ServerlessScaling): number {
  return maxCapacity * 2 * gibibyte;
}

/**
 * @throws ServiceError `InvalidParameterValue` outside of AWS's bounds: 0 to 256 and 1 to 256, in halves.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ServerlessV2ScalingConfiguration.html
 */
export function assertScaling({ minCapacity, maxCapacity }: ServerlessScaling): void {
  const halves = [minCapacity, maxCapacity].every((capacity) => Number.isInteger(capacity * 2));
  if (!halves || minCapacity < 0 || maxCapacity < 1 || maxCapacity > 256)
    throw invalidValue(
      `Serverless v2 capacity ${minCapacity} to ${maxCapacity} isn't valid: the minimum is 0 to 256, the maximum 1 to 256, in steps of 0.5.`,
    );
  if (minCapacity > maxCapacity)
    throw invalidValue(
      `Serverless v2 maximum capacity ${maxCapacity} must not be below the minimum ${minCapacity}.`,
    );
}
