import type { Clock } from '../../clock/clock';
import type { Handlers } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import { pageOf } from '../page';
import { invalid } from './errors';
import { type GroupsOf, invalidToken, type LogsApi } from './group-operations';
import type { Ingestion } from './ingestion';
import { logArn } from './log-arn';
import type { LogEncryption } from './log-encryption';
import type { LogGroup } from './log-group';
import { checkBatch, type LogStream, type StoredEvent } from './log-stream';
import { compileFilterPattern } from './patterns/filter-pattern';

const largestBatch = 10_000;
const largestPage = 50;

/** Streams, and the events in them. */
export function eventOperations(
  groupsOf: GroupsOf,
  clock: Clock,
  ingestion: Ingestion,
  encryption: LogEncryption,
) {
  return {
    CreateLogStream(input, ctx) {
      ctx.authorize('logs:CreateLogStream', logArn(ctx, input.logGroupName, input.logStreamName));
      groupsOf(ctx).get(input.logGroupName).createStream(input.logStreamName, clock.now());
      return {};
    },

    DeleteLogStream(input, ctx) {
      ctx.authorize('logs:DeleteLogStream', logArn(ctx, input.logGroupName, input.logStreamName));
      groupsOf(ctx).get(input.logGroupName).deleteStream(input.logStreamName);
      return {};
    },

    DescribeLogStreams(input, ctx) {
      const name = groupName(input.logGroupName, input.logGroupIdentifier);
      ctx.authorize('logs:DescribeLogStreams', logArn(ctx, name));
      const group = groupsOf(ctx).get(name);
      const byTime = input.orderBy === 'LastEventTime';
      if (byTime && input.logStreamNamePrefix !== undefined)
        throw invalid('Cannot order by LastEventTime with a logStreamNamePrefix.');
      const streams = group
        .list(clock.now())
        .filter((stream) => stream.name.startsWith(input.logStreamNamePrefix ?? ''));
      const keyOf = (stream: LogStream): string =>
        byTime ? `${padded(stream.lastTimestamp ?? 0)}/${stream.name}` : stream.name;
      const sorted = streams.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
      if (input.descending) sorted.reverse();
      const position = new Map(sorted.map((stream, i) => [stream, padded(i)]));
      const page = pageOf(
        sorted,
        (stream) => position.get(stream) ?? '',
        Math.min(input.limit ?? largestPage, largestPage),
        input.nextToken,
        invalidToken,
      );
      return {
        logStreams: page.items.map((stream) => describeStream(group, stream)),
        nextToken: page.nextToken,
      };
    },

    PutLogEvents(input, ctx) {
      ctx.authorize('logs:PutLogEvents', logArn(ctx, input.logGroupName, input.logStreamName));
      // The sequence token is no longer needed, and ignored by AWS too.
      acceptOnly('PutLogEvents', input, [
        'logGroupName',
        'logStreamName',
        'logEvents',
        'sequenceToken',
      ]);
      const group = groupsOf(ctx).get(input.logGroupName);
      const stream = group.stream(input.logStreamName);
      if (input.logEvents.length > largestBatch)
        throw invalid(`The maximum number of log events in a batch is ${largestBatch}.`);
      const now = clock.now();
      const { first, end, rejected } = checkBatch(input.logEvents, now, group.retention);
      ingestion.take(group, stream, input.logEvents.slice(first, Math.max(first, end)));
      return {
        nextSequenceToken: padded(stream.written),
        ...(rejected && { rejectedLogEventsInfo: rejected }),
      };
    },

    GetLogEvents(input, ctx) {
      const name = groupName(input.logGroupName, input.logGroupIdentifier);
      ctx.authorize('logs:GetLogEvents', logArn(ctx, name, input.logStreamName));
      acceptOnly('GetLogEvents', input, [
        'logGroupName',
        'logGroupIdentifier',
        'logStreamName',
        'startTime',
        'endTime',
        'nextToken',
        'limit',
        'startFromHead',
      ]);
      const group = groupsOf(ctx).get(name);
      group.list(clock.now());
      const events = between(
        group.stream(input.logStreamName).list(),
        input.startTime,
        input.endTime,
      );
      encryption.forReading(group, events);
      const limit = Math.min(input.limit ?? largestBatch, largestBatch);
      const [start, end] = windowOf(events.length, limit, input.nextToken, input.startFromHead);
      return {
        events: events.slice(start, end).map(({ timestamp, message, ingestionTime }) => ({
          timestamp,
          message,
          ingestionTime,
        })),
        nextForwardToken: `f/${padded(end)}/s`,
        nextBackwardToken: `b/${padded(start)}/s`,
      };
    },

    FilterLogEvents(input, ctx) {
      const name = groupName(input.logGroupName, input.logGroupIdentifier);
      ctx.authorize('logs:FilterLogEvents', logArn(ctx, name));
      acceptOnly('FilterLogEvents', input, [
        'logGroupName',
        'logGroupIdentifier',
        'logStreamNames',
        'logStreamNamePrefix',
        'startTime',
        'endTime',
        'filterPattern',
        'nextToken',
        'limit',
        'interleaved',
      ]);
      const { logStreamNames: names, logStreamNamePrefix: prefix = '' } = input;
      if (names && prefix !== '')
        throw invalid('Only one of logStreamNames and logStreamNamePrefix may be given.');
      const pattern = compileFilterPattern(input.filterPattern);
      const group = groupsOf(ctx).get(name);
      const found = group
        .list(clock.now())
        .filter(
          (stream) => (names?.includes(stream.name) ?? true) && stream.name.startsWith(prefix),
        )
        .flatMap((stream) => {
          const events = between(stream.list(), input.startTime, input.endTime);
          encryption.forReading(group, events);
          return events
            .filter((event) => pattern.match(event.message))
            .map((event) => ({ stream: stream.name, event, key: keyOf(stream, event) }));
        })
        .sort((a, b) => (a.key < b.key ? -1 : 1));
      const page = pageOf(
        found,
        ({ key }) => key,
        Math.min(input.limit ?? largestBatch, largestBatch),
        input.nextToken,
        invalidToken,
      );
      return {
        events: page.items.map(({ stream, event }) => ({
          logStreamName: stream,
          timestamp: event.timestamp,
          message: event.message,
          ingestionTime: event.ingestionTime,
          eventId: padded(event.timestamp) + padded(event.index),
        })),
        searchedLogStreams: [],
        nextToken: page.nextToken,
      };
    },
  } satisfies Handlers<LogsApi>;
}

function groupName(name: string | undefined, identifier: string | undefined): string {
  const given = name ?? identifier;
  if (given === undefined || (name !== undefined && identifier !== undefined))
    throw invalid('Exactly one of logGroupName and logGroupIdentifier must be given.');
  return given;
}

/** The start belongs to the range, the end does not. */
function between(
  events: readonly StoredEvent[],
  start = 0,
  end = Number.POSITIVE_INFINITY,
): StoredEvent[] {
  return events.filter(({ timestamp }) => timestamp >= start && timestamp < end);
}

/** Where GetLogEvents reads: on from a token, else from the end that was asked for. */
function windowOf(
  count: number,
  limit: number,
  token: string | undefined,
  fromHead: boolean | undefined,
): [start: number, end: number] {
  if (token === undefined)
    return fromHead ? [0, Math.min(limit, count)] : [Math.max(0, count - limit), count];
  const [, direction, digits] = /^([fb])\/(\d+)\/s$/.exec(token) ?? [];
  if (direction === undefined) throw invalidToken();
  const at = Math.min(Number(digits), count);
  return direction === 'f' ? [at, Math.min(count, at + limit)] : [Math.max(0, at - limit), at];
}

/** By time, then by arrival, whatever stream. */
function keyOf(stream: LogStream, event: StoredEvent): string {
  return `${padded(event.timestamp)}/${stream.name}/${padded(event.index)}`;
}

function padded(value: number): string {
  return String(value).padStart(20, '0');
}

function describeStream(group: LogGroup, stream: LogStream) {
  return {
    logStreamName: stream.name,
    creationTime: stream.creationTime,
    firstEventTimestamp: stream.firstTimestamp,
    lastEventTimestamp: stream.lastTimestamp,
    lastIngestionTime: stream.lastIngestionTime,
    uploadSequenceToken: padded(stream.written),
    arn: `${group.arn}:log-stream:${stream.name}`,
    // Always 0 since 2019, as AWS documents.
    storedBytes: 0,
  };
}
