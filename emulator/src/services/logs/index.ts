import type { AuthorizationRequest, Authorize, Caller } from '../../iam/caller';
import { ServiceError } from '../../protocol/errors';
import { Regional, type Service, type ServiceEnvironment } from '../service';
import { publishEmbeddedMetrics } from './embedded-metrics';
import { eventOperations } from './event-operations';
import { groupOperations, type LogsApi } from './group-operations';
import { logArn } from './log-arn';
import { LogGroups } from './log-groups';
import { logsResources } from './resources';

/** Amazon CloudWatch Logs. */
export interface LogsService extends Service<LogsApi> {
  /**
   * Appends to a stream on behalf of another service; makes group and stream where they are missing.
   *
   * @param caller - as whom; what it may not write is lost
   */
  write(
    place: { account: string; region: string; group: string; stream: string },
    lines: readonly { readonly timestamp: number; readonly message: string }[],
    caller: Caller,
  ): void;
}

/** Makes the service. */
export function createLogs(env: ServiceEnvironment): LogsService {
  const { clock } = env;
  const regions = new Regional((account, region) => new LogGroups(account, region));
  const groupsOf = (place: { account: string; region: string }): LogGroups =>
    regions.in(place.account, place.region);
  return {
    signingName: 'logs',
    loadClient: () => require('@aws-sdk/client-cloudwatch-logs'),
    handlers: {
      ...groupOperations(groupsOf, clock),
      ...eventOperations(groupsOf, clock, env.metrics),
    },
    resourceProviders: logsResources(regions, clock),
    write(place, lines, caller) {
      const groups = groupsOf(place);
      const now = clock.now();
      const may = (action: string, streamName?: string) =>
        isAllowed(env.authorize, {
          caller,
          action: `logs:${action}`,
          resource: logArn(place, place.group, streamName),
        });
      const { group: name, stream: streamName } = place;
      if (!groups.find(name) && !may('CreateLogGroup')) return;
      const group = groups.find(name) ?? groups.create(name, now, 'service');
      if (!group.findStream(streamName) && !may('CreateLogStream', streamName)) return;
      const stream = group.findStream(streamName) ?? group.createStream(streamName, now);
      if (!may('PutLogEvents', streamName)) return;
      for (const { timestamp, message } of lines) {
        group.write(stream, timestamp, message, now);
        publishEmbeddedMetrics(env.metrics, place, message);
      }
    },
    // A group that a service has made for its logs outlives the stack on AWS too.
    leaks: () =>
      regions
        .all()
        .flatMap((groups) => groups.list())
        .filter((group) => group.owner === 'user')
        .map((group) => `Log group ${group.arn}`),
    async stop() {},
  };
}

function isAllowed(authorize: Authorize, request: AuthorizationRequest): boolean {
  try {
    authorize(request);
    return true;
  } catch (error) {
    if (error instanceof ServiceError) return false;
    throw error;
  }
}
