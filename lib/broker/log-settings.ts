/** Properties of the custom resource that sets up the log groups of a broker: what its handler needs to know. */
export interface LogSettings {
  readonly LogGroupNames: readonly string[];
  /** As text, like every value of CloudFormation. Not there if logs are kept for ever. */
  readonly RetentionInDays?: string;
  /** ARN of a key for what is logged from now on. Not there if CloudWatch Logs has its own. */
  readonly KmsKeyId?: string;
}
