import { clientErrorText } from './client-error';
import type { DeploymentRequest } from './deployment-request';
import { pythonList } from './python-text';

/**
 * The commands by which the deployment handler has the AWS CLI work: they are not run, but named where
 * what they do fails. On AWS only the function's log tells why.
 */
export class AwsCli {
  /** @param directory - where the handler would unpack */
  constructor(readonly directory: string) {}

  /** Where all files are brought together. */
  get contents(): string {
    return `${this.directory}/contents`;
  }

  /**
   * Does what a command would do.
   *
   * @param operation - of the API that `work` calls
   * @throws Error that names the command as the handler does, and what it would have logged
   */
  async run<T>(
    command: readonly string[],
    operation: string,
    work: () => Promise<T> | T,
  ): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw new Error(
        `Command '${pythonList(['/opt/awscli/aws', ...command])}' returned non-zero exit status 1. Its log on AWS: ${clientErrorText(error, operation)}`,
      );
    }
  }

  /** The command that brings files to their destination. */
  sync(request: DeploymentRequest): string[] {
    const { destination, exclude, include, prune, systemMetadata, userMetadata } = request;
    const options = (name: string, values: readonly string[]) =>
      values.flatMap((value) => [name, value]);
    const user = Object.keys(userMetadata).length > 0 ? [JSON.stringify(userMetadata)] : [];
    const system = Object.entries(systemMetadata).flatMap(([key, value]) => [`--${key}`, value]);
    return [
      ...['s3', 'sync', ...(prune ? ['--delete'] : [])],
      ...options('--exclude', exclude),
      ...options('--include', include),
      ...[this.contents, destination.url, ...system, ...options('--metadata', user)],
      ...(system.length + user.length > 0 ? ['--metadata-directive', 'REPLACE'] : []),
    ];
  }
}
