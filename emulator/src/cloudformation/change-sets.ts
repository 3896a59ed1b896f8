import type { Clock } from '../clock/clock';
import { ServiceError } from '../protocol/errors';
import type { RandomSource } from '../random/random';
import type { CloudFormation, StackPreview } from './cloudformation';
import type { Stack, StackIdentity } from './stack';
import { isEmpty } from './stack-changes';
import type { CreateStackRequest, StackOperation, UpdateStackRequest } from './stack-requests';
import { validationError } from './template-errors';

/** What a change set would do: create a stack, or update one. */
export type ChangeSetRequest =
  | { readonly type: 'CREATE'; readonly request: CreateStackRequest }
  | { readonly type: 'UPDATE'; readonly request: UpdateStackRequest };

/** Changes of a stack that have been worked out and wait to be executed. */
export interface ChangeSet {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly includeNestedStacks: boolean;
  readonly importExistingResources: boolean;
  readonly what: ChangeSetRequest;
  readonly preview: StackPreview;
  /** The stack as it was then: changes are out of date once it is another. */
  readonly identity: StackIdentity;
  /** Emulated time. */
  readonly creationTime: number;
  /** Why it cannot be executed: it failed to find changes. */
  readonly failure?: string;
  execution: 'NONE' | 'EXECUTE_IN_PROGRESS' | 'EXECUTE_COMPLETE' | 'EXECUTE_FAILED';
}

/** Words in which the CDK CLI recognises that there is nothing to deploy. */
const noChanges =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

/**
 * The change sets of all stacks.
 *
 * On AWS a change set takes a while to be created; here it is there when the call returns.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-changesets.html
 */
export class ChangeSets {
  private readonly byId = new Map<string, ChangeSet>();

  constructor(
    private readonly engine: CloudFormation,
    private readonly clock: Clock,
    private readonly random: RandomSource,
  ) {}

  /**
   * Works out what a request would change.
   *
   * @throws ServiceError what creating or updating the stack throws, or `AlreadyExistsException`; then there is
   *   neither a change set nor a new stack.
   */
  async create(
    name: string,
    what: ChangeSetRequest,
    {
      description,
      includeNestedStacks = false,
      importExistingResources = false,
    }: Partial<ChangeSet> = {},
  ): Promise<ChangeSet> {
    if (!/^[A-Za-z][A-Za-z0-9-]{0,127}$/.test(name)) {
      throw validationError(
        `1 validation error detected: Value '${name}' at 'changeSetName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
      );
    }
    const { account, region, name: stackName } = what.request;
    const existing = this.engine.find(stackName, account, region);
    if (existing && this.of(existing).some((one) => one.name === name)) {
      throw new ServiceError('AlreadyExistsException', `ChangeSet [${name}] already exists`);
    }
    const preview = await this.preview(what, existing);
    const { stack } = preview;
    const uuid = this.random.stream(`cloudformation/change-sets/${stack.id}`).uuid();
    const changeSet: ChangeSet = {
      id: `arn:aws:cloudformation:${region}:${account}:changeSet/${name}/${uuid}`,
      name,
      description,
      includeNestedStacks,
      importExistingResources,
      what,
      preview,
      identity: stack.identity,
      creationTime: this.clock.now(),
      failure: isEmpty(preview.changes) ? noChanges : undefined,
      execution: 'NONE',
    };
    if (what.type === 'CREATE' && !existing) this.engine.keepReviewed(stack);
    this.byId.set(changeSet.id, changeSet);
    return changeSet;
  }

  /**
   * The change set of that name of a stack, or of that ARN.
   *
   * @throws ServiceError `ChangeSetNotFound`
   */
  get(nameOrId: string, stack: Stack | undefined): ChangeSet {
    const found = this.find(nameOrId, stack);
    if (found) return found;
    const message = `ChangeSet [${nameOrId}] does not exist`;
    throw new ServiceError('ChangeSetNotFound', message, { status: 404 });
  }

  find(nameOrId: string, stack: Stack | undefined): ChangeSet | undefined {
    return (
      this.byId.get(nameOrId) ?? (stack && this.of(stack).find(({ name }) => name === nameOrId))
    );
  }

  /** Those of a stack that have not been executed, the oldest first. */
  of(stack: Stack): ChangeSet[] {
    return [...this.byId.values()].filter(
      (one) => one.preview.stack === stack && one.execution === 'NONE',
    );
  }

  delete({ id }: ChangeSet): void {
    this.byId.delete(id);
  }

  /**
   * Begins to do what a change set says; the stack's other change sets are gone then.
   *
   * @throws ServiceError `InvalidChangeSetStatus` if it cannot be executed, or what the operation itself throws.
   */
  async execute(changeSet: ChangeSet, disableRollback = false): Promise<StackOperation> {
    const status = executionStatus(changeSet);
    if (status !== 'AVAILABLE') {
      throw new ServiceError(
        'InvalidChangeSetStatus',
        `ChangeSet [${changeSet.id}] cannot be executed in its current execution status of [${status}]`,
      );
    }
    const { preview, what } = changeSet;
    const operation =
      what.type === 'CREATE'
        ? await this.engine.beginCreate(
            { ...what.request, onFailure: disableRollback ? 'DO_NOTHING' : what.request.onFailure },
            { reviewed: preview.stack },
          )
        : await this.engine.beginUpdate({ ...what.request, disableRollback });
    changeSet.execution = 'EXECUTE_IN_PROGRESS';
    for (const other of this.of(preview.stack)) this.delete(other);
    const finished = operation?.finished ?? Promise.resolve(preview.stack);
    finished.then(
      () => {
        changeSet.execution = 'EXECUTE_COMPLETE';
      },
      () => {
        changeSet.execution = 'EXECUTE_FAILED';
      },
    );
    return { stack: preview.stack, finished };
  }

  private async preview(
    { request, type }: ChangeSetRequest,
    existing: Stack | undefined,
  ): Promise<StackPreview> {
    if (type === 'UPDATE') return this.engine.previewUpdate(request);
    if (existing && existing.status !== 'REVIEW_IN_PROGRESS') {
      throw validationError(
        `Stack [${request.name}] already exists and cannot be created again with the changeSet`,
      );
    }
    return this.engine.previewCreate(existing ?? this.engine.reviewStack(request), request);
  }
}

/** Whether a change set can be executed, in CloudFormation's words. */
export function executionStatus({ execution, failure, identity, preview }: ChangeSet) {
  if (execution !== 'NONE') return execution;
  if (failure !== undefined) return 'UNAVAILABLE';
  return preview.stack.identity === identity ? 'AVAILABLE' : 'OBSOLETE';
}
