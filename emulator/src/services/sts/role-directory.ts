/** What AssumeRole needs to know of a role. */
export interface AssumableRole {
  /** `AROA…`, the first half of a session's `UserId`. */
  readonly id: string;
  /** The longest session that may be asked for, in seconds. */
  readonly maxSessionDuration: number;
}

/** The roles that exist; the composition root lets IAM answer. */
export interface RoleDirectory {
  role(arn: string): AssumableRole | undefined;
  /** JSON of a managed policy, as a session policy names it. @throws NoSuchEntity */
  managedPolicy(arn: string, account: string): string;
}
