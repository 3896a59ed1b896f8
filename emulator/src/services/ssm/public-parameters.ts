import { createHash } from 'node:crypto';

/** Made up, as the ids are. */
const release2023 = '2023.9.20251117.1';
const release2 = '2.0.20251110.1';
const amazonLinux = '/aws/service/ami-amazon-linux-latest';
const kernels2023 = ['kernel-default', 'kernel-6.1', 'kernel-6.12'];
const architectures = ['x86_64', 'arm64'];

const names = [
  ...kernels2023.flatMap((kernel) =>
    architectures.flatMap((architecture) => [
      `${amazonLinux}/al2023-ami-${kernel}-${architecture}`,
      `${amazonLinux}/al2023-ami-minimal-${kernel}-${architecture}`,
    ]),
  ),
  `${amazonLinux}/amzn2-ami-hvm-x86_64-gp2`,
  `${amazonLinux}/amzn2-ami-hvm-x86_64-ebs`,
  `${amazonLinux}/amzn2-ami-hvm-arm64-gp2`,
  `${amazonLinux}/amzn2-ami-kernel-5.10-hvm-x86_64-gp2`,
  `${amazonLinux}/amzn2-ami-kernel-5.10-hvm-x86_64-ebs`,
  `${amazonLinux}/amzn2-ami-kernel-5.10-hvm-arm64-gp2`,
].sort();

/** Whether a name belongs to AWS: parameters that everybody may read. */
export function isPublicName(name: string): boolean {
  return name.startsWith('/aws/service/');
}

/** The names of the public parameters that exist here: the latest Amazon Linux images. */
export function publicParameterNames(): readonly string[] {
  return names;
}

/**
 * The value of a public parameter: an image id that is the same every time for a name and a region.
 * Undefined if the emulator does not have that parameter.
 */
export function publicParameterValue(name: string, region: string): string | undefined {
  if (!names.includes(name)) return undefined;
  // https://docs.aws.amazon.com/linux/al2023/ug/ec2.html: the default kernel is 6.1.
  const image = name.replace('kernel-default', 'kernel-6.1');
  const digest = createHash('sha256').update(`${region}${image}`).digest('hex');
  return `ami-${digest.slice(0, 17)}`;
}

/** An image that a public parameter names. */
export interface PublicImage {
  /** Such as `ami-0123456789abcdef0`. */
  readonly id: string;
  /** Such as `al2023-ami-2023.9.20251117.1-kernel-6.1-x86_64`. */
  readonly name: string;
  readonly architecture: 'arm64' | 'x86_64';
  readonly description: string;
}

/** The images that the public parameters of a region name, each once. */
export function publicImages(region: string): PublicImage[] {
  return names
    .filter((name) => !name.includes('kernel-default'))
    .map((parameter) => {
      const short = parameter.slice(amazonLinux.length + 1);
      const is2023 = short.startsWith('al2023');
      const architecture = short.includes('arm64') ? 'arm64' : 'x86_64';
      const name = is2023
        ? short.replace(/^al2023-ami-(minimal-)?/, `$&${release2023}-`)
        : short.replace('-hvm-', `-hvm-${release2}-`);
      return {
        id: publicParameterValue(parameter, region) ?? '',
        name,
        architecture,
        description: `Amazon Linux ${is2023 ? `2023 AMI ${release2023}` : `2 AMI ${release2}`} ${architecture} HVM`,
      };
    });
}
