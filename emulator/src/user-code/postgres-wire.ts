const sslRequest = 80877103;
const gssRequest = 80877104;
const protocolMajor = 3;

/**
 * Counts what a PostgreSQL client waits for, by the messages that pass on its connection: each start-up, Query,
 * FunctionCall and Sync is answered by one ReadyForQuery.
 *
 * https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
export class PostgresWire {
  private owed = 0;
  private flushed = false;
  private started = false;
  private negotiating = false;
  private readonly sent = new TypedMessages();
  private readonly received = new TypedMessages();

  /** Whether the first bytes of a connection are those of a PostgreSQL client. */
  static speaks(first: Buffer): boolean {
    if (first.length < 8) return false;
    const code = first.readUInt32BE(4);
    return (
      (first.readUInt32BE(0) === 8 && (code === sslRequest || code === gssRequest)) ||
      (code >>> 16 === protocolMajor && first.readUInt32BE(0) <= 10_000)
    );
  }

  /** Whether the client waits for the server. */
  get waiting(): boolean {
    return this.owed > 0 || this.flushed || this.negotiating;
  }

  noteSent(chunk: Buffer): void {
    if (!this.started) {
      this.noteOpening(chunk);
      return;
    }
    this.sent.read(chunk, (type) => {
      if (type === 'Q' || type === 'S' || type === 'F') this.owed += 1;
      if (type === 'H') this.flushed = true;
    });
  }

  noteReceived(chunk: Buffer): void {
    // The one-byte answer to a request for encryption; the client has yet to start.
    if (!this.started) return;
    this.flushed = false;
    this.received.read(chunk, (type) => {
      if (type === 'Z') this.owed = Math.max(0, this.owed - 1);
    });
  }

  private noteOpening(chunk: Buffer): void {
    const code = chunk.length >= 8 ? chunk.readUInt32BE(4) : 0;
    if (code === sslRequest || code === gssRequest) {
      this.negotiating = true;
      return;
    }
    this.negotiating = false;
    this.started = true;
    this.owed = 1;
    const length = chunk.length >= 4 ? chunk.readUInt32BE(0) : chunk.length;
    if (chunk.length > length) this.noteSent(chunk.subarray(length));
  }
}

/** Splits a stream into messages of one type byte, a length and a body, whatever pieces it comes in. */
class TypedMessages {
  private header = Buffer.alloc(0);
  private skip = 0;

  read(chunk: Buffer, onMessage: (type: string) => void): void {
    let rest = chunk;
    while (rest.length > 0) {
      if (this.skip > 0) {
        const skipped = Math.min(this.skip, rest.length);
        this.skip -= skipped;
        rest = rest.subarray(skipped);
        continue;
      }
      const missing = 5 - this.header.length;
      this.header = Buffer.concat([this.header, rest.subarray(0, missing)]);
      rest = rest.subarray(missing);
      if (this.header.length < 5) return;
      this.skip = Math.max(0, this.header.readUInt32BE(1) - 4);
      onMessage(String.fromCharCode(this.header.readUInt8(0)));
      this.header = Buffer.alloc(0);
    }
  }
}
