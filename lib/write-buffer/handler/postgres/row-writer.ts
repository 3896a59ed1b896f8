import type { TablePlan, WritePlan } from '../../mapping/settings';
import type { Item as AnyItem } from '../item';
import type { Tally, WriterHooks } from '../sink-writer';
import type { SqlClient } from './connection';
import type { RowValues } from './row';
import { insertOf, maxRowsOf } from './sql';
import { rejectionOf } from './sql-error';

type Item = AnyItem<RowValues>;

/**
 * Writes the items that have no outcome yet, and gives them one.
 *
 * First all in one statement; if the database refuses a value in it, row by row, each behind a savepoint of one
 * transaction, so that only the bad rows fail. Throws what is not the fault of a row; what was written by then is
 * rolled back or, being absorbed the next time, does no harm.
 */
export async function writeRows(
  client: SqlClient,
  plan: WritePlan,
  items: readonly Item[],
  hooks: WriterHooks,
): Promise<Tally> {
  const tally: Tally = { written: 0, duplicates: 0 };
  if (plan.kind === 'table' && !isInterrupted(items)) {
    const isDone = await writeAtOnce(client, plan, items, tally);
    if (isDone) {
      return tally;
    }
  }
  try {
    return await writeOneByOne(client, plan, items, hooks, tally, 'transaction of all');
  } catch (error) {
    // Deferred constraints are checked at COMMIT, which does not tell whose row it was.
    if (rejectionOf(error) === undefined) {
      throw error;
    }
    for (const item of items) {
      item.outcome = item.outcome === 'written' ? undefined : item.outcome;
    }
    return writeOneByOne(client, plan, items, hooks, tally, 'transaction of its own');
  }
}

/** True if a message of a FIFO queue cannot be read: it has to leave its group before the next ones are written. */
function isInterrupted(items: readonly Item[]): boolean {
  return items.some(({ group, values }) => group !== undefined && values === undefined);
}

/** @returns false if the database refused a value; then it is not known whose */
async function writeAtOnce(
  client: SqlClient,
  plan: TablePlan,
  items: readonly Item[],
  tally: Tally,
): Promise<boolean> {
  const readable = items.flatMap((item) =>
    item.values === undefined || item.outcome !== undefined ? [] : [{ item, row: item.values }],
  );
  const step = maxRowsOf(plan);
  for (let at = 0; at < readable.length; at += step) {
    const chunk = readable.slice(at, at + step);
    const { text, values } = insertOf(
      plan,
      chunk.map(({ row }) => row),
    );
    try {
      const rowCount = (await client.query(text, values)).rowCount ?? 0;
      tally.written += rowCount;
      tally.duplicates += chunk.length - rowCount;
    } catch (error) {
      if (rejectionOf(error) === undefined) {
        throw error;
      }
      return false;
    }
    for (const { item } of chunk) {
      item.outcome = 'written';
    }
  }
  return true;
}

async function writeOneByOne(
  client: SqlClient,
  plan: WritePlan,
  items: readonly Item[],
  hooks: WriterHooks,
  total: Tally,
  mode: 'transaction of all' | 'transaction of its own',
): Promise<Tally> {
  const tally: Tally = { ...total };
  const blocked = new Set<string>();
  const isShared = mode === 'transaction of all';
  if (isShared) {
    await client.query('BEGIN');
  }
  for (const item of items) {
    if (item.outcome !== undefined) {
      continue;
    }
    if (!hooks.hasTime() || (item.group !== undefined && blocked.has(item.group))) {
      item.outcome = 'retry';
      continue;
    }
    const { values } = item;
    if (values !== undefined) {
      const rowCount = isShared
        ? await behindSavepoint(client, plan, item, values)
        : await alone(client, plan, item, values);
      tally.written += rowCount ?? 0;
      tally.duplicates += rowCount === 0 ? 1 : 0;
    }
    if (item.rejection !== undefined) {
      await hooks.reject(item);
      // Not in the dead-letter queue, so it will be back: those behind it in its group must not overtake it.
      if (item.outcome === 'retry' && item.group !== undefined) {
        blocked.add(item.group);
      }
    } else {
      item.outcome = 'written';
    }
  }
  if (isShared) {
    await client.query('COMMIT');
  }
  return tally;
}

/** @returns the rows written; undefined if the row was refused, with the reason at the item */
async function behindSavepoint(
  client: SqlClient,
  plan: WritePlan,
  item: Item,
  values: RowValues,
): Promise<number | undefined> {
  await client.query('SAVEPOINT message');
  const rowCount = await alone(client, plan, item, values);
  await client.query(
    rowCount === undefined
      ? 'ROLLBACK TO SAVEPOINT message; RELEASE SAVEPOINT message'
      : 'RELEASE SAVEPOINT message',
  );
  return rowCount;
}

/** @returns the rows written; undefined if the row was refused, with the reason at the item */
async function alone(
  client: SqlClient,
  plan: WritePlan,
  item: Item,
  values: RowValues,
): Promise<number | undefined> {
  const text = plan.kind === 'statement' ? plan.text : insertOf(plan, [values]).text;
  try {
    return (await client.query(text, values)).rowCount ?? 0;
  } catch (error) {
    item.rejection = rejectionOf(error);
    if (item.rejection === undefined) {
      throw error;
    }
    return undefined;
  }
}
