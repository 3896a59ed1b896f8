import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { Construct } from 'constructs';
import { failuresOf, type ValidationRule } from '../validation';
import { esbuildFor } from './esbuild';
import type { IWorkerProgram, ProgramBinding } from './program-contract';
import { COMMON_PROGRAM_RULES, type CommonProgramOptions } from './program-rules';

/** The release of Node.js that instances get: https://docs.aws.amazon.com/linux/al2023/ug/nodejs.html */
export const NODEJS_PACKAGE = 'nodejs24';
const TARGET = 'node24';
const BUNDLE = 'index.mjs';

/** Packages in CommonJS that are bundled into a module still call `require` for what Node.js has built in. */
const REQUIRE_FOR_COMMONJS =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/**
 * What `WorkerProgram.nodejs` is told.
 */
export interface NodejsProgramOptions extends CommonProgramOptions {
  /** The file that begins: TypeScript or JavaScript, absolute or from where the app is synthesised. */
  readonly entry: string;
}

const NODEJS_RULES: ReadonlyArray<ValidationRule<NodejsProgramOptions>> = [
  {
    fails: ({ entry }) => !existsSync(entry),
    message: ({ entry }) => `entry must be a file, got '${entry}'`,
  },
  {
    fails: ({ entry }) => existsSync(entry) && esbuildFor(entry) === undefined,
    message: ({ entry }) =>
      `esbuild is needed to bundle '${entry}': install it in your project (npm install --save-dev esbuild), or build the program yourself and use WorkerProgram.directory`,
  },
  ...COMMON_PROGRAM_RULES,
];

/** A bundled program. */
export class NodejsProgram implements IWorkerProgram {
  constructor(private readonly options: NodejsProgramOptions) {}

  public validate(): readonly string[] {
    return failuresOf(this.options, NODEJS_RULES).map((failure) => `program: ${failure}`);
  }

  public bind(scope: Construct): ProgramBinding {
    const { entry, environment = {}, packages = [] } = this.options;
    return {
      asset: new Asset(scope, 'Program', {
        path: dirname(resolve(entry)),
        // As of what comes out: whatever the entry imports counts, wherever it is.
        assetHashType: AssetHashType.OUTPUT,
        bundling: {
          // The CDK leaves bundling out for stacks that are not asked for. The image is for its type only.
          image: DockerImage.fromRegistry('never-used'),
          // Tells programs of one directory apart: the CDK takes bundling of the same options for the same.
          command: ['esbuild', resolve(entry)],
          local: { tryBundle: (directory) => bundle(entry, directory) },
        },
      }),
      command: ['node', BUNDLE],
      environment,
      packages: [NODEJS_PACKAGE, ...packages],
    };
  }
}

function bundle(entry: string, directory: string): true {
  const esbuild = esbuildFor(entry);
  if (esbuild === undefined) {
    throw new Error('unreachable: the rules ask for esbuild');
  }
  esbuild.buildSync({
    entryPoints: [resolve(entry)],
    outfile: join(directory, BUNDLE),
    bundle: true,
    platform: 'node',
    target: TARGET,
    format: 'esm',
    mainFields: ['module', 'main'],
    banner: { js: REQUIRE_FOR_COMMONJS },
    charset: 'utf8',
    legalComments: 'eof',
    logLevel: 'warning',
  });
  return true;
}
