import type { MetricSink } from '../../metrics/metric-sink';
import { AsynchronousInvocations } from './asynchronous-invocations';
import { Concurrency } from './concurrency';
import type { PoolHost } from './environment-pool';
import { MappingRegistry, type MappingSurroundings } from './event-sources/mapping-registry';
import { checkExecutionRole, type RoleGiver } from './execution-role';
import type { FileSystemSource } from './file-system-source';
import { functionArn } from './function-arn';
import type { CodeLibrary } from './function-code';
import { FunctionFileSystems } from './function-file-system';
import { FunctionMetrics } from './function-metrics';
import { FunctionRegistry } from './function-registry';
import { Invoker } from './invoker';
import type { RuntimeNotice } from './runtimes';

/** Lambda of an account in a region. */
export class LambdaRegion {
  readonly concurrency = new Concurrency();
  readonly invoker: Invoker;
  readonly functions: FunctionRegistry;
  readonly events: AsynchronousInvocations;
  readonly mappings: MappingRegistry;
  readonly fileSystems: FunctionFileSystems;

  constructor(
    readonly account: string,
    readonly region: string,
    private readonly host: Omit<PoolHost, 'mount'> &
      MappingSurroundings & {
        readonly metrics: MetricSink;
        readonly fileSystemSource: FileSystemSource;
      },
    library: CodeLibrary,
    notice: RuntimeNotice,
  ) {
    const fileSystems = new FunctionFileSystems(
      account,
      region,
      host.fileSystemSource,
      host.authorize,
    );
    this.fileSystems = fileSystems;
    this.invoker = new Invoker(
      this.concurrency,
      { ...host, mount: (version, caller) => fileSystems.mount(version, caller) },
      notice,
      new FunctionMetrics(host.metrics, { account, region }),
    );
    this.functions = new FunctionRegistry(
      account,
      region,
      host.clock,
      host.random,
      library,
      this.invoker,
      this.concurrency,
    );
    this.events = new AsynchronousInvocations(
      host.clock,
      this.functions,
      this.invoker,
      host.journal,
    );
    this.mappings = new MappingRegistry(this.functions, this.invoker, host);
  }

  /** @throws ServiceError if the caller may not give that role to the function, or Lambda may not assume it */
  checkRole(roleArn: string | undefined, name: string, giver: RoleGiver): void {
    const arn = functionArn(this.account, this.region, name);
    checkExecutionRole(this.host.authorize, roleArn, arn, giver);
  }
}
