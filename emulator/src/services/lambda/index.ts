import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { RemoteActors } from '../../clock/call-gate';
import type { Caller } from '../../iam/caller';
import { Regional, type Service, type ServiceEnvironment } from '../service';
import type { BrokerSource, SecretSource } from './broker-source';
import type { CodeStore } from './code-store';
import type { FailureDestinations } from './event-sources/stream-settings';
import type { FileSystemSource } from './file-system-source';
import { functionArn, parseFunctionName } from './function-arn';
import { CodeLibrary } from './function-code';
import { type InvocationResult, refuseRecorded } from './invoker';
import { LambdaRegion } from './lambda-region';
import type { LogSink } from './log-sink';
import { lambdaOperations } from './operations';
import type { QueueSource } from './queue-source';
import { lambdaResources } from './resources';
import { RuntimeNotice } from './runtimes';
import type { StreamSource } from './stream-source';

export type { CodeStore } from './code-store';
export type { FailureDestinations } from './event-sources/stream-settings';
export type { FileSystemSource } from './file-system-source';
export type { LogLine, LogSink } from './log-sink';

/** What Lambda needs of other services and of the emulator. */
export interface LambdaOptions {
  readonly queues: QueueSource;
  readonly streams: StreamSource;
  readonly brokers: BrokerSource;
  readonly secrets: SecretSource;
  /** Queues and topics that are told of batches that were given up. */
  readonly failureDestinations: FailureDestinations;
  readonly code: CodeStore;
  readonly fileSystems: FileSystemSource;
  readonly logs: LogSink;
  /** Where functions are made known to the clock and to the gateway. */
  readonly remoteActors: RemoteActors;
  /** PEM file of the local certificate authority. @default - functions trust the public ones only */
  readonly caFile?: () => Promise<string>;
  /** Whether what functions print also goes to the terminal. @default false */
  readonly printLogs?: boolean;
  /** Whether timers and dates inside functions follow the emulator's clock. @default 'emulated' */
  readonly functionTime?: 'emulated' | 'real';
}

/** AWS Lambda: functions for Node.js, each invocation in a thread of its own. */
export interface LambdaService extends Service<typeof import('@aws-sdk/client-lambda')> {
  /**
   * Runs a function on behalf of another service, such as CloudFormation for a custom resource.
   *
   * @param payload - JSON
   * @throws ServiceError if there is no such function, or it is throttled
   */
  invoke(functionArn: string, payload: string, caller: Caller): Promise<InvocationResult>;
  /**
   * Has a function run soon on behalf of another service, as `InvocationType: Event` does.
   *
   * @param payload - JSON
   * @returns the id of the request, by which the journal knows it
   * @throws ServiceError AccessDeniedException, ResourceNotFoundException
   */
  invokeAsynchronously(functionArn: string, payload: string, caller: Caller): string;
  /**
   * Checks what {@link invokeAsynchronously} would, without running anything, as `InvocationType: DryRun` does.
   *
   * @throws ServiceError AccessDeniedException, ResourceNotFoundException
   */
  checkInvocable(functionArn: string, caller: Caller): void;
  /** What is recorded of a function that never runs, as others do its work; undefined for any other ARN. */
  recordedFunction(functionArn: string): RecordedFunction | undefined;
  /** Kills every running environment of a function in the middle of what it does, as a fault of its machine would. */
  kill(functionArn: string): Promise<void>;
}

/** A function whose work others do. */
export interface RecordedFunction {
  readonly name: string;
  readonly region: string;
  /** ARN of the role that it would run with. */
  readonly role: string;
}

/** Makes the service. */
export function createLambda(env: ServiceEnvironment, options: LambdaOptions): LambdaService {
  const print = (line: string): void => {
    process.stdout.write(`${line}\n`);
  };
  const host = {
    ...env,
    queues: options.queues,
    source: options.streams,
    destinations: options.failureDestinations,
    fileSystemSource: options.fileSystems,
    brokers: options.brokers,
    secrets: options.secrets,
    certificateAuthority: async () => {
      const file = await options.caFile?.();
      return file === undefined ? undefined : readFile(file, 'utf8');
    },
    logs: options.logs,
    remoteActors: options.remoteActors,
    functionTime: options.functionTime ?? 'emulated',
    print: options.printLogs ? print : undefined,
    certificateAuthorityFile: async () => options.caFile?.(),
  };
  const library = new CodeLibrary(options.code, async () =>
    path.join(await env.scratchDirectory(), 'lambda'),
  );
  const notice = new RuntimeNotice(options.printLogs ? print : () => undefined);
  const regions = new Regional(
    (account, region) => new LambdaRegion(account, region, host, library, notice),
  );
  const internalIds = env.random.stream('lambda/internal-requests');
  const find = (arn: string): LambdaRegion => {
    const { account, region } = parseFunctionName(arn);
    return regions.in(account ?? '', region ?? '');
  };
  const invocable = (arn: string, caller: Caller) => {
    const region = find(arn);
    env.authorize({ caller, action: 'lambda:InvokeFunction', resource: arn });
    const version = region.functions.version(arn);
    refuseRecorded(version);
    return { region, version };
  };
  return {
    signingName: 'lambda',
    loadClient: () => require('@aws-sdk/client-lambda'),
    handlers: lambdaOperations((ctx) => regions.in(ctx.account, ctx.region), env.clock),
    resourceProviders: lambdaResources(regions, env),
    resourceRights(arn) {
      if (!arn.includes(':function:')) return undefined;
      const { name, qualifier, account = '' } = parseFunctionName(arn);
      const fn = find(arn).functions.find(name);
      const policy = fn?.policies.get(qualifier ?? '');
      return fn && { account, policies: policy ? [policy.toJson()] : [], tags: fn.tags };
    },
    async invoke(arn, payload, caller) {
      const { region, version } = invocable(arn, caller);
      const request = { requestId: internalIds.uuid(), payload, invokedArn: arn };
      return region.invoker.invoke(version, request);
    },
    invokeAsynchronously(arn, payload, caller) {
      const { region, version } = invocable(arn, caller);
      const requestId = internalIds.uuid();
      const { qualifier } = parseFunctionName(arn);
      const { functionName } = version;
      region.events.queue({
        functionName,
        qualifier,
        requestId,
        payload,
        clientContext: undefined,
      });
      return requestId;
    },
    checkInvocable: (arn, caller) => {
      invocable(arn, caller);
    },
    recordedFunction(arn) {
      if (!arn.startsWith('arn:aws:lambda:')) return undefined;
      const fn = find(arn).functions.find(parseFunctionName(arn).name);
      if (!fn || fn.latest.settings.runs) return undefined;
      const { region, settings } = fn.latest;
      return { name: fn.name, region, role: settings.role };
    },
    async kill(arn) {
      const { functions, invoker } = find(arn);
      await invoker.kill(functions.get(arn).fn.name);
    },
    leaks: () =>
      regions
        .all()
        .flatMap(({ account, region, functions, mappings }) => [
          ...functions
            .list()
            .map((fn) => `Lambda function ${functionArn(account, region, fn.name)}`),
          ...mappings.list().map((mapping) => `Lambda event source mapping ${mapping.arn}`),
        ]),
    async stop() {
      for (const region of regions.all()) region.mappings.stop();
      await Promise.all(regions.all().map((region) => region.invoker.stop()));
    },
  };
}
