import { createHash } from 'node:crypto';

/** What a message says, with the digest by which SDKs check it. */
export interface MessageContent {
  readonly body: string;
  readonly md5OfBody: string;
}

/**
 * A body that is made when somebody first reads it: many copies of a notification are never read, and its
 * signature takes longer to make than everything else about it.
 */
export interface DeferredBody {
  /** Bytes that it will have. */
  readonly bytes: number;
  /** Makes it: valid text, always the same. */
  render(): string;
}

/** The content of a message that is sent. */
export function contentOf(body: string | DeferredBody): MessageContent {
  return typeof body === 'string' ? new KnownContent(body) : new DeferredContent(body);
}

/** Bytes of a body. */
export function bodySize(body: string | DeferredBody): number {
  return typeof body === 'string' ? Buffer.byteLength(body) : body.bytes;
}

class KnownContent implements MessageContent {
  readonly md5OfBody: string;

  constructor(readonly body: string) {
    this.md5OfBody = md5(body);
  }
}

class DeferredContent implements MessageContent {
  private content: MessageContent | undefined;

  constructor(private deferred: DeferredBody | undefined) {}

  get body(): string {
    return this.known().body;
  }

  get md5OfBody(): string {
    return this.known().md5OfBody;
  }

  private known(): MessageContent {
    this.content ??= new KnownContent(this.deferred?.render() ?? '');
    // What it was made of need not stay in memory.
    this.deferred = undefined;
    return this.content;
  }
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
