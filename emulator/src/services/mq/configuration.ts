import type { Engine } from './catalog';
import { notFound } from './errors';

/** One version of a configuration. */
export interface Revision {
  readonly revision: number;
  readonly created: number;
  readonly description: string;
  /** Text: XML of ActiveMQ, settings of RabbitMQ. */
  readonly data: string;
}

/** A configuration with all its revisions. */
export class Configuration {
  readonly revisions: Revision[] = [];
  readonly tags: Map<string, string>;

  constructor(
    readonly id: string,
    readonly arn: string,
    readonly name: string,
    readonly engine: Engine,
    readonly engineVersion: string,
    readonly created: number,
    tags: Readonly<Record<string, string>>,
    /** Whether Amazon MQ made it for a broker that was given none; it outlives that broker, on AWS as here. */
    readonly automatic: boolean,
  ) {
    this.tags = new Map(Object.entries(tags));
  }

  get latest(): Revision {
    const latest = this.revisions.at(-1);
    if (!latest) throw new Error(`configuration ${this.id} has no revision`);
    return latest;
  }

  /** @throws ServiceError `NotFoundException` */
  revision(revision: number): Revision {
    const found = this.revisions[revision - 1];
    if (!found)
      throw notFound(
        `Can't find requested revision [${revision}] of configuration [${this.id}]. Make sure your revision exists.`,
        'configuration-revision',
      );
    return found;
  }

  /** Adds a revision. */
  revise(data: string, description: string, now: number): Revision {
    const revision = { revision: this.revisions.length + 1, created: now, description, data };
    this.revisions.push(revision);
    return revision;
  }
}
