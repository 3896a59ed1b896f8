import { arrivalTimes, peakFactor } from '../../demo/shop/arrivals';
import { parseDemoArguments, UsageError } from '../../demo/shop/options';

const parse = (...args: string[]) =>
  parseDemoArguments(args, { defaultOut: 'sale-day', reads: 'orders' });

describe('the command line of a demonstration', () => {
  test('has defaults for everything', () => {
    expect(parse()).toEqual({
      kind: 'run',
      options: { orders: undefined, map: {}, seed: 1, keep: false, out: 'sale-day' },
    });
  });

  test('takes a map of columns, repeated or separated by commas', () => {
    const command = parse(
      '--orders',
      'x.csv',
      '--map',
      'order_id=No,amount=Total',
      '--map',
      'time=At',
    );
    expect(command).toMatchObject({
      options: { map: { order_id: 'No', amount: 'Total', date: 'At' } },
    });
  });

  test.each([
    [['--seed', 'x'], /--seed takes a whole number, got x/],
    [['--seed', '-1'], /--seed/],
    [['--map', 'amount=Total'], /--orders is missing/],
    [['--orders', 'x.csv', '--map', 'price=Total'], /--map takes FIELD=COLUMN/],
    [['--orders', 'x.csv', '--map', 'amount'], /--map takes FIELD=COLUMN/],
    [['--fast'], /Unknown option '--fast'/],
    [['--trace', 'x.csv'], /Unknown option '--trace'/],
    [['orders.csv'], /orders.csv/],
  ])('fails on %j with one line', (args, message) => {
    expect(() => parse(...args)).toThrow(UsageError);
    expect(() => parse(...args)).toThrow(message);
    try {
      parse(...args);
    } catch (error) {
      expect(String(error)).not.toContain('\n');
    }
  });
});

describe('the command line of a demonstration that replays a trace', () => {
  const trace = (...args: string[]) =>
    parseDemoArguments(args, { defaultOut: 'workers', reads: 'trace' });

  test('takes a trace, and no orders', () => {
    expect(trace('--trace', 'x.csv')).toMatchObject({ options: { trace: 'x.csv' } });
    expect(() => trace('--orders', 'x.csv')).toThrow(
      "Unknown option '--orders'; --help lists the options",
    );
  });
});

describe('the arrivals of a sale', () => {
  test('follow its curve: in order, within the sale, busiest by the stated factor', () => {
    const length = 1_000_000;
    const times = arrivalTimes(10_000, length);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.at(-1)).toBeLessThanOrEqual(length);
    const within = (from: number, to: number): number =>
      times.filter((time) => time >= from * length && time < to * length).length;
    expect(within(0.38, 0.42) / within(0.96, 1)).toBeCloseTo(peakFactor, 0);
  });
});
