import { existsSync, statSync } from 'node:fs';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { Construct } from 'constructs';
import { failuresOf, type ValidationRule } from '../validation';
import type { IWorkerProgram, ProgramBinding } from './program-contract';
import { COMMON_PROGRAM_RULES, type CommonProgramOptions } from './program-rules';

/**
 * What `WorkerProgram.directory` is told.
 */
export interface DirectoryProgramOptions extends CommonProgramOptions {
  /** The directory, absolute or from where the app is synthesised. */
  readonly path: string;

  /**
   * What is run in it, argument by argument, without a shell: `['python3.12', 'worker.py']`.
   *
   * A name without a slash is looked up in `PATH`; a file of the directory is `./worker`, and has to be executable there.
   */
  readonly command: readonly string[];
}

const DIRECTORY_RULES: ReadonlyArray<ValidationRule<DirectoryProgramOptions>> = [
  {
    fails: ({ path }) => !existsSync(path) || !statSync(path).isDirectory(),
    message: ({ path }) => `path must be a directory, got '${path}'`,
  },
  {
    fails: ({ command }) => command.length === 0 || command[0] === '',
    message: () => "command must name a program: ['./worker', '--fast']",
  },
  ...COMMON_PROGRAM_RULES,
];

/** A directory as it is. */
export class DirectoryProgram implements IWorkerProgram {
  constructor(private readonly options: DirectoryProgramOptions) {}

  public validate(): readonly string[] {
    return failuresOf(this.options, DIRECTORY_RULES).map((failure) => `program: ${failure}`);
  }

  public bind(scope: Construct): ProgramBinding {
    const { command, environment = {}, packages = [], path } = this.options;
    return {
      asset: new Asset(scope, 'Program', { path }),
      command,
      environment,
      packages,
    };
  }
}
