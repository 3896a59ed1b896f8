/** A role as IAM keeps it. */
export class Role {
  /** Inline policies by name: JSON text as it was given. */
  readonly inlinePolicies = new Map<string, string>();
  /** ARNs of the managed policies that are attached. */
  readonly attachedPolicies = new Set<string>();
  readonly tags: Map<string, string>;
  description: string | undefined;
  /** The longest session that AssumeRole may ask for, in seconds. */
  maxSessionDuration: number;
  /** Who may assume it: JSON text as it was given. */
  trustPolicy: string;
  /** ARN of a managed policy. */
  permissionsBoundary: string | undefined;

  constructor(
    readonly name: string,
    readonly path: string,
    readonly arn: string,
    /** `AROA…` */
    readonly id: string,
    /** Emulated milliseconds since the epoch. */
    readonly createdAt: number,
    settings: RoleSettings,
  ) {
    this.trustPolicy = settings.trustPolicy;
    this.description = settings.description;
    this.maxSessionDuration = settings.maxSessionDuration ?? 3600;
    this.permissionsBoundary = settings.permissionsBoundary;
    this.tags = new Map(Object.entries(settings.tags ?? {}));
  }
}

/** What a role is created with. */
export interface RoleSettings {
  readonly trustPolicy: string;
  readonly description?: string;
  /** Seconds. @default 3600 */
  readonly maxSessionDuration?: number;
  readonly permissionsBoundary?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** A policy that is in force for a role. */
export interface RolePolicy {
  readonly name: string;
  /** Undefined for an inline policy. */
  readonly arn: string | undefined;
  /** JSON text. */
  readonly document: string;
}
