/**
 * Asks whether a caller may pass on the roles that SNS is to log deliveries as.
 *
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
 *
 * @param attributes - of a topic or of a platform application
 * @param authorize - asks for an action on a resource
 */
export function passFeedbackRoles(
  attributes: Readonly<Record<string, string>>,
  authorize: (action: string, resource: string, keys: Readonly<Record<string, string>>) => void,
): void {
  const roles = Object.entries(attributes)
    .filter(([name, value]) => /FeedbackRoleArn$/.test(name) && value !== '')
    .map(([, roleArn]) => roleArn);
  for (const roleArn of new Set(roles))
    authorize('iam:PassRole', roleArn, { 'iam:PassedToService': 'sns.amazonaws.com' });
}
