import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Emulator } from '../../src';

/** What a command of the CDK CLI came to. */
export interface CdkResult {
  readonly code: number | null;
  /** Standard output and standard error together, without the SDK's warning about old versions of Node. */
  readonly output: string;
}

const cdkProgram = require.resolve('aws-cdk/bin/cdk');
const longestCommand = 110_000;

/**
 * The unmodified CDK CLI beside an emulator, with nothing in its environment but endpoint, region and dummy
 * keys, and a home directory of its own.
 */
export class CdkCli {
  static async start(): Promise<CdkCli> {
    const aws = await Emulator.start();
    return new CdkCli(aws, await aws.endpoint(), await mkdtemp(join(tmpdir(), 'cdk-cli-')));
  }

  private constructor(
    readonly aws: Emulator,
    private readonly endpoint: string,
    private readonly directory: string,
  ) {}

  /**
   * Runs `cdk` in an empty directory.
   *
   * @param variables - further environment variables
   */
  run(args: readonly string[], variables: Readonly<Record<string, string>> = {}) {
    return new Promise<CdkResult>((fulfil, reject) => {
      const child = spawn(process.execPath, [cdkProgram, ...args], {
        cwd: this.directory,
        timeout: longestCommand,
        env: {
          PATH: process.env.PATH,
          HOME: this.directory,
          CDK_HOME: join(this.directory, 'home'),
          AWS_ENDPOINT_URL: this.endpoint,
          AWS_ACCESS_KEY_ID: 'test',
          AWS_SECRET_ACCESS_KEY: 'test',
          AWS_REGION: this.aws.region,
          AWS_EC2_METADATA_DISABLED: 'true',
          CDK_DISABLE_CLI_TELEMETRY: 'true',
          // Validation of templates costs seconds, and is not what is tested.
          CDK_VALIDATION: 'false',
          NODE_NO_WARNINGS: '1',
          NO_COLOR: '1',
          CI: 'true',
          ...variables,
        },
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text: string) => {
          output += text;
        });
      }
      child.on('error', reject);
      child.on('close', (code) => fulfil({ code, output }));
    });
  }

  /**
   * Has the CLI synthesise a version of an app once, and returns the directory for `--app`.
   *
   * @param app - path of its program; a relative one starts in this directory
   */
  async synthesise(app: string, version: string): Promise<string> {
    const assembly = join(this.directory, version);
    const command = `node ${resolve(__dirname, app)}`;
    const { code, output } = await this.run(
      ['synth', '--quiet', '--app', command, '--output', assembly],
      { VERSION: version },
    );
    if (code !== 0) throw new Error(output);
    return assembly;
  }

  async stop(): Promise<void> {
    await this.aws.stop();
    await rm(this.directory, { recursive: true, force: true });
  }
}
