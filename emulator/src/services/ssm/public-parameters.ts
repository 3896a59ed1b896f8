import { createHash } from 'node:crypto';

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
  const digest = createHash('sha256').update(`${region}${name}`).digest('hex');
  return `ami-${digest.slice(0, 17)}`;
}
