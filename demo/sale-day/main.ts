import { constants, readFileSync } from 'node:fs';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { generateOrders } from './arrivals';
import { drawSale } from './chart';
import { parseSaleDayArguments, type SaleDayOptions, saleDayHelp, UsageError } from './options';
import type { Order } from './order';
import { OrderFileError, readOrderFile } from './order-file';
import { count, saleTable } from './report';
import { type FinishedSale, outage, runSale } from './sale';

/** How many orders are made up if none are given. */
const generatedOrders = 12_000;
/** How many malformed lines are shown one by one. */
const shownMalformedLines = 10;

async function main(args: readonly string[]): Promise<number> {
  const command = parseSaleDayArguments(args);
  if (command.kind === 'help') {
    process.stdout.write(saleDayHelp);
    return 0;
  }
  if (command.kind === 'version') {
    process.stdout.write(`${version()}\n`);
    return 0;
  }
  const { options } = command;
  const orders = await ordersFor(options);
  await makeDirectory(options.out);
  const sale = await runSale({
    orders,
    seed: options.seed,
    progress: (line) => process.stdout.write(`  ${line}\n`),
  });
  const chart = await writeChart(sale, options.out);
  const { result } = sale;
  process.stdout.write(`\n${saleTable(result)}\n  chart: ${chart}\n`);
  if (result.lost.length > 0) {
    process.stdout.write(`  lost: ${result.lost.slice(0, 20).join(', ')}\n`);
  }
  if (options.keep) await keepRunning(sale);
  await sale.database.close();
  await sale.aws.stop();
  return result.lost.length === 0 && result.acceptedPennies === result.writtenPennies ? 0 : 1;
}

/** The version of `cdk-decouple`; this file runs from `dist/demo/sale-day`. */
function version(): string {
  const manifest = readFileSync(join(__dirname, '../../../package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

async function ordersFor(options: SaleDayOptions): Promise<Order[]> {
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
  if (orders.length === 0) throw new OrderFileError(`${options.orders} holds no order`);
  process.stdout.write(`${count(orders.length)} orders from ${options.orders}\n`);
  return orders;
}

/** Made before the sale, so that nobody waits for a chart that cannot be written. */
async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
    await access(path, constants.W_OK);
  } catch {
    throw new UsageError(`--out ${path} is no directory that can be written to`);
  }
}

async function writeChart(sale: FinishedSale, directory: string): Promise<string> {
  const path = join(directory, 'sale-day.svg');
  const title = `Sale day: ${count(sale.result.accepted)} orders accepted, ${count(sale.result.lost.length)} lost`;
  await writeFile(path, drawSale(sale.samples, outage, title));
  return relative(process.cwd(), path) || path;
}

/** Leaves everything running until the person has seen enough. */
async function keepRunning({ aws, database }: FinishedSale): Promise<void> {
  process.stdout.write(
    [
      '',
      '  Still running, until Ctrl+C:',
      `    AWS_ENDPOINT_URL=${await aws.endpoint()} AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_REGION=${aws.region}`,
      `    psql '${database.connectionString}'`,
      '',
    ].join('\n'),
  );
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const usage = error instanceof UsageError || error instanceof OrderFileError;
    process.stderr.write(
      `sale-day: ${usage ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    process.exit(usage ? 2 : 1);
  },
);
