import { ServiceError } from '../../protocol/errors';
import { batchError } from './errors';

/** The answer about an entry of a batch that failed. */
export interface FailedEntry {
  readonly Id: string;
  readonly SenderFault: boolean;
  readonly Code: string;
  readonly Message: string;
}

const maximumEntries = 10;

/** Most bytes of a batch: 1 MiB, as of one message. */
const maximumBytes = 1_048_576;

/**
 * Checks what makes a batch fail as a whole: no entries, more than 10, ids that are malformed or not
 * distinct. `entry` is the name of an entry's type, which the error for an empty batch mentions.
 */
export function checkBatch(entries: readonly { readonly Id: string }[], entry: string): void {
  if (entries.length === 0) {
    throw batchError('EmptyBatchRequest', `There should be at least one ${entry} in the request.`);
  }
  if (entries.length > maximumEntries) {
    throw batchError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${maximumEntries}. You have sent ${entries.length}.`,
    );
  }
  const ids = new Set<string>();
  for (const { Id } of entries) {
    if (!/^[A-Za-z0-9_-]{1,80}$/.test(Id)) {
      throw batchError(
        'InvalidBatchEntryId',
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
      );
    }
    if (ids.has(Id)) throw batchError('BatchEntryIdsNotDistinct', `Id ${Id} repeated.`);
    ids.add(Id);
  }
}

/** Checks the bytes of a batch of messages. */
export function checkBatchSize(bytes: number): void {
  if (bytes <= maximumBytes) return;
  throw batchError(
    'BatchRequestTooLong',
    `Batch requests cannot be longer than ${maximumBytes} bytes. You have sent ${bytes} bytes.`,
  );
}

/** Does something for each entry; entries that fail do not keep the others from succeeding. */
export function forEachEntry<E extends { readonly Id: string }, R>(
  entries: readonly E[],
  run: (entry: E) => R,
): { successful: R[]; failed: FailedEntry[] } {
  const successful: R[] = [];
  const failed: FailedEntry[] = [];
  for (const entry of entries) {
    try {
      successful.push(run(entry));
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      failed.push({
        Id: entry.Id,
        SenderFault: error.options.fault !== 'Receiver',
        // Entries carry the older query protocol's codes in both protocols.
        Code: error.options.queryCode ?? error.code,
        Message: error.message,
      });
    }
  }
  return { successful, failed };
}
