import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/** How to log in to the database. */
export interface Login {
  readonly username: string;
  readonly password: string;
  readonly database: string | undefined;
}

/**
 * The database login in Secrets Manager, fetched once and again when it has been refused.
 */
export class LoginSecret {
  private cached: Promise<Login> | undefined;

  constructor(
    private readonly client: Pick<SecretsManagerClient, 'send'>,
    private readonly secretArn: string,
  ) {}

  /** The login; a failed fetch is not remembered. */
  public get(): Promise<Login> {
    this.cached ??= this.fetch().catch((error) => {
      this.cached = undefined;
      throw error;
    });
    return this.cached;
  }

  /** Fetches it again next time: the password may have been rotated. */
  public forget(): void {
    this.cached = undefined;
  }

  private async fetch(): Promise<Login> {
    const { SecretString } = await this.client.send(
      new GetSecretValueCommand({ SecretId: this.secretArn }),
    );
    const { username, password, dbname } = parse(SecretString ?? '{}');
    if (typeof username !== 'string' || typeof password !== 'string') {
      throw new Error('the secret has no username or no password');
    }
    return { username, password, database: typeof dbname === 'string' ? dbname : undefined };
  }
}

/** What JSON.parse says quotes the text, which must not come into logs. */
function parse(text: string): { username?: unknown; password?: unknown; dbname?: unknown } {
  try {
    return Object(JSON.parse(text));
  } catch {
    throw new Error('the secret is not JSON');
  }
}
