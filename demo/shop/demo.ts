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

/** What every demonstration is run with. */
interface Run {
  readonly seed: number;
  /** Called about every emulated minute with a line for a person. */
  readonly progress: (line: string) => void;
}

/** What a demonstration with orders is run with. */
export interface DemoInput extends Run {
  readonly orders: readonly Order[];
}

/** What a demonstration with a trace is run with. */
export interface TraceInput extends Run {
  /** How many arrive in each emulated minute. */
  readonly trace: readonly number[];
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

/** A demonstration of what becomes of orders. */
export interface OrdersDemo extends DemoCommandLine {
  /** Also that of the chart's file. */
  readonly name: string;
  readonly reads: 'orders';
  /** How many orders are made up if none are given. */
  readonly generatedOrders: number;
  readonly run: (input: DemoInput) => Promise<FinishedDemo>;
}

/** A demonstration of what becomes of so many arrivals a minute. */
export interface TraceDemo extends DemoCommandLine {
  /** Also that of the chart's file. */
  readonly name: string;
  readonly reads: 'trace';
  /** How many arrive in each minute if no trace is given. */
  readonly generatedTrace: readonly number[];
  readonly run: (input: TraceInput) => Promise<FinishedDemo>;
}

/** What `npm start` can run. */
export type Demo = OrdersDemo | TraceDemo;
