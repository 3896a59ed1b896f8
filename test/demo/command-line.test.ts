import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const main = join(__dirname, '../../dist/demo/main.js');
const directory = mkdtempSync(join(tmpdir(), 'demo-'));

afterAll(() => rmSync(directory, { recursive: true }));

/** Runs what `npm start` runs, with a command line that ends before the sale begins. */
async function start(...args: string[]) {
  const child = spawn(process.execPath, [main, ...args], { cwd: directory, stdio: 'pipe' });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}

function file(name: string, text: string): string {
  writeFileSync(join(directory, name), text);
  return name;
}

describe('npm start', () => {
  test('prints its options with --help, and every one of them once', async () => {
    const { code, stdout, stderr } = await start('--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.match(/^ {2}--[a-z]+/gm)?.map((flag) => flag.trim())).toEqual([
      '--orders',
      '--map',
      '--seed',
      '--out',
      '--keep',
      '--version',
      '--help',
    ]);
  });

  test.each([
    [['--help'], 'Runs a sale day', 'npm start -- fan-out'],
    [['broker', '--help'], 'active/standby pair', '(default broker)'],
    [['fan-out', '--help'], 'Announces the orders', '(default fan-out)'],
    [['stream', '--help'], 'Puts the clicks', '(default stream)'],
    [['workers', '--help'], 'Has videos encoded', '--trace FILE.csv'],
  ])('%j says what it shows, and how it is called', async (args, ...words) => {
    const { stdout } = await start(...args);
    for (const word of words) expect(stdout).toContain(word);
  });

  test('fan-out takes the same options, and speaks in its own name', async () => {
    const flags = (text: string) => text.match(/^ {2}--[a-z]+/gm);
    const [saleDay, fanOut, wrong] = await Promise.all([
      start('--help'),
      start('fan-out', '--help'),
      start('fan-out', '--seed', 'one'),
    ]);
    expect(flags(fanOut.stdout)).toEqual(flags(saleDay.stdout));
    expect(wrong).toEqual({
      code: 2,
      stdout: '',
      stderr: 'fan-out: --seed takes a whole number, got one\n',
    });
  });

  test('prints its version with --version', async () => {
    const { code, stdout } = await start('--version');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test.each([
    ['a flag that there is not', ['--fast'], "Unknown option '--fast'; --help lists the options"],
    ['a seed that is no number', ['--seed', 'one'], '--seed takes a whole number, got one'],
    [
      'a file that is not there',
      ['--orders', 'gone.csv'],
      'cannot read gone.csv: there is no such file',
    ],
    ['a directory', ['--orders', '.'], 'cannot read .: it is a directory'],
    ['an empty file', ['--orders', file('empty.csv', '')], 'empty.csv is empty'],
    [
      'columns that are not there',
      ['--orders', file('invoices.csv', 'InvoiceNo,When,customer_id,amount\n')],
      'invoices.csv has no column order_id, date (or time) (it has InvoiceNo, When, customer_id, amount); name yours with --map',
    ],
    ['a map without a file', ['--map', 'order_id=InvoiceNo'], '--orders is missing'],
    [
      'a place for the chart that is none',
      ['--out', join(file('file', ''), 'charts')],
      'is no directory that can be written to',
    ],
  ])('ends with one line and exit code 2 for %s', async (_what, args, reason) => {
    const { code, stdout, stderr } = await start(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^sale-day: [^\n]+\n$/);
    expect(stderr).toContain(reason);
  });

  test('reports malformed lines with their numbers, and fails when no order is left', async () => {
    const orders = file('bad.csv', 'order_id,date,customer_id,amount\nA,2026-01-01\nB,soon,1,2\n');
    const { code, stderr } = await start('--orders', orders);
    expect(code).toBe(2);
    expect(stderr.split('\n')).toEqual([
      'bad.csv:2: skipped: the header has 4 fields, this line 2',
      'bad.csv:3: skipped: date soon is not a date such as 2026-11-27 or 11/27/2026',
      'sale-day: bad.csv holds no order',
      '',
    ]);
  });
});
