import { Observed } from '../../clients/observed';
import { JavaProgram, type JavaProgramOptions } from './java-program';

/** What a worker of the Kinesis Client Library was told. */
export interface WorkerEvent {
  readonly kind: string;
  readonly worker: string;
  readonly shard: string;
  readonly key: string;
  readonly number: number;
}

/** What an application with the Kinesis Client Library is, apart from its workers. */
export interface KclWorkersOptions
  extends Pick<JavaProgramOptions, 'classPath' | 'environment' | 'properties'> {
  readonly stream: string;
  readonly application: string;
  readonly retrieval: 'polling' | 'fan-out';
}

/** The workers of an application with the Kinesis Client Library, each a process of its own, and what they were told. */
export class KclWorkers extends Observed<WorkerEvent> {
  private readonly programs: JavaProgram[] = [];

  constructor(private readonly options: KclWorkersOptions) {
    super();
  }

  start(name: string): JavaProgram {
    const { application, retrieval, stream, ...java } = this.options;
    const program = new JavaProgram({
      ...java,
      source: 'KclWorker.java',
      arguments: [stream, application, name, retrieval],
      onLine: (line) => {
        const [kind = '', worker = '', shard = '', key = '', number] = line.split(' ');
        this.add({ kind, worker, shard, key, number: Number(number) });
      },
      onFailure: (reason) => this.fail(reason),
    });
    this.programs.push(program);
    return program;
  }

  /** Of the records, the numbers of each key, in the order in which they came. */
  get numbers(): Map<string, number[]> {
    const numbers = new Map<string, number[]>();
    for (const { key, kind, number } of this.events)
      if (kind === 'record') numbers.set(key, [...(numbers.get(key) ?? []), number]);
    return numbers;
  }

  /** Resolves when all of them are gone. */
  async kill(): Promise<void> {
    await Promise.all(this.programs.map((program) => program.kill()));
  }
}
