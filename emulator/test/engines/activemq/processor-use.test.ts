import { ProcessorUse } from '../../../src/engines/activemq/processor-use';

const milliseconds = 1_000_000;

test('the use of processors is that of all of them, over a second at least', () => {
  const use = new ProcessorUse();
  const at = (uptime: number, cpu: number) =>
    use.at({ uptime, cpuTime: cpu * milliseconds, processors: 2 });
  expect(at(4000, 4000)).toBe(50);
  // A minute that passes at once says nothing of its own.
  expect(at(4002, 4002)).toBe(50);
  expect(at(4999, 4002)).toBe(50);
  expect(at(6000, 4400)).toBe(10);
  expect(at(7000, 6400)).toBe(100);
});
