/**
 * The ARN by which rights to a group are asked for, or to a stream of it. CloudWatch Logs adds the stream even where there is
 * none, which is why policies name groups with `:*` at the end.
 *
 * @param group - name or ARN
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html#CWL_ARN_Format
 */
export function logArn(
  { account, region }: { readonly account: string; readonly region: string },
  group: string,
  stream = '',
): string {
  const arn = group.startsWith('arn:')
    ? group.replace(/:\*$/, '')
    : `arn:aws:logs:${region}:${account}:log-group:${group}`;
  return `${arn}:log-stream:${stream}`;
}
