import type { WritePlan } from '../../mapping/settings';
import type { Item } from '../item';
import type { SinkWriter, Tally, WriteResult, WriterHooks } from '../sink-writer';
import type { Connection } from './connection';
import { keyRejection, type RowValues, rowOf } from './row';
import { writeRows } from './row-writer';
import { isConnectionLost } from './sql-error';

/** Writes rows: if the database cannot take a batch, nothing of it is written. */
export function postgresWriter(
  plan: WritePlan,
  connection: Pick<Connection, 'get' | 'discard'>,
): SinkWriter<RowValues> {
  const sources =
    plan.kind === 'table' ? plan.columns.map(({ source }) => source) : plan.parameters;
  return {
    read(record) {
      const row = rowOf(record, sources);
      const rejection = 'values' in row ? keyRejection(plan, row.values) : undefined;
      return rejection === undefined ? row : { rejection };
    },

    async write(items, hooks): Promise<WriteResult> {
      try {
        return { ...(await write(items, hooks, plan, connection)), sinkError: undefined };
      } catch (error) {
        connection.discard();
        forgetWritten(items);
        return { written: 0, duplicates: 0, sinkError: error };
      }
    },
  };
}

/** A connection may have died while the instance was frozen: that says nothing of the database, so try once more. */
async function write(
  items: readonly Item<RowValues>[],
  hooks: WriterHooks,
  plan: WritePlan,
  connection: Pick<Connection, 'get' | 'discard'>,
): Promise<Tally> {
  if (items.every(({ values, group }) => values === undefined && group === undefined)) {
    return { written: 0, duplicates: 0 };
  }
  const { client, reused } = await connection.get();
  try {
    return await writeRows(client, plan, items, hooks);
  } catch (error) {
    if (!reused || !isConnectionLost(error)) {
      throw error;
    }
    connection.discard();
    forgetWritten(items);
    return writeRows((await connection.get()).client, plan, items, hooks);
  }
}

/** The transaction has been rolled back. */
function forgetWritten(items: readonly Item<RowValues>[]): void {
  for (const item of items) {
    item.outcome = item.outcome === 'written' ? undefined : item.outcome;
  }
}
