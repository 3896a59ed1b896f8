import type { Role } from './role';

/** What hands a role to an EC2 instance. */
export class InstanceProfile {
  readonly tags: Map<string, string>;
  /** AWS allows one role a profile. */
  role: Role | undefined;

  constructor(
    readonly name: string,
    readonly path: string,
    readonly arn: string,
    /** `AIPA…` */
    readonly id: string,
    readonly createdAt: number,
    tags: Readonly<Record<string, string>> = {},
  ) {
    this.tags = new Map(Object.entries(tags));
  }
}
