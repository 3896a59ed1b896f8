/** An event as targets get it. */
export interface EventDocument {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  /** ISO 8601, in whole seconds. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: object;
}

/** An event on a bus. */
export interface BusEvent {
  readonly document: EventDocument;
  /** {@link document} in JSON. */
  readonly text: string;
  /** Emulated time of its arrival on the first bus. */
  readonly ingestedAt: number;
  /** X-Ray's, handed on to queues. */
  readonly traceHeader: string | undefined;
  /** Whether it came here from another bus. */
  readonly forwarded: boolean;
}

/** What an event is made from. */
export type EventContent = Omit<EventDocument, 'version' | 'time'> & {
  /** Emulated milliseconds since the epoch. */
  readonly time: number;
};

/** Makes an event that has just arrived. */
export function busEvent(
  content: EventContent,
  ingestedAt: number,
  traceHeader?: string,
): BusEvent {
  const document: EventDocument = {
    version: '0',
    id: content.id,
    'detail-type': content['detail-type'],
    source: content.source,
    account: content.account,
    time: eventTime(content.time),
    region: content.region,
    resources: content.resources,
    detail: content.detail,
  };
  return {
    document,
    text: JSON.stringify(document),
    ingestedAt,
    traceHeader,
    forwarded: false,
  };
}

/** A time as events have it: in whole seconds. */
export function eventTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
