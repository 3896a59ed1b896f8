import { Catalog } from '../protocol/catalog';
import type { CallContext } from '../protocol/handlers';
import { RestRouter } from '../protocol/rest-route';
import { type ServiceModel, serviceModel } from '../protocol/service-model';
import type { Operation } from '../protocol/shape';
import type { Service } from '../services/service';

/** A handler, whatever its operation. */
export type AnyHandler = (input: object, context: CallContext) => unknown;

/** An operation together with the code that serves it. */
export interface BoundOperation {
  readonly entry: ServiceEntry;
  readonly operation: Operation;
  /** Undefined if the service has the operation and the emulator does not. */
  readonly handler: AnyHandler | undefined;
  /** How work on it is named, such as `sqs.SendMessage`. */
  readonly label: string;
}

/** A registered service; its client module is loaded on its first request. */
export class ServiceEntry {
  readonly model: ServiceModel;
  private loadedCatalog: Catalog | undefined;
  private restRouter: RestRouter | undefined;
  private readonly bound = new Map<string, BoundOperation>();

  /** @throws Error if the protocols of the service are not known. */
  constructor(private readonly service: Service) {
    this.model = serviceModel(service.signingName);
  }

  get catalog(): Catalog {
    this.loadedCatalog ??= new Catalog(this.service.loadClient());
    return this.loadedCatalog;
  }

  /** Finds operations of REST requests. */
  get rest(): RestRouter {
    this.restRouter ??= new RestRouter(this.catalog.operations.values(), this.model);
    return this.restRouter;
  }

  /** Undefined if the service has no such operation. */
  operation(name: string): BoundOperation | undefined {
    let bound = this.bound.get(name);
    if (!bound) {
      const operation = this.catalog.operations.get(name);
      if (!operation) return undefined;
      const { handlers, signingName } = this.service;
      const handler: unknown = Reflect.get(handlers, name);
      bound = {
        entry: this,
        operation,
        handler: isHandler(handler) ? handler.bind(handlers) : undefined,
        label: `${signingName}.${name}`,
      };
      this.bound.set(name, bound);
    }
    return bound;
  }
}

function isHandler(value: unknown): value is AnyHandler {
  return typeof value === 'function';
}
