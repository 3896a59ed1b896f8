import type { TablePlan } from '../../mapping/settings';
import type { RowValues } from './row';

/** PostgreSQL counts parameters in 16 bits. */
const MAX_PARAMETERS = 65_535;

/** A statement with its parameters. */
export interface Statement {
  readonly text: string;
  readonly values: RowValues;
}

/** Rows that fit into one INSERT. */
export function maxRowsOf(plan: TablePlan): number {
  return Math.floor(MAX_PARAMETERS / plan.columns.length);
}

/**
 * One atomic INSERT of the rows, which passes over those that are there.
 */
export function insertOf(plan: TablePlan, rows: readonly RowValues[]): Statement {
  return { text: insertText(plan, rows.length), values: rows.flat() };
}

function insertText(plan: TablePlan, rows: number): string {
  const width = plan.columns.length;
  const tuples = Array.from({ length: rows }, (_, row) => {
    const parameters = Array.from(
      { length: width },
      (__, column) => `$${row * width + column + 1}`,
    );
    return `(${parameters.join(', ')})`;
  });
  const table = plan.table.map(identifier).join('.');
  const columns = plan.columns.map(({ name }) => identifier(name)).join(', ');
  const key = plan.conflictKey.map(identifier).join(', ');
  return `INSERT INTO ${table} (${columns}) VALUES ${tuples.join(', ')} ON CONFLICT (${key}) DO NOTHING`;
}

/** A name as PostgreSQL takes it, whatever characters it has. */
export function identifier(name: string): string {
  return `"${name.replace(/"/g, '""')}"`;
}
