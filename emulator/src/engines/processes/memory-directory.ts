import { existsSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where Linux keeps files in memory. */
const memory = '/dev/shm';
const plenty = 4 * 1024 ** 3;

/**
 * A directory for files that end with this process and are synchronised all the time: in memory where there is plenty
 * of it, since that takes nothing there and milliseconds on a disk. What processes have left that were killed is removed.
 */
export class MemoryDirectory {
  private made: Promise<string> | undefined;

  /** @param name - of what it is for, such as `brokers` */
  constructor(private readonly name: string) {}

  /** Its path; it is made when this is first asked for. */
  path(): Promise<string> {
    this.made ??= this.make();
    return this.made;
  }

  /** Removes it with all that is in it. */
  async remove(): Promise<void> {
    if (this.made) await rm(await this.made, { recursive: true, force: true, maxRetries: 5 });
  }

  private make(): Promise<string> {
    const parent = hasPlenty(memory) ? memory : tmpdir();
    const prefix = `cdk-decouple-${this.name}-${process.getuid?.() ?? 0}-`;
    for (const name of readdirSync(parent)) {
      if (!name.startsWith(prefix)) continue;
      const owner = Number(name.slice(prefix.length).split('-')[0]);
      if (!isAlive(owner)) rmSync(join(parent, name), { recursive: true, force: true });
    }
    return mkdtemp(join(parent, `${prefix}${process.pid}-`));
  }
}

function hasPlenty(directory: string): boolean {
  if (!existsSync(directory)) return false;
  const { bavail, bsize } = statfsSync(directory);
  return bavail * bsize >= plenty;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return Object(error).code === 'EPERM';
  }
}
