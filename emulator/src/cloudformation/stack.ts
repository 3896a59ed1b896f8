import type { Clock } from '../clock/clock';
import type { Caller } from '../iam/caller';
import type { RandomStream } from '../random/random';
import { type LevelSummary, summariseLevels } from './level-summary';
import type { ParameterValue } from './parameters';
import type { ExistingResourceRequest, ResourceState, SupportLevel } from './provider';
import { StackDrift } from './stack-drift';
import type { Template } from './template';
import type { TemplateObject } from './values';

/** The statuses that a stack or a resource goes through, as CloudFormation names them. */
export type StackStatus =
  | 'REVIEW_IN_PROGRESS'
  | 'CREATE_IN_PROGRESS'
  | 'CREATE_COMPLETE'
  | 'CREATE_FAILED'
  | 'ROLLBACK_IN_PROGRESS'
  | 'ROLLBACK_COMPLETE'
  | 'ROLLBACK_FAILED'
  | 'UPDATE_IN_PROGRESS'
  | 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS'
  | 'UPDATE_COMPLETE'
  | 'UPDATE_FAILED'
  | 'UPDATE_ROLLBACK_IN_PROGRESS'
  | 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS'
  | 'UPDATE_ROLLBACK_COMPLETE'
  | 'UPDATE_ROLLBACK_FAILED'
  | 'IMPORT_IN_PROGRESS'
  | 'IMPORT_COMPLETE'
  | 'IMPORT_ROLLBACK_IN_PROGRESS'
  | 'IMPORT_ROLLBACK_COMPLETE'
  | 'DELETE_IN_PROGRESS'
  | 'DELETE_COMPLETE'
  | 'DELETE_FAILED';

/** The statuses of a resource in a stack. */
export type ResourceStatus =
  | 'CREATE_IN_PROGRESS'
  | 'CREATE_COMPLETE'
  | 'CREATE_FAILED'
  | 'UPDATE_IN_PROGRESS'
  | 'UPDATE_COMPLETE'
  | 'UPDATE_FAILED'
  | 'IMPORT_IN_PROGRESS'
  | 'IMPORT_COMPLETE'
  | 'IMPORT_FAILED'
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
  readonly resourceStatus: Exclude<StackStatus, 'REVIEW_IN_PROGRESS'> | ResourceStatus;
  readonly resourceStatusReason?: string;
  /** JSON; of events of resources only. */
  readonly resourceProperties?: string;
  /** What the call that began the operation named it. */
  readonly clientRequestToken?: string;
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
  /** Whether it is recorded only because the user allows it. */
  readonly allowedOnly?: boolean;
  /** Whether it existed before it became part of the stack: undoing that does not delete it. */
  readonly imported?: boolean;
  readonly status: ResourceStatus;
  readonly statusReason?: string;
  /** Emulated time in milliseconds since the epoch. */
  readonly lastUpdated: number;
  /** What is known of it once it exists. */
  readonly state?: ResourceState;
  /** What its provider was last asked for. */
  readonly request?: ExistingResourceRequest;
  /** Its properties as the template came to them, dynamic references not looked up: what an update compares with. */
  readonly declared?: TemplateObject;
  /** JSON of its properties as events show them: without what is not to be echoed. */
  readonly shownProperties?: string;
}

/** Who works on a stack. */
export interface StackOperator {
  /** @default - who did so before */
  readonly caller?: Caller;
  /** What the call that began the operation names it. */
  readonly clientRequestToken?: string;
}

/** What a stack is made with, and what an update changes. */
export interface StackDefinition {
  readonly template: Template;
  readonly parameters: readonly ParameterValue[];
  readonly tags: Readonly<Record<string, string>>;
  readonly capabilities: readonly string[];
  /** Whether a failed creation leaves everything where it is. */
  readonly disableRollback: boolean;
  /** Whether it was last deployed in CloudFormation's express mode. */
  readonly express: boolean;
  /** Names of the exports that its template imports. */
  readonly imports: ReadonlySet<string>;
  /** Which resource needs which, for those whose conditions hold. */
  readonly dependencies: ReadonlyMap<string, ReadonlySet<string>>;
}

/** What a stack is, was made with, and keeps. */
export interface StackIdentity extends StackDefinition {
  readonly id: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** The stack that this one is nested in. */
  readonly parentId?: string;
  /** The outermost stack that this one is nested in. */
  readonly rootId?: string;
}

/** A stack: what was asked for, how far it has come, and how it came there. */
export class Stack {
  readonly creationTime: number;
  deletionTime: number | undefined;
  /** When its last update began. */
  updateTime: number | undefined;
  terminationProtection = false;
  /** ARN of the role as which CloudFormation works on it. */
  roleArn: string | undefined;
  /** Whether there is a state that it can be rolled back to. */
  hasBeenComplete = false;
  /** ARNs of the topics that are told of its events. */
  notificationArns: readonly string[] = [];
  /** Recorded: nothing is protected by it. */
  policy: string | undefined;
  /** What drift detection has found since the last operation. */
  drift = new StackDrift();
  private currentOperator: StackOperator = {};
  private currentStatus: StackStatus = 'REVIEW_IN_PROGRESS';
  private currentReason: string | undefined;
  private currentOutputs: readonly StackOutput[] = [];
  private readonly resourcesById = new Map<string, StackResource>();
  private readonly history: StackEvent[] = [];
  private waiting: (() => void)[] = [];

  constructor(
    private currentIdentity: StackIdentity,
    private readonly clock: Clock,
    private readonly random: RandomStream,
    private readonly onEvent: (stack: Stack, event: StackEvent) => void = () => undefined,
  ) {
    this.creationTime = clock.now();
  }

  get identity(): StackIdentity {
    return this.currentIdentity;
  }

  get id(): string {
    return this.identity.id;
  }

  get name(): string {
    return this.identity.name;
  }

  /** Who works on it, or was the last to do so. */
  get operator(): StackOperator {
    return this.currentOperator;
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
    return summariseLevels(
      this.resources().map(({ type, level, allowedOnly }) => ({
        type,
        level,
        allowedOnly,
        count: 1,
      })),
    );
  }

  /** An operation begins: events from now on are its. */
  begin({ caller = this.currentOperator.caller, clientRequestToken }: StackOperator): void {
    this.currentOperator = { caller, clientRequestToken };
  }

  /** Moves the stack on and writes an event. */
  setStatus(status: Exclude<StackStatus, 'REVIEW_IN_PROGRESS'>, reason?: string): void {
    this.currentStatus = status;
    this.currentReason = reason;
    this.hasBeenComplete ||= /^(CREATE|UPDATE|IMPORT)_COMPLETE$/.test(status);
    if (status === 'DELETE_COMPLETE') this.deletionTime = this.clock.now();
    this.record({
      eventId: this.random.uuid(),
      logicalResourceId: this.name,
      physicalResourceId: this.id,
      resourceType: 'AWS::CloudFormation::Stack',
      resourceStatus: status,
      resourceStatusReason: reason,
    });
    if (this.busy) {
      // What was found was found in resources that are about to change.
      this.drift = new StackDrift();
      return;
    }
    const { waiting } = this;
    this.waiting = [];
    for (const callback of waiting) callback();
  }

  /** Takes on another template with all that comes of it. */
  adopt(definition: StackDefinition): void {
    this.currentIdentity = { ...this.currentIdentity, ...definition };
  }

  /** Whether an operation is under way. */
  get busy(): boolean {
    return this.currentStatus !== 'REVIEW_IN_PROGRESS' && /_IN_PROGRESS$/.test(this.currentStatus);
  }

  /** Calls back once no operation is under way; at once if none is. */
  whenIdle(callback: () => void): void {
    if (this.busy) this.waiting.push(callback);
    else callback();
  }

  setOutputs(outputs: readonly StackOutput[]): void {
    this.currentOutputs = outputs;
  }

  /** Moves a resource on and writes an event. */
  setResource(resource: Omit<StackResource, 'lastUpdated'>): void {
    this.resourcesById.set(resource.logicalId, { ...resource, lastUpdated: this.clock.now() });
    this.recordResource(resource);
  }

  /** A resource is no longer the stack's: an update has removed it, or its creation was undone. */
  forgetResource(logicalId: string): void {
    this.resourcesById.delete(logicalId);
  }

  /** Writes an event about a resource that has already been taken out of its place, or never got there. */
  recordResource(resource: Omit<StackResource, 'lastUpdated'>): void {
    const time = new Date(this.clock.now()).toISOString();
    this.record({
      eventId: `${resource.logicalId}-${resource.status}-${time}`,
      logicalResourceId: resource.logicalId,
      physicalResourceId: resource.state?.physicalId ?? resource.request?.physicalId ?? '',
      resourceType: resource.type,
      resourceStatus: resource.status,
      resourceStatusReason: resource.statusReason,
      resourceProperties: resource.shownProperties,
    });
  }

  private record(event: Omit<StackEvent, 'stackId' | 'stackName' | 'timestamp'>): void {
    const complete = {
      ...event,
      stackId: this.id,
      stackName: this.name,
      timestamp: this.clock.now(),
      clientRequestToken: this.currentOperator.clientRequestToken,
    };
    this.history.push(complete);
    this.onEvent(this, complete);
  }
}

/** A stack operation that failed; what it had made is rolled back. */
export class StackFailedError extends Error {
  override readonly name = 'StackFailedError';

  constructor(
    readonly failedStack: Stack,
    operation: 'create' | 'update' | 'delete' | 'import',
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
