import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CsvFileError } from '../../demo/shop/csv-file';
import { decimalAmount, parseAmount, parseDay } from '../../demo/shop/order';
import { readOrderFile } from '../../demo/shop/order-file';

async function fileOf(text: string): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'orders-')), 'orders.csv');
  await writeFile(path, text);
  return path;
}

describe('an order file', () => {
  test('gives its orders, to the penny', async () => {
    const path = await fileOf(
      'order_id,date,customer_id,amount\nA,2026-01-01,1,0.10\nB,2026-01-02,2,20\nC,2026-01-03,3,4503599627370497.01\n',
    );
    const { orders, malformed } = await readOrderFile(path);
    expect(orders.map((order) => decimalAmount(order.pennies))).toEqual(['0.10', '20.00']);
    expect(malformed).toEqual([
      { line: 4, reason: expect.stringMatching(/4503599627370497.01 is not an amount/) },
    ]);
  });

  test('may call the date a time, have a byte order mark, quotes, and columns in any order', async () => {
    const path = await fileOf(
      '\uFEFFamount,"customer_id",order_id,time\r\n1.5,"a,b",A,2026-01-01T10:00:00Z\r\n',
    );
    const { orders } = await readOrderFile(path);
    expect(orders).toEqual([
      { orderId: 'A', customerId: 'a,b', placedAt: '2026-01-01', pennies: 150n },
    ]);
  });

  test('takes its columns from a map', async () => {
    const path = await fileOf('InvoiceNo,date,Customer,Total\nA,2026-01-01,1,2.00\n');
    const { orders } = await readOrderFile(path, {
      order_id: 'InvoiceNo',
      customer_id: 'Customer',
      amount: 'Total',
    });
    expect(orders).toHaveLength(1);
  });

  test.each([
    ['A,2026-01-01,1', 'the header has 4 fields, this line 3'],
    [',2026-01-01,1,1.00', 'order_id is empty'],
    ['A,yesterday,1,1.00', 'date yesterday is not a date such as 2026-11-27 or 11/27/2026'],
    ['A,2026-01-01,,1.00', 'customer_id is empty'],
    [
      'A,2026-01-01,1,1.005',
      'amount 1.005 is not an amount of at most 12 digits and two decimal places',
    ],
    [
      'A,2026-01-01,1,',
      'amount (empty) is not an amount of at most 12 digits and two decimal places',
    ],
    ['A,2026-01-01,1,-3.00', 'amount -3.00 is negative'],
    ['GOOD,2026-01-01,1,1.00', 'order_id GOOD has occurred before'],
  ])('reports the malformed line %s with its number and goes on', async (line, reason) => {
    const path = await fileOf(
      `order_id,date,customer_id,amount\nGOOD,2026-01-01,1,1.00\n${line}\nLAST,2026-01-01,1,1.00\n`,
    );
    const { orders, malformed } = await readOrderFile(path);
    expect(orders.map((order) => order.orderId)).toEqual(['GOOD', 'LAST']);
    expect(malformed).toEqual([{ line: 3, reason }]);
  });

  test('loses one line to a quote that is not closed, and none to a field of several lines', async () => {
    const path = await fileOf(
      'order_id,date,customer_id,amount\nA,2026-01-01,"1,1.00\nB,2026-01-01,"of\r\ntwo lines",2.00\nC,2026-01-01,"3""",3.00\nD,2026-01-01,4,"4\n',
    );
    const { orders, malformed } = await readOrderFile(path);
    expect(orders.map((order) => [order.orderId, order.customerId])).toEqual([
      ['B', 'of\ntwo lines'],
      ['C', '3"'],
    ]);
    expect(malformed).toEqual([
      { line: 2, reason: 'a quote is not closed' },
      { line: 6, reason: 'a quote is not closed' },
    ]);
  });

  test('fails when a column is missing, and says which', async () => {
    const path = await fileOf('id,date,customer_id,amount\n');
    await expect(readOrderFile(path)).rejects.toThrow(/has no column order_id .*--map/);
  });

  test('fails when it is empty or not there', async () => {
    await expect(readOrderFile(await fileOf(''))).rejects.toThrow(/is empty/);
    await expect(readOrderFile('/nowhere/orders.csv')).rejects.toThrow(CsvFileError);
  });
});

describe('dates', () => {
  test.each([
    ['2010-12-01', '2010-12-01'],
    ['2010-12-01T23:59:59-08:00', '2010-12-01'],
    ['2010-12-01 8:26', '2010-12-01'],
    ['12/1/2010 8:26', '2010-12-01'],
  ])('%s is the day %s', (text, day) => {
    expect(parseDay(text)).toBe(day);
  });

  test.each(['', '2010-02-30', '31/12/2010', 'order 5', '2010-12-01 soon', '2010', '12/1/10'])(
    '%s is none',
    (text) => {
      expect(parseDay(text)).toBeUndefined();
    },
  );
});

describe('amounts', () => {
  test.each([
    ['0', 0n],
    ['12.3', 1230n],
    ['12.34', 1234n],
    ['-0.05', -5n],
  ])('%s is %s pennies', (text, pennies) => {
    expect(parseAmount(text)).toBe(pennies);
  });

  test.each(['', '1234567890123.00', '1,000.00', '1.234', 'NaN', '1e3', '£1'])(
    '%s is none',
    (text) => {
      expect(parseAmount(text)).toBeUndefined();
    },
  );

  test.each([0n, 5n, 99n, 100n, 123456n, -5n])('%s pennies survive both ways', (pennies) => {
    expect(parseAmount(decimalAmount(pennies))).toBe(pennies);
  });
});
