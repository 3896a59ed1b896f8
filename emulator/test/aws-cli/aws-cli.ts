import { execFile } from 'node:child_process';
import { devNull } from 'node:os';

/** The command that is tested, so that another version than the one on the PATH can be. */
const command = process.env.AWS_CLI ?? 'aws';

/** What the CLI says on standard error when it fails. */
export class AwsCliError extends Error {
  constructor(
    message: string,
    readonly exitCode: string | number | null | undefined,
  ) {
    super(message);
  }
}

/** Runs `aws <service> ...` against one endpoint, without any of this machine's settings for AWS. */
export class AwsCli<Answer extends object> {
  private readonly environment: NodeJS.ProcessEnv;

  /** @param caFile - the certificate authority that it trusts, for an endpoint with TLS */
  constructor(
    private readonly endpoint: string,
    private readonly service: string,
    caFile?: string,
  ) {
    const others = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'));
    this.environment = {
      ...Object.fromEntries(others),
      AWS_ACCESS_KEY_ID: '111122223333',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_DEFAULT_REGION: 'eu-west-1',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
      AWS_PAGER: '',
      ...(caFile === undefined ? {} : { AWS_CA_BUNDLE: caFile }),
    };
  }

  /**
   * Runs one operation. Arguments that are objects or lists are given as JSON. Where the CLI prints
   * nothing, the answer is empty.
   *
   * @throws AwsCliError
   */
  async run(
    operation: string,
    options: Readonly<Record<string, unknown>> = {},
  ): Promise<Partial<Answer>> {
    const given = Object.entries(options).flatMap(([name, value]) => [
      `--${name}`,
      typeof value === 'object' ? JSON.stringify(value) : String(value),
    ]);
    const output = await this.execute(['--output', 'json', this.service, operation, ...given]);
    return JSON.parse(output || '{}');
  }

  /** Runs `aws s3 sync`. @throws AwsCliError */
  async sync(from: string, to: string): Promise<void> {
    await this.execute(['s3', 'sync', '--only-show-errors', from, to]);
  }

  private execute(args: readonly string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      execFile(
        command,
        ['--endpoint-url', this.endpoint, ...args],
        { env: this.environment, timeout: 30_000 },
        (error, stdout, stderr) => {
          if (error) reject(new AwsCliError(stderr.trim() || error.message, error.code));
          else resolve(stdout.trim());
        },
      );
    });
  }
}
