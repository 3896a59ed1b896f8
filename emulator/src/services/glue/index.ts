import type { Service, ServiceEnvironment } from '../service';
import { databaseOperations } from './database-operations';
import { databaseArn } from './names';
import { glueResources } from './resources';
import { GlueState } from './state';
import type { GlueApi } from './table-input';
import { tableOperations } from './table-operations';
import { TableSource } from './table-source';

/** AWS Glue: its Data Catalog. */
export interface GlueService extends Service<GlueApi> {
  /** Tables, as those read them who convert records by their schemas. */
  readonly tables: TableSource;
}

/** Makes Glue. */
export function createGlue(environment: ServiceEnvironment): GlueService {
  const state = new GlueState(environment);
  return {
    signingName: 'glue',
    loadClient: (): GlueApi => require('@aws-sdk/client-glue'),
    handlers: { ...databaseOperations(state), ...tableOperations(state) },
    resourceProviders: glueResources(state),
    tables: new TableSource(state),
    leaks: () =>
      state
        .all()
        .flatMap(({ address, databases }) =>
          [...databases.keys()].map((name) => `Glue database ${databaseArn(address, name)}`),
        ),
    stop: async () => {},
  };
}
