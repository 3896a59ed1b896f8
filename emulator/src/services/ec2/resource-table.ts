import { ServiceError } from '../../protocol/errors';
import { sortedBy } from '../page';

/** What every resource of EC2 has. */
export interface Ec2Resource {
  readonly id: string;
  readonly tags: Map<string, string>;
}

/** How ids of one kind of resource look, and how EC2 says that there is none of an id. */
export interface ResourceKind {
  /** Such as `vpc` of `vpc-0123456789abcdef0`. */
  readonly prefix: string;
  /** As `TagSpecification` and DescribeTags name it, and ARNs: such as `vpc`. */
  readonly resourceType: string;
  /** Such as `InvalidVpcID.NotFound`. */
  readonly notFoundCode: string;
  readonly notFoundMessage: (id: string) => string;
}

/** The resources of one kind in one account and region. */
export class ResourceTable<T extends Ec2Resource> {
  private readonly resources = new Map<string, T>();

  constructor(
    readonly kind: ResourceKind,
    private readonly newId: (prefix: string) => string,
  ) {}

  /** Gives an id, and keeps what is made with it. */
  add(make: (id: string) => T): T {
    return this.addAs(make(this.newId(this.kind.prefix)));
  }

  /** Keeps a resource that has an id of its own. */
  addAs(resource: T): T {
    this.resources.set(resource.id, resource);
    return resource;
  }

  find(id: string): T | undefined {
    return this.resources.get(id);
  }

  /** @throws ServiceError, in the words that EC2 has for the kind. */
  get(id: string): T {
    const resource = this.resources.get(id);
    if (!resource) throw this.notFound(id);
    return resource;
  }

  notFound(id: string): ServiceError {
    return new ServiceError(this.kind.notFoundCode, this.kind.notFoundMessage(id));
  }

  delete(id: string): void {
    this.resources.delete(id);
  }

  /** In the order of ids. */
  all(): T[] {
    return sortedBy(this.resources.values(), ({ id }) => id);
  }

  /** In the order of ids. */
  where(predicate: (resource: T) => boolean): T[] {
    return this.all().filter(predicate);
  }
}
