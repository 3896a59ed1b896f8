import type { Statistic } from './statistic';

/** Datapoints one after the other that all say the same. */
interface Run {
  readonly start: number;
  repeat: number;
  readonly statistic: Statistic;
}

/** Datapoints of one length in the order of time; those in a row that say the same take the room of one. */
export class TimeLine {
  private readonly runs: Run[] = [];

  /** @param step - milliseconds */
  constructor(readonly step: number) {}

  get empty(): boolean {
    return this.runs.length === 0;
  }

  /** Start of the oldest datapoint; undefined if there is none. */
  get oldest(): number | undefined {
    return this.runs[0]?.start;
  }

  /** What all datapoints from `from` to `to` say, if they are there and say the same: one object for as long as they do. */
  constant(from: number, to: number): Statistic | undefined {
    const run = this.runs[this.indexOf(from)];
    return run && this.endOf(run) >= to ? run.statistic : undefined;
  }

  startOf(time: number): number {
    return Math.floor(time / this.step) * this.step;
  }

  /** The datapoint of a time, to be changed; undefined if there is none. */
  at(time: number): Statistic | undefined {
    const start = this.startOf(time);
    const index = this.indexOf(start);
    const run = this.runs[index];
    if (!run || start >= this.endOf(run)) return undefined;
    if (run.repeat === 1) return run.statistic;
    const before = (start - run.start) / this.step;
    const after = run.repeat - before - 1;
    const parts: Run[] = [{ start, repeat: 1, statistic: run.statistic.copy() }];
    if (before > 0) parts.unshift({ ...run, repeat: before });
    if (after > 0)
      parts.push({ start: start + this.step, repeat: after, statistic: run.statistic.copy() });
    this.runs.splice(index, 1, ...parts);
    return parts[before > 0 ? 1 : 0]?.statistic;
  }

  /** Puts datapoints where there is none. */
  put(time: number, statistic: Statistic, repeat: number): void {
    const start = this.startOf(time);
    const index = this.indexOf(start);
    const last = this.runs[index];
    if (
      last &&
      index === this.runs.length - 1 &&
      this.endOf(last) === start &&
      last.statistic.sameAs(statistic)
    ) {
      last.repeat += repeat;
      return;
    }
    this.runs.splice(index + 1, 0, { start, repeat, statistic });
    if (index + 1 === this.runs.length - 1) this.closeLast();
  }

  /** Calls for each datapoint that starts in [from, to). */
  each(from: number, to: number, visit: (start: number, statistic: Statistic) => void): void {
    for (let i = Math.max(0, this.indexOf(from)); i < this.runs.length; i += 1) {
      const run = this.runs[i];
      if (!run || run.start >= to) return;
      const skipped = Math.max(0, Math.ceil((from - run.start) / this.step));
      for (let n = skipped; n < run.repeat; n += 1) {
        const start = run.start + n * this.step;
        if (start >= to) return;
        visit(start, run.statistic);
      }
    }
  }

  /** Takes out what starts before a time. */
  takeBefore(time: number, visit: (start: number, statistic: Statistic) => void): void {
    for (let run = this.runs[0]; run && run.start < time; run = this.runs[0]) {
      const old = Math.min(run.repeat, Math.ceil((time - run.start) / this.step));
      for (let n = 0; n < old; n += 1) visit(run.start + n * this.step, run.statistic);
      this.runs.shift();
      if (old === run.repeat) continue;
      this.runs.unshift({
        start: run.start + old * this.step,
        repeat: run.repeat - old,
        statistic: run.statistic,
      });
    }
  }

  /** The two runs before the last are done with: they become one if they say the same. */
  private closeLast(): void {
    const first = this.runs[this.runs.length - 3];
    const second = this.runs[this.runs.length - 2];
    if (!first || !second) return;
    if (this.endOf(first) !== second.start || !first.statistic.sameAs(second.statistic)) return;
    first.repeat += second.repeat;
    this.runs.splice(-2, 1);
  }

  private endOf(run: Run): number {
    return run.start + run.repeat * this.step;
  }

  /** Index of the last run that starts at or before a time; -1 if there is none. */
  private indexOf(time: number): number {
    const { runs } = this;
    const last = runs[runs.length - 1];
    if (last && last.start <= time) return runs.length - 1;
    let low = 0;
    let high = runs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((runs[middle]?.start ?? 0) <= time) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
