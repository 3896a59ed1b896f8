import { invalidValue } from '../errors';

/** What is known of a type of instance. */
export interface InstanceTypeFacts {
  readonly name: string;
  readonly architecture: 'arm64' | 'x86_64';
  readonly vcpus: number;
  readonly memoryMiB: number;
}

/** https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html: size to vCPUs; those of T types differ. */
const sizes: Readonly<Record<string, number>> = {
  medium: 1,
  large: 2,
  xlarge: 4,
  '2xlarge': 8,
  '4xlarge': 16,
  '8xlarge': 32,
  '12xlarge': 48,
  '16xlarge': 64,
};

/** GiB of memory for each vCPU. */
const families: Readonly<Record<string, number>> = {
  c5: 2,
  c6i: 2,
  c6g: 2,
  c7g: 2,
  c7i: 2,
  m5: 4,
  m6i: 4,
  m6g: 4,
  m7g: 4,
  m7i: 4,
  r5: 8,
  r6i: 8,
  r6g: 8,
  r7g: 8,
  r7i: 8,
};

/** GiB of memory of the sizes of T types, which have two vCPUs up to `large`. */
const burstable: Readonly<Record<string, readonly [vcpus: number, gib: number]>> = {
  nano: [2, 0.5],
  micro: [2, 1],
  small: [2, 2],
  medium: [2, 4],
  large: [2, 8],
  xlarge: [4, 16],
  '2xlarge': [8, 32],
};

/** The types that are described here: common ones. Instances may be of any other type as well. */
export const describedTypes: readonly InstanceTypeFacts[] = [
  ...['t3', 't3a', 't4g'].flatMap((family) =>
    Object.entries(burstable).map(([size, [vcpus, gib]]) => facts(family, size, vcpus, gib)),
  ),
  ...Object.entries(families).flatMap(([family, gib]) =>
    Object.entries(sizes)
      // Only Graviton has a size of one vCPU.
      .filter(([size]) => size !== 'medium' || architectureOf(`${family}.${size}`) === 'arm64')
      .map(([size, vcpus]) => facts(family, size, vcpus, vcpus * gib)),
  ),
].sort((a, b) => (a.name < b.name ? -1 : 1));

/**
 * The processor of a type, by its name: a `g` after the generation is Graviton.
 *
 * @throws ServiceError for what is no name of a type.
 */
export function architectureOf(instanceType: string): 'arm64' | 'x86_64' {
  const [, series = '', attributes = ''] =
    /^([a-z]+\d+)([a-z0-9-]*)\.[a-z0-9-]+$/.exec(instanceType) ?? [];
  if (series === '') throw invalidValue(`Invalid value '${instanceType}' for InstanceType.`);
  return attributes.includes('g') || series === 'a1' ? 'arm64' : 'x86_64';
}

function facts(family: string, size: string, vcpus: number, gib: number): InstanceTypeFacts {
  const name = `${family}.${size}`;
  return { name, architecture: architectureOf(name), vcpus, memoryMiB: gib * 1024 };
}
