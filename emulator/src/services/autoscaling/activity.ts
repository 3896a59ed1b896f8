import type { ActivityDescription } from './api';

/** What is being done, or was, to one instance of a group. */
export interface Activity {
  readonly id: string;
  readonly start: number;
  readonly cause: string;
  description: string;
  status: NonNullable<ActivityDescription['StatusCode']>;
  statusMessage: string | undefined;
  progress: number;
  end: number | undefined;
  readonly details: Readonly<Record<string, string>>;
}

const sixWeeks = 42 * 24 * 60 * 60 * 1000;

/** The activities of a group, the latest first, for as long as AWS shows them: six weeks. */
export class Activities {
  private readonly all: Activity[] = [];

  add(activity: Activity): Activity {
    this.all.push(activity);
    return activity;
  }

  list(now: number): Activity[] {
    const old = this.all.findIndex(({ start }) => start > now - sixWeeks);
    this.all.splice(0, old === -1 ? this.all.length : old);
    return [...this.all].reverse();
  }

  /** The latest that has failed. */
  get lastFailure(): Activity | undefined {
    return this.all.findLast(({ status }) => status === 'Failed');
  }
}

/** A time as causes have it: without milliseconds. */
export function at(time: number): string {
  return `At ${new Date(time).toISOString().replace(/\.\d+Z$/, 'Z')}`;
}
