import { ServiceError } from '../../protocol/errors';
import { Constraints } from '../constraints';

/** What roles, policies and instance profiles have in common. */
export interface Entity {
  readonly name: string;
  readonly path: string;
  readonly arn: string;
}

/** How one kind of entity is named in messages and bounded by quotas. */
export interface EntityKind {
  /** The member of the API that carries its name, such as `roleName`. */
  readonly member: string;
  readonly maxNameLength: number;
  readonly notFound: (name: string) => string;
  readonly exists: (name: string) => string;
}

/** Entities of one kind in one account; names are unique regardless of case. */
export class Entities<T extends Entity> {
  private readonly byName = new Map<string, T>();

  constructor(private readonly kind: EntityKind) {}

  /** Names of entities are compared without case, see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
  find(name: string): T | undefined {
    return this.byName.get(name.toLowerCase());
  }

  /** @throws NoSuchEntity */
  get(name: string): T {
    const entity = this.find(name);
    if (!entity)
      throw new ServiceError('NoSuchEntityException', this.kind.notFound(name), { status: 404 });
    return entity;
  }

  findByArn(arn: string): T | undefined {
    const entity = this.find(arn.slice(arn.lastIndexOf('/') + 1));
    return entity?.arn === arn ? entity : undefined;
  }

  /** @throws EntityAlreadyExists or ValidationError */
  checkNew(name: string, path: string): void {
    new Constraints('ValidationError')
      .length(this.kind.member, name, 1, this.kind.maxNameLength)
      .pattern(this.kind.member, name, '[\\w+=,.@-]+')
      .length('path', path, 1, 512)
      .pattern('path', path, '(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)')
      .check();
    if (this.find(name))
      throw new ServiceError('EntityAlreadyExistsException', this.kind.exists(name), {
        status: 409,
      });
  }

  add(entity: T): T {
    this.byName.set(entity.name.toLowerCase(), entity);
    return entity;
  }

  remove(entity: T): void {
    this.byName.delete(entity.name.toLowerCase());
  }

  /** By name, optionally only those under a path. */
  all(pathPrefix = '/'): T[] {
    return [...this.byName.values()]
      .filter((entity) => entity.path.startsWith(pathPrefix))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}
