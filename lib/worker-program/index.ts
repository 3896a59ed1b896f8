export type { DirectoryProgramOptions } from './directory-program';
export type { NodejsProgramOptions } from './nodejs-program';
export type { IWorkerProgram, ProgramBinding } from './program-contract';
export type { CommonProgramOptions } from './program-rules';
export { WorkerProgram } from './worker-program';
