import { createServer } from 'node:net';
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
  // Node's timers may fire a millisecond early: 60 of them, at this rate.
  expect(result).toBeGreaterThanOrEqual(6000 - 2 * 60);
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

test('a guard of real input and output has its whole time although the clock is fast', async () => {
  const silent = createServer((socket) => {
    socket.once('data', () => setTimeout(() => socket.write('answer'), 400));
  });
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const address = silent.address();
  const aws = new LambdaHarness(new SystemClock({ rate: 60 }));
  await aws.createFunction(
    'guarded',
    `exports.handler = ({ port }) => new Promise((resolve) => {
      const socket = require('net').connect(port, '127.0.0.1');
      const guard = setTimeout(() => { socket.destroy(); resolve('gave up'); }, 5000);
      socket.write('question');
      socket.on('data', (data) => { clearTimeout(guard); socket.destroy(); resolve(String(data)); });
    });`,
  );
  const port = typeof address === 'object' ? address?.port : undefined;
  expect(await aws.invoke('guarded', { port })).toEqual({ result: 'answer' });
  await aws.stop();
  await new Promise((resolve) => silent.close(resolve));
});

test('functions can be left on real time: the manual clock waits for their timers', async () => {
  const aws = LambdaHarness.manual({ functionTime: 'real' });
  await aws.createFunction(
    'real',
    `exports.handler = async () => {
      const start = Date.now();
      await new Promise((resolve) => setTimeout(resolve, 200));
      return [start, Date.now() - start];
    };`,
  );
  const invocation = aws.invoke('real');
  await aws.clock.advance(60_000);
  const { result } = await invocation;
  expect(result).toEqual([expect.any(Number), expect.any(Number)]);
  const [start, elapsed] = Array.isArray(result) ? result : [];
  expect(start).toBeLessThan(Date.UTC(2034, 0, 1));
  expect(elapsed).toBeLessThan(3000);
  await aws.stop();
});
