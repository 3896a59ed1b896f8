import { Token } from 'aws-cdk-lib';
import { integerBetween, isKnown, secondsBetween, type ValidationRule } from '../validation';
import { type ColumnMap, toColumnMap } from './column';
import { isSeveralStatements, toPositional } from './mapping/named-parameters';
import { MAX_PLAN_BYTES } from './mapping/settings';
import { databaseOf, engineOf, secretOf } from './postgres-database';
import { planOf } from './postgres-plan';
import type { PostgresSinkProps } from './postgres-sink-props';

/** PostgreSQL cuts longer names off without a word. */
const MAX_IDENTIFIER_BYTES = 63;

/**
 * What the database, or Lambda, would refuse at deployment or, worse, at the first message.
 */
export const POSTGRES_SINK_RULES: ReadonlyArray<ValidationRule<PostgresSinkProps>> = [
  {
    fails: (props) => targetsOf(props).length !== 1,
    message: (props) =>
      `give exactly one of cluster, instance and proxy, got ${targetsOf(props).join(' and ') || 'none'}`,
  },
  {
    fails: (props) => {
      const engine = engineOf(props);
      return engine !== undefined && !/postgres/.test(engine);
    },
    message: (props) => `the database must be PostgreSQL, got engine '${engineOf(props)}'`,
  },
  {
    fails: (props) => targetsOf(props).length === 1 && secretOf(props) === undefined,
    message: () =>
      'secret is required: an imported database or a proxy does not tell the secret of its login',
  },
  {
    fails: (props) => endpointMistake(props) !== undefined,
    message: (props) =>
      `the imported database must be given its endpoint: ${endpointMistake(props)}`,
  },
  {
    fails: ({ table, statement }) => Token.isUnresolved(table) || Token.isUnresolved(statement),
    message: () =>
      'table and statement must be known at synthesis: they are taken apart to quote names and to number parameters',
  },
  {
    fails: ({ table, statement }) => (table === undefined) === (statement === undefined),
    message: () =>
      'give either table (with columns and conflictKey) or statement (with parameters)',
  },
  {
    fails: ({ table, parameters }) => table !== undefined && parameters !== undefined,
    message: () => 'parameters belong to a statement: with table, say columns',
  },
  {
    fails: ({ statement, columns, conflictKey }) =>
      statement !== undefined && (columns !== undefined || conflictKey !== undefined),
    message: () => 'columns and conflictKey belong to a table: with statement, say parameters',
  },
  {
    fails: ({ table, columns }) => table !== undefined && columnNames(columns).length === 0,
    message: () => 'columns must name at least one column of the table',
  },
  {
    fails: ({ table, conflictKey }) => table !== undefined && keyNames(conflictKey).length === 0,
    message: () =>
      'conflictKey is required with table: SQS delivers some messages twice, and without a key the row is written twice',
  },
  {
    fails: ({ columns, conflictKey }) =>
      columns !== undefined && missing(keyNames(conflictKey), columnNames(columns)).length > 0,
    message: ({ columns, conflictKey }) =>
      `conflictKey must be among the columns, got ${quoted(missing(keyNames(conflictKey), columnNames(columns)))}`,
  },
  {
    fails: (props) => optionalKeys(props).length > 0,
    message: (props) =>
      `conflictKey must be in every message, got optional ${quoted(optionalKeys(props))}: PostgreSQL takes no NULL for equal to another, so a message delivered twice would be written twice`,
  },
  {
    fails: (props) => badIdentifiers(props).length > 0,
    message: (props) =>
      `names of tables and columns must be 1 to ${MAX_IDENTIFIER_BYTES} bytes long, got ${quoted(badIdentifiers(props))}`,
  },
  {
    fails: ({ table }) => isKnown(table) && table.split('.').length > 2,
    message: ({ table }) => `table must be a name or schema.name, got '${table}'`,
  },
  {
    fails: ({ columns, parameters }) => columnMistakes(columns ?? parameters).length > 0,
    message: ({ columns, parameters }) => columnMistakes(columns ?? parameters).join('; '),
  },
  {
    fails: (props) => undeclared(props).length > 0,
    message: (props) =>
      `parameters must say where the statement's ${list(undeclared(props))} come from`,
  },
  {
    fails: (props) => unused(props).length > 0,
    message: (props) => `the statement does not use the parameters ${list(unused(props))}`,
  },
  {
    fails: ({ statement }) => isKnown(statement) && isSeveralStatements(statement),
    message: () => 'statement must be one statement: PostgreSQL takes no parameters with several',
  },
  {
    fails: (props) =>
      columnMistakes(props.columns ?? props.parameters).length === 0 &&
      Buffer.byteLength(JSON.stringify(planOf(props))) > MAX_PLAN_BYTES,
    message: () =>
      `the description of columns, or the statement, is too long for a function's environment: more than ${MAX_PLAN_BYTES} bytes as JSON; store the body in one jsonb column instead`,
  },
  integerBetween('connectionBudget', (props) => props.connectionBudget, { min: 2, max: 1_000 }),
  secondsBetween('timeout', (props) => props.timeout, { min: 5, max: 900 }),
  {
    fails: ({ timeout }) => timeout?.isUnresolved() === true,
    message: () => 'timeout must be known at synthesis: the visibility timeout is derived from it',
  },
  integerBetween('memorySize', (props) => props.memorySize, { min: 128, max: 10_240 }),
];

function targetsOf(props: PostgresSinkProps): string[] {
  return (['cluster', 'instance', 'proxy'] as const).filter((name) => props[name] !== undefined);
}

/** An imported cluster throws where its endpoint was not given. */
function endpointMistake(props: PostgresSinkProps): string | undefined {
  try {
    databaseOf(props);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function columnNames(columns: PostgresSinkProps['columns']): string[] {
  return columns === undefined ? [] : Object.keys(toColumnMap(columns));
}

function keyNames(key: PostgresSinkProps['conflictKey']): readonly string[] {
  return key === undefined ? [] : typeof key === 'string' ? [key] : key;
}

function optionalKeys({ columns, conflictKey }: PostgresSinkProps): string[] {
  const map = toColumnMap(columns ?? {});
  return keyNames(conflictKey).filter((name) => {
    const column = map[name];
    return column?.validate() === undefined && column?.isOptional() === true;
  });
}

function badIdentifiers({ table, columns }: PostgresSinkProps): string[] {
  const names = [...(isKnown(table) ? table.split('.') : []), ...columnNames(columns)];
  return names.filter((name) => {
    const bytes = Buffer.byteLength(name);
    return bytes === 0 || bytes > MAX_IDENTIFIER_BYTES || name.includes('\0');
  });
}

function columnMistakes(columns: ColumnMap | readonly string[] | undefined): string[] {
  return Object.entries(toColumnMap(columns ?? {})).flatMap(([name, column]) => {
    const mistake = column.validate();
    return mistake === undefined ? [] : [`${name}: ${mistake}`];
  });
}

function undeclared({ statement, parameters }: PostgresSinkProps): string[] {
  return isKnown(statement)
    ? missing(toPositional(statement).names, Object.keys(parameters ?? {}))
    : [];
}

function unused({ statement, parameters }: PostgresSinkProps): string[] {
  return isKnown(statement)
    ? missing(Object.keys(parameters ?? {}), toPositional(statement).names)
    : [];
}

function missing(wanted: readonly string[], present: readonly string[]): string[] {
  return wanted.filter((name) => !present.includes(name));
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ');
}

function list(names: readonly string[]): string {
  return names.map((name) => `:${name}`).join(', ');
}
