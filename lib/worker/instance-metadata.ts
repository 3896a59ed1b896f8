const DEFAULT_ENDPOINT = 'http://169.254.169.254';
const TOKEN_LIFETIME_SECONDS = 21_600;
/** It answers at once, or not at all. */
const PATIENCE_MILLISECONDS = 2_000;

/**
 * The instance metadata service, version 2.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
 */
export class InstanceMetadata {
  private token: string | undefined;

  constructor(
    private readonly endpoint: string = process.env.AWS_EC2_METADATA_SERVICE_ENDPOINT ??
      DEFAULT_ENDPOINT,
  ) {}

  /** The instance's id. */
  public async instanceId(): Promise<string> {
    const id = await this.read('instance-id');
    if (id === undefined) {
      throw new Error('the instance metadata service knows no instance-id');
    }
    return id;
  }

  /**
   * The state of its lifecycle that the instance is on its way to, such as `InService` or `Terminated`; undefined outside of a group.
   *
   * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/retrieving-target-lifecycle-state-through-imds.html
   */
  public targetLifecycleState(): Promise<string | undefined> {
    return this.read('autoscaling/target-lifecycle-state');
  }

  private async read(path: string): Promise<string | undefined> {
    this.token ??= await this.newToken();
    const response = await this.request(`meta-data/${path}`, {
      headers: { 'X-aws-ec2-metadata-token': this.token },
    });
    if (response.status === 404) {
      return undefined;
    }
    if (!response.ok) {
      // It may have expired.
      this.token = undefined;
      throw new Error(`the instance metadata service answered ${response.status} for ${path}`);
    }
    return response.text();
  }

  private async newToken(): Promise<string> {
    const response = await this.request('api/token', {
      method: 'PUT',
      headers: { 'X-aws-ec2-metadata-token-ttl-seconds': String(TOKEN_LIFETIME_SECONDS) },
    });
    if (!response.ok) {
      throw new Error(`the instance metadata service answered ${response.status} for a token`);
    }
    return response.text();
  }

  private request(path: string, options: RequestInit): Promise<Response> {
    return fetch(new URL(`/latest/${path}`, this.endpoint), {
      ...options,
      signal: AbortSignal.timeout(PATIENCE_MILLISECONDS),
    });
  }
}
