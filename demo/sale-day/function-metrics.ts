import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Emulator } from 'cdk-decouple-emulator';

const metric = 'DuplicatesAbsorbed';

/**
 * How many deliveries brought an order that was in the database already: the sum of the metric that the
 * function writes into its log (embedded metric format), as CloudWatch would add it up.
 */
export async function duplicatesAbsorbed(aws: Emulator): Promise<number> {
  const logs = aws.client(CloudWatchLogsClient);
  const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({}));
  let sum = 0;
  for (const { logGroupName } of logGroups) {
    let nextToken: string | undefined;
    do {
      const page = await logs.send(
        new FilterLogEventsCommand({ logGroupName, filterPattern: `"${metric}"`, nextToken }),
      );
      for (const { message = '' } of page.events ?? []) sum += metricValue(message);
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
  }
  return sum;
}

function metricValue(message: string): number {
  const document: unknown = message.startsWith('{') ? JSON.parse(message) : undefined;
  const value: unknown = Object(document)[metric];
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + Number(one), 0);
  return typeof value === 'number' ? value : 0;
}
