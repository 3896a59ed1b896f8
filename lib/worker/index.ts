export type { Message, MessageAttribute, MessageContext, MessageHandler } from './messages';
export type { WorkerLogger, WorkerOptions } from './options';
export { runWorker } from './run-worker';
