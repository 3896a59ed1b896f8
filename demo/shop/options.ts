import { parseArgs } from 'node:util';
import { type ColumnMap, orderFields } from './order-file';

/** What the command line asks for. */
export type DemoCommand =
  | { readonly kind: 'run'; readonly options: DemoOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'version' };

/** Options of a demonstration. */
export interface DemoOptions {
  /** CSV file of orders to replay instead of made-up ones. */
  readonly orders?: string;
  readonly map: Partial<ColumnMap>;
  /** CSV file of how many arrive in each minute, instead of made-up ones. */
  readonly trace?: string;
  /** Seed of duplicates, reordering and made-up orders. */
  readonly seed: number;
  /** Whether to leave everything running afterwards. */
  readonly keep: boolean;
  /** Directory that the chart is written to. */
  readonly out: string;
}

/** The command line is wrong; the message says how. */
export class UsageError extends Error {}

/** What is special about the command line of one demonstration. */
export interface DemoCommandLine {
  /** What it shows, in lines for the help. */
  readonly about: string;
  /** Lines of how it is called. */
  readonly usage: readonly string[];
  /** Where the chart goes unless `--out` says. */
  readonly defaultOut: string;
  /** What it can be given to replay. */
  readonly reads: 'orders' | 'trace';
}

const replayHelp = {
  orders: `  --orders FILE.csv   replay your own orders: columns order_id, date (or time), customer_id, amount
  --map FIELD=COLUMN  your column for one of ${orderFields.join(', ')}; may be given several times`,
  trace: `  --trace FILE.csv    your own arrivals: how many in each minute, a line each (with a header: its column arrivals)`,
};

/** The text that `--help` prints. */
export function helpOf({ about, defaultOut, reads, usage }: DemoCommandLine): string {
  return `${about}

Usage: ${usage.join('\n       ')}

${replayHelp[reads]}
  --seed N            seed of duplicates, reordering and made-up orders (default 1)
  --out DIRECTORY     where the chart goes (default ${defaultOut})
  --keep              leave everything running afterwards, until Ctrl+C
  --version           print the version
  --help              print this text

Exit code 0 if nothing was lost, 1 if something was, 2 if the command line is wrong.
`;
}

/**
 * Reads the command line.
 *
 * @throws UsageError with one line that says what is wrong.
 */
export function parseDemoArguments(
  args: readonly string[],
  { defaultOut, reads }: Pick<DemoCommandLine, 'defaultOut' | 'reads'>,
): DemoCommand {
  const values = parse(args);
  refuseForeign(values, reads);
  if (values.help) return { kind: 'help' };
  if (values.version) return { kind: 'version' };
  if (values.map && values.orders === undefined) {
    throw new UsageError(
      '--map names columns of the file that --orders gives: --orders is missing',
    );
  }
  return {
    kind: 'run',
    options: {
      orders: values.orders,
      map: parseMap(values.map ?? []),
      trace: values.trace,
      seed: parseSeed(values.seed ?? '1'),
      keep: values.keep ?? false,
      out: values.out ?? defaultOut,
    },
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        orders: { type: 'string' },
        map: { type: 'string', multiple: true },
        trace: { type: 'string' },
        seed: { type: 'string' },
        out: { type: 'string' },
        keep: { type: 'boolean' },
        version: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    const [reason = 'wrong arguments'] = String(error)
      .replace(/^TypeError[^:]*: /, '')
      .split(/\. |\.?\n/);
    throw new UsageError(`${reason}; --help lists the options`);
  }
}

/** Each demonstration replays one kind of file. */
function refuseForeign(values: ReturnType<typeof parse>, reads: DemoCommandLine['reads']): void {
  const foreign = reads === 'orders' ? (['trace'] as const) : (['orders', 'map'] as const);
  for (const name of foreign) {
    if (values[name] !== undefined) {
      throw new UsageError(`Unknown option '--${name}'; --help lists the options`);
    }
  }
}

function parseSeed(text: string): number {
  const seed = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(seed)) {
    throw new UsageError(`--seed takes a whole number, got ${text}`);
  }
  return seed;
}

function parseMap(pairs: readonly string[]): Partial<ColumnMap> {
  const map: Partial<Record<keyof ColumnMap, string>> = {};
  for (const pair of pairs.flatMap((text) => text.split(','))) {
    const [field = '', column = ''] = pair.split('=', 2);
    const known = orderFields.find(
      (name) => name === field || (name === 'date' && field === 'time'),
    );
    if (!known || column === '') {
      throw new UsageError(
        `--map takes FIELD=COLUMN with a field of ${orderFields.join(', ')}, got ${pair}`,
      );
    }
    map[known] = column;
  }
  return map;
}
