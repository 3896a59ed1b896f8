import type { Emulator } from 'cdk-decouple-emulator';
import type { DemoCommandLine } from './options';
import type { Order } from './order';

export const minute = 60_000;

/** How many times real time the emulator's clock runs at. */
export const clockRate = 60;

/** How long customers order, in emulated milliseconds. */
export const saleLength = 18 * minute;

/** A demonstration has failed if anything still waits so many emulated milliseconds after the opening. */
export const saleTimeLimit = 3 * 60 * minute;

/** What a demonstration is run with. */
export interface DemoInput {
  readonly orders: readonly Order[];
  readonly seed: number;
  /** Called about every emulated minute with a line for a person. */
  readonly progress: (line: string) => void;
}

/** A demonstration cannot be run here; the message says what to do. */
export class DemoError extends Error {}

/** A demonstration that is over, with everything still running. */
export interface FinishedDemo {
  readonly aws: Emulator;
  /** What a person reads. */
  readonly table: string;
  /** SVG document. */
  readonly chart: string;
  /** What was lost, by names that a person can look for. */
  readonly lost: readonly string[];
  /** Whether it came out as it should: nothing lost, and what was stored is right. */
  readonly succeeded: boolean;
  /** Commands by which a person gets at what is still running. */
  readonly commands: readonly string[];
  /** Ends what runs besides the emulator. */
  readonly close: () => Promise<void>;
}

/** What `npm start` can run. */
export interface Demo extends DemoCommandLine {
  /** Also that of the chart's file. */
  readonly name: string;
  /** How many orders are made up if none are given. */
  readonly generatedOrders: number;
  readonly run: (input: DemoInput) => Promise<FinishedDemo>;
}
