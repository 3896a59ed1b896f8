import type { Caller } from '../../iam/caller';
import { ServiceError } from '../../protocol/errors';
import type { UsableKeys } from '../key-use';
import { Regional, type Service, type ServiceEnvironment } from '../service';
import { eventOperations } from './event-operations';
import { groupOperations, type LogsApi } from './group-operations';
import { Ingestion } from './ingestion';
import { keyOperations } from './key-operations';
import { logArn } from './log-arn';
import { LogEncryption } from './log-encryption';
import { LogGroups } from './log-groups';
import type { LogEvent } from './log-stream';
import { metricFilterOperations } from './metric-filter-operations';
import { metricFilterResource } from './metric-filter-resource';
import { MetricFilters } from './metric-filters';
import { logsResources } from './resources';

/** Amazon CloudWatch Logs. */
export interface LogsService extends Service<LogsApi> {
  /**
   * Appends to a stream on behalf of another service; makes group and stream where they are missing.
   *
   * @param caller - as whom; what it may not write is lost, and what cannot be encrypted
   */
  write(
    place: { account: string; region: string; group: string; stream: string },
    lines: readonly LogEvent[],
    caller: Caller,
  ): void;
}

/** Makes the service. */
export function createLogs(env: ServiceEnvironment, keys: UsableKeys): LogsService {
  const { clock } = env;
  const encryption = new LogEncryption(keys, env.authorize);
  const metricFilters = new MetricFilters(clock, env.metrics);
  const ingestion = new Ingestion(clock, env.metrics, encryption, metricFilters);
  const regions = new Regional((account, region) => new LogGroups(account, region, encryption));
  const groupsOf = (place: { account: string; region: string }): LogGroups =>
    regions.in(place.account, place.region);
  return {
    signingName: 'logs',
    loadClient: () => require('@aws-sdk/client-cloudwatch-logs'),
    handlers: {
      ...groupOperations(groupsOf, clock),
      ...keyOperations(groupsOf),
      ...metricFilterOperations(groupsOf, metricFilters),
      ...eventOperations(groupsOf, clock, ingestion, encryption),
    },
    resourceProviders: [
      ...logsResources(regions, clock),
      metricFilterResource(regions, metricFilters),
    ],
    write(place, lines, caller) {
      const groups = groupsOf(place);
      const now = clock.now();
      const may = (action: string, streamName?: string) =>
        succeeds(() =>
          env.authorize({
            caller,
            action: `logs:${action}`,
            resource: logArn(place, place.group, streamName),
          }),
        );
      const { group: name, stream: streamName } = place;
      if (!groups.find(name) && !may('CreateLogGroup')) return;
      const group = groups.find(name) ?? groups.create(name, now, { owner: 'service' });
      if (!group.findStream(streamName) && !may('CreateLogStream', streamName)) return;
      const stream = group.findStream(streamName) ?? group.createStream(streamName, now);
      if (!may('PutLogEvents', streamName)) return;
      succeeds(() => ingestion.take(group, stream, lines));
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

/** Whether something goes through that the service may refuse. */
function succeeds(act: () => void): boolean {
  try {
    act();
    return true;
  } catch (error) {
    if (error instanceof ServiceError) return false;
    throw error;
  }
}
