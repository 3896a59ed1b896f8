const roleArnPattern = /^arn:aws[a-z-]*:iam::(\d{12}):role\/((?:[\w+=,.@/-]+\/)?[\w+=,.@-]+)$/;

/** The account of a role's ARN; undefined if it is not the ARN of a role. */
export function accountOfRoleArn(arn: string): string | undefined {
  return roleArnPattern.exec(arn)?.[1];
}
