const roleArnPattern = /^arn:aws[a-z-]*:iam::(\d{12}):role\/((?:[\w+=,.@/-]+\/)?[\w+=,.@-]+)$/;

/** ARNs that were taken apart last: every call of a role asks for its account. */
const accounts = new Map<string, string | undefined>();
const accountsKept = 1_000;

/** The account of a role's ARN; undefined if it is not the ARN of a role. */
export function accountOfRoleArn(arn: string): string | undefined {
  if (accounts.has(arn)) return accounts.get(arn);
  const [, account] = roleArnPattern.exec(arn) ?? [];
  if (accounts.size >= accountsKept) accounts.clear();
  accounts.set(arn, account);
  return account;
}
