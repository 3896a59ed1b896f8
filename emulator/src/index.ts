export type { Capabilities, ServiceCapabilities } from './capabilities';
export type { ClientOptions } from './client';
export type { Clock, ManualClock, Timer, TimeSpan } from './clock/clock';
export { Emulator } from './emulator';
export type { Hop, HopKind, Journal } from './journal/journal';
export type { ClockChoice, EmulatorOptions } from './options';
export { type RandomSource, type RandomStream, randomSource } from './random/random';
