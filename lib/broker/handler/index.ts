import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { answering } from '../../shipped-functions/handler/answer';
import { LogGroups } from './log-groups';

const logGroups = new LogGroups(new CloudWatchLogsClient({}));

/** Sets up the log groups of brokers for CloudFormation. */
export const handler = (event: CloudFormationCustomResourceEvent): Promise<void> =>
  answering(event, () => logGroups.handle(event));
