import type { Caller } from '../../iam/caller';
import { NotImplementedError } from '../../protocol/errors';
import type { CallContext } from '../../protocol/handlers';
import { Regional, type ServiceEnvironment } from '../service';
import { Catalog } from './catalog';
import { type CatalogAddress, catalogArn, databaseArn, tableArn } from './names';

/** Asks whether somebody may do something with a resource of the Data Catalog. */
type Ask = (action: string, resource: string) => void;

/** What of a catalog an operation is about. */
export interface Subject {
  /** A name, or `*` for those of the catalog. */
  readonly database?: string;
  /** A name, or `*` for those of the database. */
  readonly table?: string;
}

/** Every catalog, and who may do something with what is in it. */
export class GlueState {
  private readonly catalogs: Regional<Catalog>;

  constructor(readonly environment: ServiceEnvironment) {
    this.catalogs = new Regional(
      (account, region) => new Catalog({ account, region }, () => environment.clock.now()),
    );
  }

  in({ account, region }: CatalogAddress): Catalog {
    return this.catalogs.in(account, region);
  }

  all(): Catalog[] {
    return this.catalogs.all();
  }

  /**
   * The catalog that a call is about, if the caller may do with it what the operation is named for.
   *
   * @throws NotImplementedError for the catalog of another account
   */
  asked(context: CallContext, catalogId: string | undefined, subject: Subject): Catalog {
    const { account, operation, region } = context;
    if (catalogId !== undefined && catalogId !== account)
      throw new NotImplementedError(`CatalogId ${catalogId} of glue.${operation}`);
    askForAll(
      (action, resource) => context.authorize(action, resource),
      operation,
      { account, region },
      subject,
    );
    return this.in({ account, region });
  }

  /** The same for who deploys a template, or for a service that acts as a role. */
  authorize(caller: Caller, operation: string, address: CatalogAddress, subject: Subject): void {
    askForAll(
      (action, resource) => this.environment.authorize({ caller, action, resource }),
      operation,
      address,
      subject,
    );
  }
}

/**
 * An operation asks for its resource and for all that it is in, the catalog first; one that deletes a database also for the
 * tables in it. https://docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html
 */
function askForAll(
  ask: Ask,
  operation: string,
  address: CatalogAddress,
  { database, table }: Subject,
): void {
  const action = `glue:${operation}`;
  ask(action, catalogArn(address));
  if (database === undefined) return;
  ask(action, databaseArn(address, database));
  const tables = operation === 'DeleteDatabase' ? '*' : table;
  if (tables !== undefined) ask(action, tableArn(address, database, tables));
}
