import { constants, readFileSync } from 'node:fs';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { generateOrders } from './arrivals';
import { CsvFileError } from './csv-file';
import { type Demo, DemoError, type DemoInput, type FinishedDemo, type OrdersDemo } from './demo';
import { type DemoOptions, helpOf, parseDemoArguments, UsageError } from './options';
import type { Order } from './order';
import { readOrderFile } from './order-file';
import { count } from './table';
import { readTrace } from './trace-file';

/** How many malformed lines are shown one by one. */
const shownMalformedLines = 10;

/** Runs a demonstration from the command line, and sets the exit code of the process. */
export async function runDemo(demo: Demo, args: readonly string[]): Promise<void> {
  try {
    process.exitCode = await exitCodeOf(demo, args);
  } catch (error) {
    const usage = error instanceof UsageError || error instanceof CsvFileError;
    process.stderr.write(
      `${demo.name}: ${usage || error instanceof DemoError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    process.exit(usage ? 2 : 1);
  }
}

async function exitCodeOf(demo: Demo, args: readonly string[]): Promise<number> {
  const command = parseDemoArguments(args, demo);
  if (command.kind === 'help') {
    process.stdout.write(helpOf(demo));
    return 0;
  }
  if (command.kind === 'version') {
    process.stdout.write(`${version()}\n`);
    return 0;
  }
  const { options } = command;
  const run = await prepared(demo, options);
  await makeDirectory(options.out);
  const finished = await run({
    seed: options.seed,
    progress: (line) => process.stdout.write(`  ${line}\n`),
  });
  const chart = join(options.out, `${demo.name}.svg`);
  await writeFile(chart, finished.chart);
  process.stdout.write(
    `\n${finished.table}\n  chart: ${relative(process.cwd(), chart) || chart}\n`,
  );
  if (finished.lost.length > 0) {
    process.stdout.write(`  lost: ${finished.lost.slice(0, 20).join(', ')}\n`);
  }
  if (options.keep) await keepRunning(finished);
  await finished.close();
  await finished.aws.stop();
  return finished.succeeded ? 0 : 1;
}

/** What runs a demonstration with what it reads, made up or given. */
async function prepared(
  demo: Demo,
  options: DemoOptions,
): Promise<(run: Pick<DemoInput, 'progress' | 'seed'>) => Promise<FinishedDemo>> {
  if (demo.reads === 'orders') {
    const orders = await ordersFor(demo, options);
    return (run) => demo.run({ ...run, orders });
  }
  const trace = options.trace === undefined ? demo.generatedTrace : await readTrace(options.trace);
  return (run) => demo.run({ ...run, trace });
}

/** The version of `cdk-decouple`; this file runs from `dist/demo/shop`. */
function version(): string {
  const manifest = readFileSync(join(__dirname, '../../../package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

async function ordersFor({ generatedOrders }: OrdersDemo, options: DemoOptions): Promise<Order[]> {
  if (options.orders === undefined) return generateOrders(generatedOrders, options.seed);
  const { orders, malformed } = await readOrderFile(options.orders, options.map);
  for (const { line, reason } of malformed.slice(0, shownMalformedLines)) {
    process.stderr.write(`${options.orders}:${line}: skipped: ${reason}\n`);
  }
  if (malformed.length > shownMalformedLines) {
    process.stderr.write(
      `${options.orders}: ${malformed.length - shownMalformedLines} more lines skipped\n`,
    );
  }
  if (orders.length === 0) throw new CsvFileError(`${options.orders} holds no order`);
  process.stdout.write(`${count(orders.length)} orders from ${options.orders}\n`);
  return orders;
}

/** Made before the demonstration, so that nobody waits for a chart that cannot be written. */
async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
    await access(path, constants.W_OK);
  } catch {
    throw new UsageError(`--out ${path} is no directory that can be written to`);
  }
}

/** Leaves everything running until the person has seen enough. */
async function keepRunning({ aws, commands }: FinishedDemo): Promise<void> {
  process.stdout.write(
    [
      '',
      '  Still running, until Ctrl+C:',
      `    AWS_ENDPOINT_URL=${await aws.endpoint()} AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_REGION=${aws.region}`,
      ...commands.map((command) => `    ${command}`),
      '',
    ].join('\n'),
  );
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}
