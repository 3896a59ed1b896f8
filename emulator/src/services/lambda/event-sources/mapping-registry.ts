import type { Clock } from '../../../clock/clock';
import type { Authorize, Caller } from '../../../iam/caller';
import type { Identities } from '../../../iam/identities';
import type { Journal } from '../../../journal/journal';
import type { RandomSource } from '../../../random/random';
import type { BrokerSource, SecretSource } from '../broker-source';
import { conflict, invalid, notFound } from '../errors';
import { checkConsumerRights, checkPollerRights } from '../execution-role';
import { functionArn, parseFunctionName } from '../function-arn';
import type { FunctionRegistry } from '../function-registry';
import type { Invoker } from '../invoker';
import type { QueueSource } from '../queue-source';
import type { StreamSource } from '../stream-source';
import { secretOf } from './brokers/broker-settings';
import { checkMapping, EventSourceMapping, type MappingSettings } from './event-source-mapping';
import type { MappedFunction } from './sqs-poller';
import type { FailureDestinations } from './stream-settings';

/** What mappings work with. */
export interface MappingSurroundings {
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly journal: Journal;
  readonly identities: Identities;
  readonly authorize: Authorize;
  readonly queues: QueueSource;
  readonly source: StreamSource;
  readonly destinations: FailureDestinations;
  readonly brokers: BrokerSource;
  readonly secrets: SecretSource;
  /** PEM of the local certificate authority. */
  certificateAuthority(): Promise<string | undefined>;
}

/** The event source mappings of an account in a region. */
export class MappingRegistry {
  private readonly mappings = new Map<string, EventSourceMapping>();
  private readonly callers = new Map<string, Caller>();

  constructor(
    private readonly functions: FunctionRegistry,
    private readonly invoker: Invoker,
    private readonly surroundings: MappingSurroundings,
  ) {
    // Deleting a function leaves its mappings: one that is made again finds what has been waiting.
    functions.onCreated = ({ name }) => {
      for (const mapping of this.list())
        if (parseFunctionName(mapping.settings.functionArn).name === name) mapping.wake();
    };
  }

  list(): EventSourceMapping[] {
    return [...this.mappings.values()].sort((a, b) => (a.uuid < b.uuid ? -1 : 1));
  }

  /** @throws ServiceError ResourceNotFoundException */
  get(uuid: string): EventSourceMapping {
    const mapping = this.mappings.get(uuid);
    if (!mapping) throw notFound('The resource you requested does not exist.');
    return mapping;
  }

  /** @throws ServiceError for values that Lambda refuses, or if queue and function are mapped already */
  create(settings: MappingSettings): EventSourceMapping {
    const { functionArn: target, sourceArn } = settings;
    this.check(settings);
    const existing = this.list().find(
      (mapping) =>
        mapping.settings.sourceArn === sourceArn &&
        mapping.settings.functionArn === target &&
        mapping.settings.broker?.queues[0] === settings.broker?.queues[0],
    );
    if (existing)
      throw conflict(
        settings.stream || settings.broker
          ? `The event source arn (" ${sourceArn} ") and function (" ${parseFunctionName(target).name} ") provided mapping already exists. Please update or delete the existing mapping with UUID ${existing.uuid}`
          : `An event source mapping with SQS arn (" ${sourceArn} ") and function (" ${parseFunctionName(target).name} ") already exists. Please update or delete the existing mapping with UUID ${existing.uuid}`,
      );
    const { account, region } = this.functions;
    const { clock, random } = this.surroundings;
    const stream = random.stream(`lambda/mappings/${target}/${sourceArn}`);
    const uuid = stream.uuid();
    const mapping = new EventSourceMapping(
      uuid,
      `arn:aws:lambda:${region}:${account}:event-source-mapping:${uuid}`,
      settings,
      clock.now(),
      {
        ...this.surroundings,
        requestIds: stream,
        target: () => this.target(this.mappings.get(uuid)?.settings ?? settings),
      },
    );
    this.mappings.set(uuid, mapping);
    return mapping;
  }

  update(mapping: EventSourceMapping, settings: MappingSettings): void {
    this.check(settings);
    mapping.update(settings, this.surroundings.clock.now());
  }

  delete(mapping: EventSourceMapping): void {
    mapping.stop();
    this.mappings.delete(mapping.uuid);
  }

  stop(): void {
    for (const mapping of this.mappings.values()) mapping.stop();
  }

  private check(settings: MappingSettings): void {
    // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html: another account's will do, another region's not.
    const [, , , sourceRegion] = settings.sourceArn.split(':');
    const kind = settings.broker ? 'broker' : settings.stream ? 'stream' : 'queue';
    if (sourceRegion !== this.functions.region)
      throw invalid(
        `The ${kind} ${settings.sourceArn} is in another region than the function ${settings.functionArn}.`,
      );
    const version = this.functions.version(settings.functionArn);
    checkMapping(settings, this.surroundings, version.settings.timeout);
    const role = this.callerFor(version.settings.role, version.functionName);
    const { authorize, brokers } = this.surroundings;
    if (settings.broker)
      checkConsumerRights(authorize, role, {
        brokerArn: settings.sourceArn,
        secretArn: secretOf(settings.broker),
        isPrivate: brokers.describe(settings.sourceArn)?.publiclyAccessible === false,
      });
    else checkPollerRights(authorize, settings.sourceArn, role);
  }

  /** The function as it is now: its alias may have been moved, its role changed. */
  private target(settings: MappingSettings): MappedFunction | undefined {
    const { name, qualifier } = parseFunctionName(settings.functionArn);
    const version = this.functions.find(name)?.resolve(qualifier, () => 0);
    if (!version) return undefined;
    const arn = functionArn(version.account, version.region, name, qualifier);
    return {
      arn,
      caller: this.callerFor(version.settings.role, name),
      roleArn: version.settings.role,
      invoke: (requestId, payload, iteratorAge) => {
        if (this.invoker.reserve(name)) return undefined;
        if (iteratorAge !== undefined) this.invoker.handedOver(name, iteratorAge);
        return this.invoker
          .run(version, { requestId, payload, invokedArn: arn })
          .then((result) => ({
            payload: result.payload,
            failed: result.functionError !== undefined,
          }));
      },
    };
  }

  private callerFor(role: string, functionName: string): Caller {
    const key = `${role}/${functionName}`;
    let caller = this.callers.get(key);
    if (!caller) {
      caller = this.surroundings.identities.openSession(role, functionName).caller;
      this.callers.set(key, caller);
    }
    return caller;
  }
}
