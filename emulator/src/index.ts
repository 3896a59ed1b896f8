export type { AutoScalingPrograms, GroupPlace } from './auto-scaling';
export type { Capabilities, ServiceCapabilities } from './capabilities';
export type { ClientOptions } from './client';
export type { Clock, ManualClock, Timer, TimeSpan } from './clock/clock';
export {
  type AllowRecorded,
  type CdkDeployOptions,
  type CdkTarget,
  StackFailedError,
  type TemplateCheck,
  TemplateRejectedError,
} from './cloudformation';
export type { SupportLevel } from './cloudformation/provider';
export type { SupportedType } from './cloudformation/provider-registry';
export type { DeployedType, Deployment } from './deployment';
export { Emulator } from './emulator';
export type { Faults } from './faults';
export type { Hop, HopKind, Journal } from './journal/journal';
export type { LoadBalancing } from './load-balancing';
export type { BrokerOptions, ClockChoice, EmulatorOptions } from './options';
export { type RandomSource, type RandomStream, randomSource } from './random/random';
export type { HandledRequest, LocalListener, TargetHandler, TargetResponse } from './services/elb';
export type {
  CapturedAnswer,
  CapturedAnswers,
  CapturedCall,
  FirehoseEndpoints,
} from './services/firehose';
export type { BrokerFaults } from './services/mq';
export type { Outbox, OutboxEntry } from './services/sns';
export type { ConsumeOptions, MessageHandler } from './workers/consumer';
export type { WorkerProgram, Workers } from './workers/group-workers';
export type { ReceiveOptions, WorkerClock, WorkerContext } from './workers/worker-context';
export type { WorkerMessage } from './workers/worker-ports';
