import type { RoleRights } from '../../iam/authorizer';

/**
 * What the roles may do that AWS services have in every account, as far as the services here make use of it: by the end
 * of the role's ARN.
 */
const policies: Readonly<Record<string, { readonly name: string; readonly actions: string[] }>> = {
  // https://docs.aws.amazon.com/autoscaling/ec2/userguide/autoscaling-service-linked-role.html
  '/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling': {
    name: 'AutoScalingServiceRolePolicy',
    actions: ['sns:Publish'],
  },
};

/** What is in force for a service-linked role; undefined for any other role. */
export function serviceLinkedRights(roleArn: string): RoleRights | undefined {
  const found = Object.entries(policies).find(([path]) => roleArn.endsWith(`:role${path}`));
  if (!found) return undefined;
  const [, { actions, name }] = found;
  const document = JSON.stringify({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: actions, Resource: '*' },
  });
  return {
    policies: [{ name, arn: `arn:aws:iam::aws:policy/aws-service-role/${name}`, document }],
    boundary: undefined,
    tags: new Map(),
  };
}
