import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Zippable, zipSync } from 'fflate';
import type { Body } from '../../protocol/handlers';

/** The bytes of an object, which may come into being only when somebody wants them. */
export interface ObjectContent {
  bytes(): Uint8Array;
  /** MD5 in hexadecimal digits, the ETag of an object that was put in one piece. */
  md5(): string;
}

/** Bytes that are there. */
export class StoredContent implements ObjectContent {
  private digest: string | undefined;

  constructor(private readonly stored: Uint8Array) {}

  bytes(): Uint8Array {
    return this.stored;
  }

  md5(): string {
    this.digest ??= createHash('md5').update(this.stored).digest('hex');
    return this.digest;
  }
}

/** Bytes that are made when first asked for. */
export class LazyContent implements ObjectContent {
  private made: StoredContent | undefined;

  constructor(private readonly make: () => Uint8Array) {}

  bytes(): Uint8Array {
    return this.content().bytes();
  }

  md5(): string {
    return this.content().md5();
  }

  private content(): StoredContent {
    this.made ??= new StoredContent(this.make());
    return this.made;
  }
}

// The first moment that a zip file can hold. The same directory gives the same bytes at any time.
const zipEpoch = new Date(1980, 0, 1);

/** A zip file of all that a directory holds; symbolic links are followed. */
export function zipDirectory(directory: string): Uint8Array {
  const files: Zippable = {};
  const add = (path: string, name: string) => {
    for (const entry of readdirSync(path).sort()) {
      const inside = join(path, entry);
      const entryName = name === '' ? entry : `${name}/${entry}`;
      const status = statSync(inside);
      if (status.isDirectory()) add(inside, entryName);
      else {
        const attributes = (status.mode & 0xffff) * 0x1_0000;
        files[entryName] = [readFileSync(inside), { os: 3, attrs: attributes, mtime: zipEpoch }];
      }
    }
  };
  add(directory, '');
  return zipSync(files, { level: 6 });
}

/** All bytes of a request's body. */
export async function readBody(body: Body | string | undefined): Promise<Uint8Array> {
  if (body === undefined) return new Uint8Array();
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array) return body;
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}
