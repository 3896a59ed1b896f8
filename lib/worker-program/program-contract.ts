import type { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { Construct } from 'constructs';

/** What a program brings in. */
export interface ProgramBinding {
  /** A ZIP file with the program. */
  readonly asset: Asset;
  /** What is run, in the unpacked directory, as an unprivileged user. */
  readonly command: readonly string[];
  /** Its environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Packages of Amazon Linux 2023 that it needs. */
  readonly packages: readonly string[];
}

/**
 * A program for instances. Made by the methods of `WorkerProgram`; implement it for one of your own kind.
 */
export interface IWorkerProgram {
  /** What is wrong with the program's options, a sentence each. */
  validate(): readonly string[];

  /**
   * Makes the asset.
   *
   * @param scope is the program's own; called once
   */
  bind(scope: Construct): ProgramBinding;
}
