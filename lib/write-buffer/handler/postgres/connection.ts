import type { Login, LoginSecret } from './login';
import type { RowValues } from './row';
import { isLoginRefused } from './sql-error';

/** A connection to the database, as far as it is used here. */
export interface SqlClient {
  /** Runs a statement; `rowCount` is how many rows it wrote. */
  query(text: string, values?: RowValues): Promise<{ readonly rowCount: number | null }>;
  /** True once the connection has failed. */
  readonly broken: boolean;
  /** Closes it at once, whatever is going on. */
  close(): void;
}

/** Opens a connection. */
export type OpenConnection = (login: Login) => Promise<SqlClient>;

/**
 * The one connection of a function's instance: kept between invocations, made anew when it failed.
 */
export class Connection {
  private current: SqlClient | undefined;

  constructor(
    private readonly open: OpenConnection,
    private readonly secret: Pick<LoginSecret, 'get' | 'forget'>,
  ) {}

  /** The connection, and whether it was there before. Throws if the database cannot be reached. */
  public async get(): Promise<{ readonly client: SqlClient; readonly reused: boolean }> {
    if (this.current !== undefined && !this.current.broken) {
      return { client: this.current, reused: true };
    }
    this.discard();
    this.current = await this.logIn();
    return { client: this.current, reused: false };
  }

  /** Closes the connection: nobody knows what state it is in. */
  public discard(): void {
    this.current?.close();
    this.current = undefined;
  }

  private async logIn(): Promise<SqlClient> {
    try {
      return await this.open(await this.secret.get());
    } catch (error) {
      if (!isLoginRefused(error)) {
        throw error;
      }
      this.secret.forget();
      return this.open(await this.secret.get());
    }
  }
}
