import { Observed } from '../../clients/observed';
import { JavaProgram, type JavaProgramOptions } from './java-program';

/** What a producer with the Kinesis Producer Library puts, and how. */
export interface KplProducerOptions
  extends Pick<JavaProgramOptions, 'classPath' | 'environment' | 'properties'> {
  readonly stream: string;
  readonly keys: readonly string[];
  readonly certificateAuthorityFile: string;
  /** Of the library, by its names, such as `AggregationMaxCount`. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A producer with the Kinesis Producer Library, a process of its own. */
export class KplProducer {
  /** How many records of each key it was told to put; they are numbered from 0. */
  each = 0;
  private orders = 0;
  private readonly keys: readonly string[];
  private readonly answers = new Observed<string>();
  private readonly program: JavaProgram;

  constructor({
    certificateAuthorityFile,
    keys,
    settings = {},
    stream,
    ...java
  }: KplProducerOptions) {
    this.keys = keys;
    this.program = new JavaProgram({
      ...java,
      source: 'KplProducer.java',
      arguments: [
        stream,
        certificateAuthorityFile,
        keys.join(),
        ...Object.entries(settings).map(([name, value]) => `${name}=${value}`),
      ],
      onLine: (line) => this.answers.add(line),
      onFailure: (reason) => this.answers.fail(reason),
    });
  }

  /**
   * Puts so many more records of each key, and resolves when the library counts all of them as put.
   *
   * @throws Error if it could not put some of them
   */
  async put(each: number): Promise<void> {
    const order = this.orders;
    this.program.writeLine(`${this.each} ${each}`);
    this.each += each;
    this.orders += 1;
    await this.answers.until(({ length }) => length > order);
    const answer = this.answers.events[order];
    if (answer !== `put ${each * this.keys.length}`)
      throw new Error(`of ${each} records for each key: ${answer}`);
  }

  /** Resolves when it has ended by itself. */
  async end(): Promise<void> {
    await this.program.end();
  }

  /** Resolves when it is gone. */
  async kill(): Promise<void> {
    await this.program.kill();
  }
}
