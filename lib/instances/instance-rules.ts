import { OperatingSystemType } from 'aws-cdk-lib/aws-ec2';
import { integerBetween, isKnown, secondsBetween, type ValidationRule } from '../validation';
import { ALARM_TOPIC_RULE } from '../work-queue/work-queue-rules';
import { MAX_USER_DATA_BYTES } from './boot-script';
import type { InstanceOptions } from './instance-options';
import { MOUNT_RULE } from './mounted-file-system';

/** Where the props do not say. */
export const DEFAULT_MIN_CAPACITY = 1;
export const DEFAULT_MAX_CAPACITY = 10;

const MOST_INSTANCES = 10_000;
const SMALLEST_DISK = 8;
const LARGEST_DISK = 16_384;

/** What EC2 or Auto Scaling would refuse, and groups that cannot work. */
export const INSTANCE_RULES: ReadonlyArray<ValidationRule<InstanceOptions>> = [
  {
    fails: ({ maxCapacity, minCapacity }) =>
      [minCapacity, maxCapacity].some((value) => value !== undefined && !isKnown(value)),
    message: () =>
      'minCapacity and maxCapacity must be known at synthesis: policies and alarms are derived from them',
  },
  integerBetween('minCapacity', ({ minCapacity }) => minCapacity, { min: 0, max: MOST_INSTANCES }),
  integerBetween('maxCapacity', ({ maxCapacity }) => maxCapacity, { min: 1, max: MOST_INSTANCES }),
  {
    fails: ({ maxCapacity = DEFAULT_MAX_CAPACITY, minCapacity = DEFAULT_MIN_CAPACITY }) =>
      isKnown(minCapacity) && isKnown(maxCapacity) && minCapacity > maxCapacity,
    message: ({ maxCapacity = DEFAULT_MAX_CAPACITY, minCapacity = DEFAULT_MIN_CAPACITY }) =>
      `minCapacity must not be above maxCapacity, got ${minCapacity} and ${maxCapacity}`,
  },
  secondsBetween('warmup', ({ warmup }) => warmup, { min: 0, max: 3_600 }),
  secondsBetween('terminationTimeout', ({ terminationTimeout }) => terminationTimeout, {
    min: 120,
    max: 7_200,
  }),
  integerBetween('diskSize (GiB)', ({ diskSize }) => diskSize?.toGibibytes({ rounding: 1 }), {
    min: SMALLEST_DISK,
    max: LARGEST_DISK,
  }),
  {
    fails: ({ vpc, vpcSubnets }) => vpcSubnets === undefined && vpc.privateSubnets.length === 0,
    message: () =>
      'vpc has no private subnets with a way out: give vpcSubnets, whose route tables lead to AWS services and to the packages of Amazon Linux',
  },
  MOUNT_RULE,
  ALARM_TOPIC_RULE,
];

/**
 * What is known of a launch template only once it has been made: its image is Linux, and its user data is as small as EC2 takes it.
 *
 * @param userData what is known of it at synthesis
 */
export function launchFailures(
  osType: OperatingSystemType | undefined,
  userData: string,
): string[] {
  const bytes = Buffer.byteLength(userData);
  return [
    ...(osType === OperatingSystemType.WINDOWS
      ? ['machineImage must be Amazon Linux 2023, or made from it: the boot script is for no other']
      : []),
    ...(bytes > MAX_USER_DATA_BYTES
      ? [
          `user data must not be larger than ${MAX_USER_DATA_BYTES} bytes, got ${bytes}: shorten the environment of the program, or put it into a file of the program`,
        ]
      : []),
  ];
}
