import { RemoteActor, RemoteActors } from '../../src/clock/call-gate';
import { manualClockStart, SteppedClock } from '../../src/clock/manual-clock';
import { eventLoopTurn } from '../../src/clock/real-time';

const second = 1000;
const minute = 60 * second;

describe('the manual clock', () => {
  test('starts at a fixed date in the future and stands still', async () => {
    const clock = new SteppedClock();
    expect(clock.now()).toBe(Date.UTC(2035, 0, 1));
    await eventLoopTurn();
    expect(clock.now()).toBe(manualClockStart);
  });

  test('fires timers in order of time, then of creation, each at its own instant', async () => {
    const clock = new SteppedClock({ start: 0 });
    const fired: string[] = [];
    const note = (name: string) => () => fired.push(`${name}@${clock.now()}`);
    clock.after(2 * second, 'b', note('b'));
    clock.after(second, 'a', note('a'));
    clock.after(2 * second, 'c', note('c'));
    clock.after(5 * second, 'late', note('late'));
    await clock.advance(3 * second);
    expect(fired).toEqual(['a@1000', 'b@2000', 'c@2000']);
    expect(clock.now()).toBe(3 * second);
  });

  test('takes a Duration as aws-cdk-lib makes it', async () => {
    const clock = new SteppedClock({ start: 0 });
    await clock.advance({ toMilliseconds: () => 5 * minute });
    expect(clock.now()).toBe(5 * minute);
  });

  test('forgets a cancelled timer', async () => {
    const clock = new SteppedClock();
    const fired: string[] = [];
    clock.after(10, 'kept', () => fired.push('kept'));
    clock.after(5, 'cancelled', () => fired.push('cancelled')).cancel();
    await clock.advance(second);
    expect(fired).toEqual(['kept']);
  });

  test('has whoever wants to look for what came from outside, each time before it moves', async () => {
    const clock = new SteppedClock({ start: 0 });
    const seen: string[] = [];
    const stop = clock.beforeMoving(async () => {
      await eventLoopTurn();
      clock.after(0, 'came', () => seen.push(`came@${clock.now()}`));
    });
    await clock.advance(second);
    await clock.settle();
    stop();
    await clock.advance(second);
    expect(seen).toEqual(['came@0', 'came@1000']);
  });

  test('does not move before work in hand has ended', async () => {
    const clock = new SteppedClock({ start: 0 });
    const seen: number[] = [];
    clock.after(second, 'start', () => {
      void clock.work('three turns', async () => {
        for (let i = 0; i < 3; i++) await eventLoopTurn();
        seen.push(clock.now());
      });
    });
    clock.after(2 * second, 'later', () => seen.push(clock.now()));
    await clock.advance(minute);
    expect(seen).toEqual([second, 2 * second]);
  });

  test('treats timers created for now as a further round of the same instant', async () => {
    const clock = new SteppedClock({ start: 0 });
    const seen: string[] = [];
    clock.after(second, 'first', () => {
      seen.push('first');
      clock.at(clock.now(), 'second', () => seen.push(`second@${clock.now()}`));
    });
    clock.after(second, 'sibling', () => seen.push('sibling'));
    await clock.advance(second);
    expect(seen).toEqual(['first', 'sibling', 'second@1000']);
  });

  test('jumps from timer to timer until a promise resolves', async () => {
    const clock = new SteppedClock({ start: 0 });
    const value = await clock.until(
      clock.sleep(minute, 'a').then(() => clock.sleep(minute, 'b').then(() => 'done')),
    );
    expect(value).toBe('done');
    expect(clock.now()).toBe(2 * minute);
  });

  test('fails when nothing can resolve the promise that it is to wait for', async () => {
    const clock = new SteppedClock();
    await expect(clock.until(new Promise(() => undefined))).rejects.toThrow(/no timer is left/);
  });

  test('fails when the promise takes longer than the limit', async () => {
    const clock = new SteppedClock();
    await expect(clock.until(clock.sleep(2 * minute, 'long'), minute)).rejects.toThrow(
      /due after the limit/,
    );
  });

  test('says what has kept time going when a promise has taken all of the limit', async () => {
    const clock = new SteppedClock({ start: 0 });
    const look = () => void clock.after(minute, 'look', look);
    look();
    clock.after(second, 'delivery', () => undefined);
    await expect(clock.until(new Promise(() => undefined), 10 * minute)).rejects.toThrow(
      /due after the limit.*timer: look.*fired meanwhile: look, 10 times\n {2}fired meanwhile: delivery, 1 times$/s,
    );
  });

  test('passes on the error of a promise', async () => {
    const clock = new SteppedClock();
    await expect(clock.until(Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  });

  test('fails when moved from inside work that it would wait for', async () => {
    const clock = new SteppedClock();
    await clock.work('a delivery', async () => {
      await expect(clock.advance(1)).rejects.toThrow(/inside work.*a delivery/);
    });
  });

  test('moves on while work waits for emulated time, and waits for it again afterwards', async () => {
    const clock = new SteppedClock({ start: 0 });
    const seen: number[] = [];
    const work = clock.work('a deployment', async () => {
      await clock.park(() => clock.sleep(second, 'a custom resource'));
      for (let i = 0; i < 3; i++) await eventLoopTurn();
      seen.push(clock.now());
    });
    await clock.advance(minute);
    await work;
    expect(seen).toEqual([second]);
  });

  test('fails when moved twice at once', async () => {
    const clock = new SteppedClock();
    const first = clock.advance(second);
    await expect(clock.advance(second)).rejects.toThrow(/await the earlier call/);
    await first;
  });

  test('names what hangs when nothing happens for the watchdog\u2019s time', async () => {
    const clock = new SteppedClock({ watchdog: 30 });
    clock.begin('a request that never ends');
    await expect(clock.advance(second)).rejects.toThrow(/work: a request that never ends/);
  });

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('refuses to go by %d', async (span) => {
    await expect(new SteppedClock().advance(span)).rejects.toThrow(RangeError);
  });

  test('fires a hundred thousand timers due within a second', async () => {
    const clock = new SteppedClock({ start: 0 });
    let fired = 0;
    for (let i = 0; i < 100_000; i++) clock.after((i * 7919) % 1000, 't', () => fired++);
    await clock.advance(second);
    expect(fired).toBe(100_000);
  });
});

describe('remote actors on the manual clock', () => {
  const idle = { acknowledged: 0, started: 0, finished: 0, openInputOutput: 0, nextTimer: null };

  function setUp() {
    const clock = new SteppedClock({ start: 0, watchdog: 50 });
    const gate = new RemoteActors(clock.actors);
    const actors = ['b', 'a'].map((id) => new RemoteActor(id, clock.actors, () => undefined));
    for (const actor of actors) {
      gate.add(actor);
      actor.noteReport(idle);
    }
    return { clock, gate, actors };
  }

  test('let calls in by actor and sequence, whatever order they arrive in', async () => {
    const { clock, gate, actors } = setUp();
    const served: string[] = [];
    const call = async (id: string, sequence: number): Promise<void> => {
      await gate.enter(id, sequence);
      served.push(`${id}${sequence}`);
      gate.answered(id);
    };
    void call('b', 2);
    void call('b', 1);
    void call('a', 2);
    void call('a', 1);
    for (const actor of actors) {
      actor.noteReport({ ...idle, started: 2 });
    }
    await eventLoopTurn();
    await eventLoopTurn();
    await eventLoopTurn();
    expect(served).toEqual(['a1', 'a2', 'b1', 'b2']);
    for (const actor of actors) actor.noteReport({ ...idle, started: 2, finished: 2 });
    await clock.advance(1);
  });

  test('keep the clock still while a call is on its way', async () => {
    const { clock, actors } = setUp();
    actors[0]?.noteReport({ ...idle, started: 1 });
    await expect(clock.advance(second)).rejects.toThrow(/b: 1 calls on their way here/);
  });

  test('keep the clock still while other sockets wait for data', async () => {
    const { clock, actors } = setUp();
    actors[0]?.noteReport({ ...idle, openInputOutput: 1 });
    await expect(clock.advance(second)).rejects.toThrow(/1 other sockets waiting for data/);
  });

  test('fire their own timers when due', async () => {
    const clock = new SteppedClock({ start: 0 });
    const ticks: number[] = [];
    const actor: RemoteActor = new RemoteActor('a', clock.actors, (now) => {
      ticks.push(now);
      setImmediate(() => actor.noteReport({ ...idle, acknowledged: 1 }));
    });
    new RemoteActors(clock.actors).add(actor);
    actor.noteReport({ ...idle, nextTimer: 700 });
    await clock.advance(second);
    expect(ticks).toEqual([700]);
  });
});
