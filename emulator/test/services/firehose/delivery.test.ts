import { FirehoseBench } from './support';

let bench: FirehoseBench;
beforeEach(async () => {
  bench = await FirehoseBench.start();
});
afterEach(() => bench.stop());

test('records put one after the other are one object when the interval is over, and not before', async () => {
  await bench.stream('clicks');
  await bench.put('clicks', 'one,');
  await bench.aws.clock.advance(30_000);
  await bench.put('clicks', 'two,');
  await bench.aws.clock.advance(29_999);
  expect(await bench.objects()).toEqual([]);
  await bench.aws.clock.advance(1);
  const [object, ...others] = await bench.objects();
  expect(others).toEqual([]);
  expect(object?.bytes.toString()).toBe('one,two,');
  const minute = new Date(bench.aws.clock.now() - 60_000).toISOString();
  const [, year, month, day, hour] = /(\d+)-(\d+)-(\d+)T(\d+)/.exec(minute) ?? [];
  expect(object?.key).toMatch(
    new RegExp(
      `^${year}/${month}/${day}/${hour}/clicks-1-${year}-${month}-${day}-${hour}-\\d\\d-\\d\\d-[0-9a-f]{8}-[0-9a-f-]{27}$`,
    ),
  );
});

test('a buffer that has its size is delivered at that instant', async () => {
  await bench.stream('clicks');
  const kib = 'x'.repeat(1024);
  await bench.put('clicks', kib.repeat(600));
  await bench.put('clicks', kib.repeat(423));
  await bench.aws.clock.settle();
  expect(await bench.objects()).toHaveLength(0);
  await bench.put('clicks', kib);
  await bench.aws.clock.settle();
  expect((await bench.objects()).map(({ bytes }) => bytes.byteLength)).toEqual([1024 * 1024]);
});
