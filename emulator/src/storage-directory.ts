import { MemoryDirectory } from './engines/processes/memory-directory';

/** Where services keep data that they have as files: a directory of the user's, or one that ends with the process. */
export class StorageDirectory {
  private readonly memory: MemoryDirectory;

  /**
   * @param given - the user's, which stays
   * @param name - of what it is for, such as `brokers`
   */
  constructor(
    private readonly given: string | undefined,
    name: string,
  ) {
    this.memory = new MemoryDirectory(name);
  }

  /** Its path; it is made when this is first asked for. */
  async path(): Promise<string> {
    return this.given ?? this.memory.path();
  }

  /** Removes it with all that is in it, unless it is the user's. */
  remove(): Promise<void> {
    return this.memory.remove();
  }
}
