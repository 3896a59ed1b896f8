/** Where a group is. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** What a group is known by. */
export interface GroupAddress extends Place {
  readonly name: string;
  /** Part of its ARN, and of those of its policies. */
  readonly uuid: string;
}

export function groupArn({ account, name, region, uuid }: GroupAddress): string {
  return `arn:aws:autoscaling:${region}:${account}:autoScalingGroup:${uuid}:autoScalingGroupName/${name}`;
}

export function policyArn({ account, name, region }: GroupAddress, uuid: string, policy: string) {
  return `arn:aws:autoscaling:${region}:${account}:scalingPolicy:${uuid}:autoScalingGroupName/${name}:policyName/${policy}`;
}

export function scheduledActionArn(
  { account, name, region }: GroupAddress,
  uuid: string,
  action: string,
) {
  return `arn:aws:autoscaling:${region}:${account}:scheduledUpdateGroupAction:${uuid}:autoScalingGroupName/${name}:scheduledActionName/${action}`;
}

/** What an ARN of this service says; undefined if it is none. */
export interface ParsedArn extends Place {
  readonly group: string;
  /** Name of the policy, in the ARN of one. */
  readonly policy: string | undefined;
}

const arnPattern =
  /^arn:[^:]+:autoscaling:([^:]+):(\d{12}):[A-Za-z]+:[^:]+:autoScalingGroupName\/(.+)$/;

export function parseArn(arn: string): ParsedArn | undefined {
  const [, region, account, rest] = arnPattern.exec(arn) ?? [];
  if (region === undefined || account === undefined || rest === undefined) return undefined;
  const [group = '', policy] = rest.split(/:(?:policyName|scheduledActionName)\//);
  return { account, region, group, policy };
}

/** The group that a parameter names: by its name, or by its ARN. */
export function groupNameOf(given: string): string {
  return parseArn(given)?.group ?? given;
}

/** The role by which Auto Scaling acts in an account. */
export function serviceLinkedRoleArn(account: string): string {
  return `arn:aws:iam::${account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`;
}
