import { DirectoryProgram, type DirectoryProgramOptions } from './directory-program';
import { NodejsProgram, type NodejsProgramOptions } from './nodejs-program';
import type { IWorkerProgram } from './program-contract';

/**
 * What instances run.
 */
export class WorkerProgram {
  /**
   * A program for Node.js, bundled into one file when the app is synthesised: `entry` and all that it imports.
   *
   * This needs esbuild in your project: `npm install --save-dev esbuild`.
   */
  public static nodejs(options: NodejsProgramOptions): IWorkerProgram {
    return new NodejsProgram(options);
  }

  /**
   * A directory as it is, and the command that is run in it: a program in another language, or one that was built already.
   */
  public static directory(options: DirectoryProgramOptions): IWorkerProgram {
    return new DirectoryProgram(options);
  }

  private constructor() {}
}
