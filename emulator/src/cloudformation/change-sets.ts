import type { Clock } from '../clock/clock';
import { ServiceError } from '../protocol/errors';
import type { RandomSource } from '../random/random';
import type { CloudFormation } from './cloudformation';
import type { Imports } from './imports';
import { descendants, nestedChangeSetName, previewNested } from './nested-change-sets';
import type { Stack, StackIdentity } from './stack';
import { isEmpty } from './stack-changes';
import type { StackPreview } from './stack-previews';
import type {
  CreateStackRequest,
  ImportStackRequest,
  StackOperation,
  UpdateStackRequest,
} from './stack-requests';
import { validationError } from './template-errors';

/** What a change set would do: create a stack, update one, or make existing resources part of one. */
export type ChangeSetRequest =
  | { readonly type: 'CREATE'; readonly request: CreateStackRequest }
  | { readonly type: 'UPDATE'; readonly request: UpdateStackRequest }
  | { readonly type: 'IMPORT'; readonly request: ImportStackRequest };

/** Changes of a stack that have been worked out and wait to be executed. */
export interface ChangeSet {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly includeNestedStacks: boolean;
  readonly importExistingResources: boolean;
  /** New resources of the stack that exist already. */
  readonly imports: Imports;
  readonly what: ChangeSetRequest;
  readonly preview: StackPreview;
  /** The stack as it was then: changes are out of date once it is another. */
  readonly identity: StackIdentity;
  /** Emulated time. */
  readonly creationTime: number;
  /** Why it cannot be executed: it failed to find changes. */
  readonly failure?: string;
  /** Of the change set that this one belongs to: that of the stack that this one's is nested in. */
  readonly parentId?: string;
  /** Of the change set that has to be executed or deleted for this one to be. */
  readonly rootId?: string;
  /** Those of nested stacks, by the logical id that these have in this one's stack. */
  readonly children: ReadonlyMap<string, ChangeSet>;
  execution: 'NONE' | 'EXECUTE_IN_PROGRESS' | 'EXECUTE_COMPLETE' | 'EXECUTE_FAILED';
}

/** What a call that executes a change set says of it. */
export interface ExecutionOptions {
  readonly clientRequestToken?: string;
  /** @default - what the change set says */
  readonly disableRollback?: boolean;
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
    const options = { description, includeNestedStacks, importExistingResources };
    const changeSet = await this.make(name, what, preview, options);
    for (const one of [changeSet, ...descendants(changeSet)]) {
      const { stack } = one.preview;
      if (one.what.type !== 'UPDATE' && stack !== existing) this.engine.keepReviewed(stack);
      this.byId.set(one.id, one);
    }
    return changeSet;
  }

  private async make(
    name: string,
    what: ChangeSetRequest,
    preview: StackPreview,
    options: Pick<
      ChangeSet,
      'description' | 'includeNestedStacks' | 'importExistingResources' | 'parentId' | 'rootId'
    >,
  ): Promise<ChangeSet> {
    const { account, id: stackId, region } = preview.stack.identity;
    const uuid = this.random.stream(`cloudformation/change-sets/${stackId}`).uuid();
    const id = `arn:aws:cloudformation:${region}:${account}:changeSet/${name}/${uuid}`;
    const { failure, imports } = await this.importsOf(what, preview, options);
    const children = new Map<string, ChangeSet>();
    if (options.includeNestedStacks) {
      for (const nested of await previewNested(what, preview, this.engine)) {
        const child = await this.make(
          nestedChangeSetName(name, nested.preview.stack.id, this.random),
          nested.what,
          nested.preview,
          { ...options, description: undefined, parentId: id, rootId: options.rootId ?? id },
        );
        children.set(nested.logicalId, child);
      }
    }
    return {
      id,
      name,
      ...options,
      what,
      preview,
      identity: preview.stack.identity,
      creationTime: this.clock.now(),
      failure: isEmpty(preview.changes) ? noChanges : failure,
      imports,
      children,
      execution: 'NONE',
    };
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

  /**
   * Deletes a change set with those of nested stacks, and the stacks that these have made room for.
   *
   * @throws ServiceError `InvalidChangeSetStatus` if it belongs to another's.
   */
  delete(changeSet: ChangeSet): void {
    const { id, rootId } = changeSet;
    if (rootId !== undefined) {
      throw new ServiceError(
        'InvalidChangeSetStatus',
        `ChangeSet [${id}] can only be deleted with its root change set [${rootId}]`,
      );
    }
    for (const one of [changeSet, ...descendants(changeSet)]) this.byId.delete(one.id);
    this.discardStacks(changeSet);
  }

  /** Lets nested stacks go that have been made room for and have not been created. */
  private discardStacks(changeSet: ChangeSet): void {
    for (const { preview, what } of descendants(changeSet)) {
      if (what.type === 'CREATE') this.engine.discardReviewed(preview.stack);
    }
  }

  /**
   * Begins to do what a change set says; the stack's other change sets are gone then.
   *
   * @throws ServiceError `InvalidChangeSetStatus` if it cannot be executed, or what the operation itself throws.
   */
  async execute(changeSet: ChangeSet, options: ExecutionOptions = {}): Promise<StackOperation> {
    const status = executionStatus(changeSet);
    if (status !== 'AVAILABLE') {
      throw new ServiceError(
        'InvalidChangeSetStatus',
        `ChangeSet [${changeSet.id}] cannot be executed in its current execution status of [${status}]`,
      );
    }
    const { preview } = changeSet;
    const family = [changeSet, ...descendants(changeSet)];
    for (const one of family) this.expectNested(one);
    const operation = await this.begin(changeSet, options);
    const setExecution = (execution: ChangeSet['execution']) => {
      for (const one of family) one.execution = execution;
    };
    setExecution('EXECUTE_IN_PROGRESS');
    for (const other of this.of(preview.stack)) this.deleteOutdated(other);
    const finished = operation?.finished ?? Promise.resolve(preview.stack);
    finished.then(
      () => setExecution('EXECUTE_COMPLETE'),
      () => {
        setExecution('EXECUTE_FAILED');
        this.discardStacks(changeSet);
      },
    );
    return { stack: preview.stack, finished };
  }

  private async begin(
    { imports, preview, what }: ChangeSet,
    { clientRequestToken, disableRollback }: ExecutionOptions,
  ): Promise<StackOperation | undefined> {
    switch (what.type) {
      case 'CREATE': {
        const onFailure = disableRollback ? 'DO_NOTHING' : what.request.onFailure;
        return this.engine.beginCreate(
          { ...what.request, imports, onFailure, clientRequestToken },
          { reviewed: preview.stack },
        );
      }
      case 'IMPORT':
        return this.engine.beginImport({ ...what.request, clientRequestToken }, preview.stack);
      default:
        return this.engine.beginUpdate({
          ...what.request,
          clientRequestToken,
          imports,
          disableRollback: disableRollback ?? what.request.disableRollback,
        });
    }
  }

  /** The stacks of a change set's children come to be when its own stack creates them. */
  private expectNested({ children, preview }: ChangeSet): void {
    for (const [logicalId, child] of children) {
      if (child.what.type === 'CREATE') {
        this.engine.nestedStacks.expect(preview.stack.id, logicalId, child.preview.stack);
      }
    }
  }

  /** Those of the same stack are gone once one has been executed; what belongs to another's goes with that. */
  private deleteOutdated(changeSet: ChangeSet): void {
    if (changeSet.rootId === undefined) this.delete(changeSet);
  }

  /** What a change set imports: what it is told to, or what it finds. Nested stacks find nothing. */
  private async importsOf(
    what: ChangeSetRequest,
    preview: StackPreview,
    { importExistingResources, rootId }: Pick<ChangeSet, 'importExistingResources' | 'rootId'>,
  ): Promise<{ readonly imports: Imports; readonly failure?: string }> {
    if (what.type === 'IMPORT') {
      const { resources } = what.request;
      return { imports: new Map(resources.map((one) => [one.logicalId, one.identifier])) };
    }
    if (!importExistingResources || rootId !== undefined) return { imports: new Map() };
    return this.engine.automaticImports(preview, what.request);
  }

  private async preview(
    { request, type }: ChangeSetRequest,
    existing: Stack | undefined,
  ): Promise<StackPreview> {
    if (type === 'UPDATE') return this.engine.previews.update(request);
    if (type === 'IMPORT') {
      const stack = existing ?? this.engine.reviewStack(request);
      return (await this.engine.previews.import(request, stack)).preview;
    }
    if (existing && existing.status !== 'REVIEW_IN_PROGRESS') {
      throw validationError(
        `Stack [${request.name}] already exists and cannot be created again with the changeSet`,
      );
    }
    return this.engine.previews.create(existing ?? this.engine.reviewStack(request), request);
  }
}

/** Whether a change set can be executed, in CloudFormation's words. */
export function executionStatus({ execution, failure, identity, preview, rootId }: ChangeSet) {
  if (execution !== 'NONE') return execution;
  if (rootId !== undefined || failure !== undefined) return 'UNAVAILABLE';
  return preview.stack.identity === identity ? 'AVAILABLE' : 'OBSOLETE';
}
