import { invalidValue } from './errors';
import { memoryOfServerless, type ServerlessScaling } from './instance-class';
import { evaluateFormula } from './parameter-formula';

/** Parameters of a group by name. */
export type Parameters = Readonly<Record<string, string>>;

/** Parameters that the server runs with, besides `max_connections` and `rds.force_ssl`. */
export const honouredParameters: readonly string[] = [
  'array_nulls',
  'backslash_quote',
  'bytea_output',
  'client_encoding',
  'client_min_messages',
  'datestyle',
  'deadlock_timeout',
  'default_transaction_deferrable',
  'default_transaction_isolation',
  'default_transaction_read_only',
  'idle_in_transaction_session_timeout',
  'idle_session_timeout',
  'intervalstyle',
  'lock_timeout',
  'search_path',
  'standard_conforming_strings',
  'statement_timeout',
  'tcp_keepalives_count',
  'tcp_keepalives_idle',
  'tcp_keepalives_interval',
  'timezone',
  'transaction_timeout',
  'work_mem',
  'xmlbinary',
];

/**
 * Parameters, or beginnings of their names, that are kept without effect: they size, log or tune what a local
 * server does in its own way.
 */
export const recordedParameters: readonly string[] = [
  'apg_',
  'aurora_',
  'auto_explain.',
  'autovacuum',
  'bgwriter_',
  'checkpoint_',
  'cron.',
  'effective_',
  'enable_',
  'hash_mem_multiplier',
  'huge_pages',
  'jit',
  'log_',
  'logical_',
  'maintenance_work_mem',
  'max_logical_replication_workers',
  'max_parallel_',
  'max_replication_slots',
  'max_wal_',
  'max_worker_processes',
  'min_wal_size',
  'pg_stat_statements.',
  'pgaudit.',
  'random_page_cost',
  'rds.',
  'seq_page_cost',
  'shared_buffers',
  'shared_preload_libraries',
  'ssl_',
  'temp_buffers',
  'track_',
  'vacuum_',
  'wal_',
];

/** What a parameter group may hold: nothing else is accepted. */
export function unsupportedParameters(names: readonly string[]): string[] {
  return names.filter(
    (name) =>
      name !== 'max_connections' &&
      !honouredParameters.includes(name) &&
      !recordedParameters.some((beginning) => name.startsWith(beginning)),
  );
}

/** An instance as far as its server's settings depend on it. */
export interface SettingsSource {
  readonly engine: string;
  readonly engineVersion?: string;
  /** Bytes. */
  readonly memory: number;
  readonly scaling?: ServerlessScaling;
  /** Those of the instance's group go before those of the cluster's. */
  readonly parameters: Parameters;
}

/** What the PostgreSQL server of an instance is run with. */
export function serverSettings(source: SettingsSource) {
  const { parameters } = source;
  return {
    maxConnections: maxConnections(source),
    forceSsl: forceSsl(source),
    parameters: Object.fromEntries(
      Object.entries(parameters).filter(([name]) => honouredParameters.includes(name)),
    ),
  };
}

/**
 * RDS's default is `LEAST({DBInstanceClassMemory/9531392},5000)`, and 2,000 at most where a serverless cluster
 * may go down to half a unit.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html#aurora-serverless-v2.max-connections
 */
function maxConnections({ parameters, memory, scaling }: SettingsSource): number {
  const given = parameters.max_connections;
  const value = evaluateFormula(
    given ?? 'LEAST({DBInstanceClassMemory/9531392},5000)',
    scaling ? memoryOfServerless(scaling) : memory,
  );
  if (value < 6 || value > 262_143)
    throw invalidValue(
      `Value: ${given} is outside of range: 6-262143 for parameter: max_connections`,
    );
  const capped = given === undefined && scaling !== undefined && scaling.minCapacity <= 0.5;
  return capped ? Math.min(value, 2000) : value;
}

/**
 * TLS is required by default by RDS for PostgreSQL from version 15 on, by Aurora from version 17 on.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html
 */
function forceSsl({ parameters, engine, engineVersion }: SettingsSource): boolean {
  const given = parameters['rds.force_ssl'];
  if (given !== undefined) return given === '1';
  const major = Number.parseInt(engineVersion ?? '17', 10);
  return major >= (engine === 'postgres' ? 15 : 17);
}
