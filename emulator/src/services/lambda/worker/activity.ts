import { AsyncResource } from 'node:async_hooks';
import type { IdleReport } from '../../../clock/call-gate';
import { hostTime } from '../../../user-code/host-time';
import type { FunctionTime } from './function-time';

/** Real milliseconds between the two looks that must find a running function idle before time may pass inside it. */
const grace = 5;

/**
 * Requests of the host's own that no hook of ours sees; they are short, and looked at again.
 * https://nodejs.org/api/process.html#processgetactiveresourcesinfo
 */
const hiddenRequests = new Set([
  'FSReqCallback',
  'FSReqPromise',
  'FileHandleCloseReq',
  'GetAddrInfoReqWrap',
  'GetNameInfoReqWrap',
  'QueryReqWrap',
  'ProcessWrap',
]);

/** Where the worker tells what it does, so that it can report when there is nothing left to do. */
export class Activity {
  private acknowledged = 0;
  private started = 0;
  private finished = 0;
  private sequence = 0;
  /** While the function is loaded and during an invocation; in between it is frozen. */
  private running = true;
  private watching = false;
  private changes = 0;
  private lastReport = '';

  /**
   * @param realTimers - whether the function's timers are the host's, so that a pending one is work
   * @param openSockets - connections to other places that wait for data
   * @param post - undefined where nobody counts
   */
  constructor(
    private readonly time: FunctionTime,
    private readonly realTimers: boolean,
    private readonly openSockets: () => number,
    private readonly post: ((report: IdleReport) => void) | undefined,
  ) {}

  /** A message from the emulator has been seen. */
  acknowledge(): void {
    this.acknowledged += 1;
    this.changed();
  }

  thaw(): void {
    this.running = true;
  }

  freeze(): void {
    this.running = false;
    this.changed();
  }

  /** The next position in the order of everything that leaves the worker. */
  nextSequence(): number {
    this.sequence += 1;
    return this.sequence;
  }

  /** A call to the emulator starts. */
  callStarts(): void {
    this.started += 1;
    this.changed();
  }

  callFinishes(): void {
    this.finished += 1;
    this.changed();
  }

  /** A call was given up before any of it was sent: the emulator will never hear of it. */
  callNeverSent(): void {
    this.started -= 1;
    this.changed();
  }

  /** Anything that may lead to code being run. */
  changed(): void {
    this.changes += 1;
    if (this.post && !this.watching) {
      this.watching = true;
      this.look();
    }
  }

  /** Reports after two turns of the event loop in which nothing has happened. */
  private look(): void {
    const changes = this.changes;
    hostTime.setImmediate(() =>
      hostTime.setImmediate(() => {
        if (changes !== this.changes) this.look();
        else if (this.hidden() > 0) hostTime.setTimeout(() => this.look(), 1);
        else if (this.needsGrace()) this.lookTwice(changes);
        else this.report();
      }),
    );
  }

  /**
   * Compression, key derivation and the like run outside the event loop and nothing shows them: a
   * short wait in which no asynchronous resource is made tells them from a function that waits.
   */
  private lookTwice(changes: number): void {
    hostTime.setTimeout(() => {
      const busy = newAsyncId() - before > 1;
      if (busy || changes !== this.changes || this.hidden() > 0) this.look();
      else this.report();
    }, grace);
    const before = newAsyncId();
  }

  private needsGrace(): boolean {
    return this.running && this.started === this.finished && this.openSockets() === 0;
  }

  private hidden(): number {
    let count = 0;
    for (const type of process.getActiveResourcesInfo())
      if (hiddenRequests.has(type) || (this.realTimers && this.running && type === 'Timeout'))
        count += 1;
    return count;
  }

  private report(): void {
    this.watching = false;
    const report: IdleReport = {
      acknowledged: this.acknowledged,
      started: this.started,
      finished: this.finished,
      openInputOutput: this.openSockets(),
      // Between invocations Lambda freezes a function: its timers stand still.
      nextTimer: this.running ? this.time.nextTimer() : null,
    };
    const text = JSON.stringify(report);
    if (text === this.lastReport) return;
    this.lastReport = text;
    this.post?.(report);
  }
}

function newAsyncId(): number {
  return new AsyncResource('IdleProbe').asyncId();
}
