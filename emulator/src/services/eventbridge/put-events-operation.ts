import type { CallContext, Handlers, InputOf } from '../../protocol/handlers';
import { acceptOnly } from '../accepted-parameters';
import { Constraints } from '../constraints';
import { busEvent } from './bus-event';
import { invalid } from './errors';
import type { EventBridgeState } from './eventbridge-state';
import type { Ingestion } from './ingestion';
import { type BusAddress, busAddress, busArn } from './names';

type EventBridge = typeof import('@aws-sdk/client-eventbridge');
type Entry = InputOf<EventBridge, 'PutEvents'>['Entries'][number];

const mostEntries = 10;

/** The most bytes of all entries together. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html */
const maximumBytes = 1_048_576;

/** Why an entry is not taken. */
interface EntryFailure {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

/** An entry that is taken. */
interface CheckedEntry {
  readonly source: string;
  readonly detailType: string;
  readonly detail: object;
}

/** PutEvents: each entry is taken or not by itself. */
export function putEventsOperation(state: EventBridgeState, ingestion: Ingestion) {
  const { clock, journal, random } = state.environment;

  const put = (entry: Entry, address: BusAddress, checked: CheckedEntry, context: CallContext) => {
    const arn = busArn(address);
    const now = clock.now();
    const id = random.stream(`events/${arn}`).uuid();
    const content = {
      id,
      'detail-type': checked.detailType,
      source: checked.source,
      // The sender's, whosever the bus is.
      account: context.account,
      region: context.region,
      resources: entry.Resources ?? [],
      detail: checked.detail,
      time: entry.Time?.getTime() ?? now,
    };
    const event = busEvent(content, now, entry.TraceHeader);
    const bus = state.findBus(address);
    // Nobody is told of a bus that is not there.
    if (bus) ingestion.ingest(bus, event);
    else journal.record('failed', id, arn, { reason: `Event bus ${address.name} does not exist.` });
    return { EventId: id };
  };

  return {
    PutEvents: (input, context) => {
      acceptOnly('events.PutEvents', input, ['Entries']);
      const { Entries: entries } = input;
      const { metrics } = state.in(context);
      const now = clock.now();
      new Constraints('ValidationException')
        .length('entries', entries.map(shown), 1, mostEntries)
        .check();
      const bytes = entries.reduce((sum, entry) => sum + entrySize(entry), 0);
      if (bytes > maximumBytes)
        throw invalid('Total size of the entries in the request is over the limit.');
      const checked = entries.map((entry) => {
        const address = busAddress(entry.EventBusName, context);
        return { entry, address, result: checkEntry(entry) };
      });
      for (const { entry, address } of checked)
        context.authorize('events:PutEvents', busArn(address), {
          'events:source': entry.Source ?? '',
          'events:detail-type': entry.DetailType ?? '',
        });
      metrics.add('PutEventsApproximateCallCount', now);
      metrics.add('PutEventsEntriesCount', now, entries.length);
      metrics.add('PutEventsRequestSize', now, bytes);
      const results = checked.map(({ entry, address, result }) =>
        'ErrorCode' in result ? result : put(entry, address, result, context),
      );
      const failed = results.filter((result) => 'ErrorCode' in result).length;
      if (failed > 0) metrics.add('PutEventsFailedEntriesCount', now, failed);
      if (failed === 0) metrics.add('PutEventsApproximateSuccessCount', now);
      return { FailedEntryCount: failed, Entries: results };
    },
  } satisfies Handlers<EventBridge>;
}

/**
 * Bytes that an entry counts for.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html#eb-putevent-size
 */
function entrySize(entry: Entry): number {
  const texts = [entry.Source, entry.DetailType, entry.Detail, ...(entry.Resources ?? [])];
  const time = entry.Time ? 14 : 0;
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text ?? ''), time);
}

function checkEntry(entry: Entry): CheckedEntry | EntryFailure {
  const { Source: source, DetailType: detailType, Detail: detail } = entry;
  if (!source) return missing('Source');
  if (!detailType) return missing('DetailType');
  if (!detail) return missing('Detail');
  if (source.startsWith('aws.'))
    return {
      ErrorCode: 'NotAuthorizedForSourceException',
      ErrorMessage: 'Not authorized for the source.',
    };
  const parsed = parseObject(detail);
  if (!parsed) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  return { source, detailType, detail: parsed };
}

function missing(parameter: string): EntryFailure {
  return {
    ErrorCode: 'InvalidArgument',
    ErrorMessage: `Parameter ${parameter} is not valid. Reason: ${parameter} is a required argument.`,
  };
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? value : undefined;
  } catch {
    return undefined;
  }
}

/** An entry as AWS's errors show it. */
function shown(entry: Entry): string {
  const { Time, Source, Resources, DetailType, Detail, EventBusName, TraceHeader } = entry;
  const resources = Resources && `[${Resources.join(', ')}]`;
  const members = {
    time: Time?.toISOString(),
    source: Source,
    resources,
    detailType: DetailType,
    detail: Detail,
    eventBusName: EventBusName,
    traceHeader: TraceHeader,
    kmsKeyIdentifier: undefined,
    internalMetadata: undefined,
  };
  const texts = Object.entries(members).map(([name, value]) => `${name}=${value ?? 'null'}`);
  return `PutEventsRequestEntry(${texts.join(', ')})`;
}
