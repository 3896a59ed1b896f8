/** Where something is. */
interface Place {
  readonly account: string;
  readonly region: string;
}

/** The ARN of a group, without the `:*` that CloudWatch Logs often adds. */
export function groupArn(name: string, { account, region }: Place): string {
  return `arn:aws:logs:${region}:${account}:log-group:${name}`;
}

/**
 * The ARN by which rights to a group are asked for, or to a stream of it. CloudWatch Logs adds the stream even where there is
 * none, which is why policies name groups with `:*` at the end.
 *
 * @param group - name or ARN
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html#CWL_ARN_Format
 */
export function logArn(place: Place, group: string, stream = ''): string {
  const arn = group.startsWith('arn:') ? group.replace(/:\*$/, '') : groupArn(group, place);
  return `${arn}:log-stream:${stream}`;
}
