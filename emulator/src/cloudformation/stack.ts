import type { Clock } from '../clock/clock';
import type { RandomStream } from '../random/random';
import type { ParameterValue } from './parameters';
import type { ExistingResourceRequest, ResourceState, SupportLevel } from './provider';
import type { Template } from './template';

/** The statuses that a stack or a resource goes through, as CloudFormation names them. */
export type StackStatus =
  | 'CREATE_IN_PROGRESS'
  | 'CREATE_COMPLETE'
  | 'CREATE_FAILED'
  | 'ROLLBACK_IN_PROGRESS'
  | 'ROLLBACK_COMPLETE'
  | 'ROLLBACK_FAILED'
  | 'DELETE_IN_PROGRESS'
  | 'DELETE_COMPLETE'
  | 'DELETE_FAILED';

/** The statuses of a resource in a stack. */
export type ResourceStatus =
  | 'CREATE_IN_PROGRESS'
  | 'CREATE_COMPLETE'
  | 'CREATE_FAILED'
  | 'DELETE_IN_PROGRESS'
  | 'DELETE_COMPLETE'
  | 'DELETE_FAILED'
  | 'DELETE_SKIPPED';

/** One line of a stack's history. */
export interface StackEvent {
  readonly eventId: string;
  readonly stackId: string;
  readonly stackName: string;
  readonly logicalResourceId: string;
  readonly physicalResourceId: string;
  readonly resourceType: string;
  readonly resourceStatus: StackStatus | ResourceStatus;
  readonly resourceStatusReason?: string;
  /** Emulated time in milliseconds since the epoch. */
  readonly timestamp: number;
}

/** An output of a stack. */
export interface StackOutput {
  readonly key: string;
  readonly value: string;
  readonly description?: string;
  readonly exportName?: string;
}

/** A resource of a stack. */
export interface StackResource {
  readonly logicalId: string;
  readonly type: string;
  readonly level: SupportLevel;
  readonly status: ResourceStatus;
  readonly statusReason?: string;
  /** Emulated time in milliseconds since the epoch. */
  readonly lastUpdated: number;
  /** What is known of it once it exists. */
  readonly state?: ResourceState;
  /** What its provider was asked to create. */
  readonly request?: ExistingResourceRequest;
}

/** How many resources of one type a stack has, and how much of the type is emulated. */
export interface LevelSummary {
  readonly type: string;
  readonly level: SupportLevel;
  readonly count: number;
}

/** What a stack is made with. */
export interface StackIdentity {
  readonly id: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly template: Template;
  readonly parameters: readonly ParameterValue[];
  readonly tags: Readonly<Record<string, string>>;
  readonly capabilities: readonly string[];
  /** The stack that this one is nested in. */
  readonly parentId?: string;
  /** The outermost stack that this one is nested in. */
  readonly rootId?: string;
  /** Whether a failed creation leaves everything where it is. */
  readonly disableRollback: boolean;
  /** Names of the exports that its template imports. */
  readonly imports: ReadonlySet<string>;
  /** Which resource needs which, for those whose conditions hold. */
  readonly dependencies: ReadonlyMap<string, ReadonlySet<string>>;
}

/** A stack: what was asked for, how far it has come, and how it came there. */
export class Stack {
  readonly creationTime: number;
  deletionTime: number | undefined;
  terminationProtection = false;
  private currentStatus: StackStatus = 'CREATE_IN_PROGRESS';
  private currentReason: string | undefined;
  private currentOutputs: readonly StackOutput[] = [];
  private readonly resourcesById = new Map<string, StackResource>();
  private readonly history: StackEvent[] = [];

  constructor(
    readonly identity: StackIdentity,
    private readonly clock: Clock,
    private readonly random: RandomStream,
  ) {
    this.creationTime = clock.now();
  }

  get id(): string {
    return this.identity.id;
  }

  get name(): string {
    return this.identity.name;
  }

  get status(): StackStatus {
    return this.currentStatus;
  }

  get statusReason(): string | undefined {
    return this.currentReason;
  }

  get outputs(): readonly StackOutput[] {
    return this.currentOutputs;
  }

  /** The value of an output. @throws Error naming the outputs that there are. */
  output(key: string): string {
    const output = this.currentOutputs.find((one) => one.key === key);
    if (output) return output.value;
    const keys = this.currentOutputs.map((one) => one.key).join(', ') || 'none';
    throw new Error(`Stack ${this.name} has no output ${key}; it has ${keys}`);
  }

  /** All resources that have been started, in the order in which they were. */
  resources(): StackResource[] {
    return [...this.resourcesById.values()];
  }

  /** The resource of that logical id. */
  resource(logicalId: string): StackResource | undefined {
    return this.resourcesById.get(logicalId);
  }

  /** Its history, oldest first. */
  events(): readonly StackEvent[] {
    return this.history;
  }

  /** Its resources by type, each with its level, ordered by type. */
  levels(): LevelSummary[] {
    const byType = new Map<string, LevelSummary>();
    for (const { type, level } of this.resourcesById.values()) {
      byType.set(type, { type, level, count: (byType.get(type)?.count ?? 0) + 1 });
    }
    return [...byType.values()].sort((a, b) => (a.type < b.type ? -1 : 1));
  }

  /** Moves the stack on and writes an event. */
  setStatus(status: StackStatus, reason?: string): void {
    this.currentStatus = status;
    this.currentReason = reason;
    if (status === 'DELETE_COMPLETE') this.deletionTime = this.clock.now();
    this.record({
      eventId: this.random.uuid(),
      logicalResourceId: this.name,
      physicalResourceId: this.id,
      resourceType: 'AWS::CloudFormation::Stack',
      resourceStatus: status,
      resourceStatusReason: reason,
    });
  }

  setOutputs(outputs: readonly StackOutput[]): void {
    this.currentOutputs = outputs;
  }

  /** Moves a resource on and writes an event. */
  setResource(resource: Omit<StackResource, 'lastUpdated'>): void {
    const lastUpdated = this.clock.now();
    this.resourcesById.set(resource.logicalId, { ...resource, lastUpdated });
    this.record({
      eventId: `${resource.logicalId}-${resource.status}-${new Date(lastUpdated).toISOString()}`,
      logicalResourceId: resource.logicalId,
      physicalResourceId: resource.state?.physicalId ?? '',
      resourceType: resource.type,
      resourceStatus: resource.status,
      resourceStatusReason: resource.statusReason,
    });
  }

  private record(event: Omit<StackEvent, 'stackId' | 'stackName' | 'timestamp'>): void {
    this.history.push({
      ...event,
      stackId: this.id,
      stackName: this.name,
      timestamp: this.clock.now(),
    });
  }
}

/** A stack operation that failed; what it had made is rolled back. */
export class StackFailedError extends Error {
  override readonly name = 'StackFailedError';

  constructor(
    readonly failedStack: Stack,
    operation: 'create' | 'delete',
    /** The resources that failed of themselves, not those cancelled with them. */
    readonly failures: readonly {
      readonly logicalId: string;
      readonly type: string;
      readonly reason: string;
    }[],
  ) {
    const lines = failures.map(
      ({ logicalId, type, reason }) => `  ${logicalId} (${type}): ${reason}`,
    );
    const why = lines.length > 0 ? `\n${lines.join('\n')}` : ` ${failedStack.statusReason ?? ''}`;
    super(
      `Stack ${failedStack.name} failed to ${operation} and is now ${failedStack.status}:${why}`,
    );
  }
}
