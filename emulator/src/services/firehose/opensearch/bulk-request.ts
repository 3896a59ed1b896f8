import type { HttpAnswer } from '../../../network/http-call';
import type { AttemptFailure } from '../delivery/retrying';
import { dataId } from '../endpoints/backed-destination';
import type { FirehoseRecord } from '../record';
import { rotatedIndex } from './index-rotation';
import type { OpenSearchSettings } from './opensearch-settings';

/** A record as it is to be indexed. */
export interface IndexedDocument {
  readonly record: FirehoseRecord;
  readonly index: string;
  /** @default - the index makes one */
  readonly id: string | undefined;
  /** One line of JSON; undefined if it is none, which no bulk request can hold. */
  readonly line: string | undefined;
}

export function indexedDocument(
  record: FirehoseRecord,
  { givesIds, index, rotation }: OpenSearchSettings,
): IndexedDocument {
  return {
    record,
    index: rotatedIndex(index, rotation, record.arrival),
    id: givesIds ? dataId(record) : undefined,
    line: lineOf(record.data),
  };
}

/** https://opensearch.org/docs/latest/api-reference/document-apis/bulk/ */
export function bulkBody(
  documents: readonly IndexedDocument[],
  { typeName }: OpenSearchSettings,
): string {
  const lines = documents.flatMap(({ id, index, line = '' }) => [
    JSON.stringify({ index: { _index: index, _type: typeName, _id: id } }),
    line,
  ]);
  return `${lines.join('\n')}\n`;
}

/** What an index answers that takes every document. */
export function bulkSuccess(documents: readonly IndexedDocument[]): object {
  return {
    took: 1,
    errors: false,
    items: documents.map(({ id, index }, position) => ({
      index: { _index: index, _id: id ?? String(position), result: 'created', status: 201 },
    })),
  };
}

/** Why each document is not indexed; undefined for one that is. */
export function bulkFailures(
  { status, body }: HttpAnswer,
  count: number,
): readonly (AttemptFailure | undefined)[] {
  const text = body.toString('utf8');
  const items = status === 200 ? itemsOf(text) : undefined;
  if (items?.length !== count)
    return Array.from({ length: count }, () => ({ code: String(status), message: text }));
  return items.map((item) => {
    const { error, status: found } = resultOf(item);
    const ok = typeof found === 'number' && found >= 200 && found < 300;
    return ok ? undefined : { code: String(found), message: JSON.stringify(error ?? {}) };
  });
}

/** What an index says of a document that is no JSON. */
export const unreadable: AttemptFailure = {
  code: '400',
  message: '{"type":"mapper_parsing_exception","reason":"failed to parse"}',
};

function lineOf(data: Uint8Array): string | undefined {
  const text = Buffer.from(data).toString('utf8').trim();
  if (!text.startsWith('{') || /[\r\n]/.test(text)) return undefined;
  try {
    JSON.parse(text);
    return text;
  } catch {
    return undefined;
  }
}

function itemsOf(text: string): readonly unknown[] | undefined {
  try {
    const { items }: { items?: unknown } = Object(JSON.parse(text));
    return Array.isArray(items) ? items : undefined;
  } catch {
    return undefined;
  }
}

/** An item has one member, named as what was done: `index`. */
function resultOf(item: unknown): { readonly error?: unknown; readonly status?: unknown } {
  const [result] = Object.values(Object(item));
  return Object(result);
}
