import type { Clock } from 'cdk-decouple-emulator';
import { minute } from './demo';
import type { Moment } from './line-chart';

/** How often a person is told how things stand, in emulated milliseconds. */
const lineInterval = 2 * minute;

/** What is looked at while a sale goes on. */
export interface Watch<S extends Moment> {
  /** Emulated milliseconds between two looks. */
  readonly every: number;
  readonly sample: () => S | Promise<S>;
  /** What a person is told, after the minute. */
  readonly line: (sample: S) => string;
  readonly progress: (line: string) => void;
  /** Whether nothing more is to be expected. */
  readonly isOver: (sample: S) => boolean | Promise<boolean>;
}

/** The time of a sale: it opens when this is made. */
export class SaleClock {
  /** Emulated time of the opening. */
  readonly opening: number;
  private readonly realOpening = performance.now();

  constructor(readonly clock: Clock) {
    this.opening = clock.now();
  }

  /** Emulated milliseconds since the opening. */
  get elapsed(): number {
    return this.clock.now() - this.opening;
  }

  /** Real milliseconds since the opening. */
  get realTime(): number {
    return performance.now() - this.realOpening;
  }

  /** Resolves so many emulated milliseconds after the opening; at once, if that has passed. */
  at(moment: number): Promise<void> {
    return this.clock.sleep(Math.max(0, moment - this.elapsed), 'next moment of the sale');
  }

  /** Looks until it is over. @returns what was seen */
  async watch<S extends Moment>({ every, isOver, line, progress, sample }: Watch<S>): Promise<S[]> {
    const samples: S[] = [];
    let nextLine = 0;
    for (;;) {
      const seen = await sample();
      samples.push(seen);
      if (seen.at >= nextLine) {
        progress(`minute ${Math.round(seen.at / minute)}: ${line(seen)}`);
        nextLine = seen.at + lineInterval;
      }
      if (await isOver(seen)) return samples;
      await this.clock.sleep(every, 'sample');
    }
  }
}
