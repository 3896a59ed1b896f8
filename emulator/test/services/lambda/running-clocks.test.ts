import { SystemClock } from '../../../src/clock/system-clock';
import { LambdaHarness } from './harness';

const sleeper = `exports.handler = async () => {
  const start = Date.now();
  await new Promise((resolve) => setTimeout(resolve, 6000));
  return Date.now() - start;
};`;

test('on an accelerated clock a function sleeps and sees time at the clock’s rate', async () => {
  const aws = new LambdaHarness(new SystemClock({ rate: 60 }));
  await aws.createFunction('sleeper', sleeper);
  const { result } = await aws.invoke('sleeper');
  expect(result).toBeGreaterThanOrEqual(6000);
  expect(result).toBeLessThan(60_000);
  await aws.stop();
});

test('a time-out is real time where the clock runs', async () => {
  const aws = new LambdaHarness(new SystemClock({ rate: 60 }));
  await aws.createFunction('hanging', 'exports.handler = async () => new Promise(() => {});', {
    Timeout: 1,
  });
  const start = performance.now();
  expect((await aws.invoke('hanging')).result).toMatchObject({
    errorMessage: expect.stringContaining('Task timed out after 1.00 seconds'),
  });
  expect(performance.now() - start).toBeGreaterThan(900);
  await aws.stop();
});

test('on the system clock nothing of a function’s time is touched', async () => {
  const aws = new LambdaHarness(new SystemClock());
  await aws.createFunction(
    'native',
    'exports.handler = async () => [Date, setTimeout].every((f) => /native code|function setTimeout/.test(String(f)));',
  );
  expect(await aws.invoke('native')).toEqual({ result: true });
  await aws.stop();
});
