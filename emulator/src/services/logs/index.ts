import { Regional, type Service, type ServiceEnvironment } from '../service';
import { eventOperations } from './event-operations';
import { groupOperations, type LogsApi } from './group-operations';
import { LogGroups } from './log-groups';
import { logsResources } from './resources';

/** Amazon CloudWatch Logs. */
export interface LogsService extends Service<LogsApi> {
  /** Appends to a stream on behalf of another service; makes group and stream where they are missing. */
  write(
    place: { account: string; region: string; group: string; stream: string },
    lines: readonly { readonly timestamp: number; readonly message: string }[],
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
    handlers: { ...groupOperations(groupsOf, clock), ...eventOperations(groupsOf, clock) },
    resourceProviders: logsResources(regions, clock),
    write(place, lines) {
      const groups = groupsOf(place);
      const now = clock.now();
      const group = groups.find(place.group) ?? groups.create(place.group, now, 'service');
      const stream = group.findStream(place.stream) ?? group.createStream(place.stream, now);
      for (const { timestamp, message } of lines) group.write(stream, timestamp, message, now);
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
