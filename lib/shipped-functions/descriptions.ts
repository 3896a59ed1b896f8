import type { Construct } from 'constructs';

/** EC2 takes 255 characters for the description of a security group, Lambda 256 for that of a function. */
const MAX_DESCRIPTION = 255;
/** EC2's characters for it: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html */
const NOT_IN_DESCRIPTIONS = /[^A-Za-z0-9. _\-:/()#,@[\]+=&;{}!$*]/g;

/**
 * The construct's path and what the resource is for, as AWS takes it: the path is cut from the left if it is long.
 */
export function descriptionOf(scope: Construct, purpose: string): string {
  const path = scope.node.path.replace(NOT_IN_DESCRIPTIONS, '_');
  return `${path.slice(-(MAX_DESCRIPTION - purpose.length - 2))}: ${purpose}`;
}
