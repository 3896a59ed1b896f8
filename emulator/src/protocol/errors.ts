/** An error that a service answers with. */
export interface ServiceErrorOptions {
  /** HTTP status. @default 400 */
  readonly status?: number;
  /** Code in the older query protocol, where it differs from `code`. */
  readonly queryCode?: string;
  /** Message in the older query protocol, where it differs from `message`. */
  readonly queryMessage?: string;
  /** Whose fault it is. @default - by the status */
  readonly fault?: 'Sender' | 'Receiver';
  /** Further members of the error's shape. */
  readonly members?: Readonly<Record<string, unknown>>;
}

/**
 * What a service throws to answer with an error. Status and query code are taken from the
 * operation's schema where it models the error; the options say them where it does not.
 */
export class ServiceError extends Error {
  constructor(
    /** The name of the error's shape, such as `QueueDoesNotExist`. */
    readonly code: string,
    message: string,
    readonly options: ServiceErrorOptions = {},
  ) {
    super(message);
    this.name = code;
  }
}

/** The answer to an operation, parameter or value that the emulator does not have: never ignored. */
export class NotImplementedError extends ServiceError {
  constructor(
    /** The operation, parameter or value, by name. */
    readonly what: string,
  ) {
    super('NotImplemented', `cdk-decouple-emulator does not implement ${what}`, { status: 501 });
  }
}
