import type { Clock } from '../clock/clock';
import type { Caller } from '../iam/caller';
import { ServiceError } from '../protocol/errors';
import type { RandomSource } from '../random/random';
import { requireCapabilities } from './capabilities';
import { CustomResourceProvider, type InvokeCustomResource } from './custom-resource-provider';
import type { ValueResolvers } from './dynamic-references';
import { automaticImports, checkImports, type ImportTarget } from './imports';
import { NestedStackProvider } from './nested-stack-provider';
import { NestedStacks } from './nested-stacks';
import { type AuthorizeStackOutput, otherStacks } from './other-stacks';
import { previousParameters } from './previous-parameters';
import type { ResourceProvider } from './provider';
import { type AllowRecorded, type NativeTypes, ProviderRegistry } from './provider-registry';
import { Stack, type StackEvent } from './stack';
import { isEmpty, type StackChanges, stackChanges } from './stack-changes';
import { buildStack } from './stack-creation';
import { deleteWholeStack } from './stack-deletion';
import { importIntoStack } from './stack-import';
import {
  type FetchTemplate,
  fetchTemplate,
  type PreparationContext,
  type PreparationTarget,
  type PreparedStack,
  prepareStack,
} from './stack-preparation';
import {
  type CreateStackRequest,
  definitionOf,
  type EngineContext,
  type ImportStackRequest,
  type StackOperation,
  type StackRequest,
  type UpdateStackRequest,
} from './stack-requests';
import { continueRollback, rollBackByCall } from './stack-rollback';
import { type StackExport, StackStore } from './stack-store';
import { updateStackResources } from './stack-update';
import { emptyTemplate } from './template';
import { checkTemplate, type TemplateCheck } from './template-check';
import { TemplateRejectedError, validationError } from './template-errors';

/** What the composition root hands to CloudFormation. */
export interface CloudFormationOptions extends ValueResolvers {
  readonly clock: Clock;
  readonly random: RandomSource;
  /** Those of all services. */
  readonly providers: readonly ResourceProvider[];
  /** @default - a template with nested stacks is refused */
  readonly fetchTemplate?: FetchTemplate;
  /** @default - every output may be read */
  readonly authorizeStackOutput?: AuthorizeStackOutput;
  /** @default - custom resources are unsupported */
  readonly invokeCustomResource?: InvokeCustomResource;
  /** @default false */
  readonly allowRecorded?: AllowRecorded;
  /** Told of every operation that records resources only because that is allowed, before it begins. */
  readonly onAllowedOnly?: (stackName: string, counts: ReadonlyMap<string, number>) => void;
  /** Custom resources that `invokeCustomResource` handles also without their functions. @default - none */
  readonly nativeCustomResources?: NativeTypes;
}

/** What an operation on a stack comes to. */
export interface StackPreview {
  readonly stack: Stack;
  readonly prepared: PreparedStack;
  /** Those that the stack will have. */
  readonly tags: Readonly<Record<string, string>>;
  readonly changes: StackChanges;
}

/** The CloudFormation engine: makes stacks out of templates and takes them down again. */
export class CloudFormation {
  /** Which resource types there are, and how much of each. */
  readonly providers: ProviderRegistry;
  readonly nestedStacks: NestedStacks;
  private readonly store = new StackStore();
  private readonly engine: EngineContext;
  private readonly preparation: PreparationContext;

  constructor(private readonly options: CloudFormationOptions) {
    const { clock, invokeCustomResource, random } = options;
    this.nestedStacks = new NestedStacks(this, clock, random);
    this.providers = new ProviderRegistry({
      clock,
      random,
      providers: [...options.providers, new NestedStackProvider(this.nestedStacks)],
      customResources: invokeCustomResource
        ? (type) => new CustomResourceProvider(type, invokeCustomResource, random)
        : undefined,
      allowRecorded: options.allowRecorded,
      natives: options.nativeCustomResources,
    });
    const common = { resolvers: options, providers: this.providers, stacks: this.store };
    const { authorizeStackOutput } = options;
    const unfinishedRollbacks = new Map();
    this.engine = { ...common, clock, random, authorizeStackOutput, unfinishedRollbacks };
    this.preparation = { ...common, fetchTemplate: options.fetchTemplate };
  }

  /**
   * Creates a stack and waits until it is there. Everything wrong or unsupported in its template is
   * named before anything is created.
   *
   * @throws TemplateRejectedError if the template cannot be deployed: no stack is made.
   * @throws StackFailedError if a resource fails: what was made has been rolled back.
   * @throws ServiceError `AlreadyExistsException` if there is a stack of that name.
   */
  async createStack(request: CreateStackRequest): Promise<Stack> {
    return (await this.beginCreate(request)).finished;
  }

  /**
   * Updates a stack and waits until it is done. Everything wrong or unsupported in its template is
   * named before anything is changed.
   *
   * @returns undefined if nothing would change.
   * @throws TemplateRejectedError if the template cannot be deployed: the stack stays as it is.
   * @throws StackFailedError if a resource fails: all is as it was before.
   * @throws ServiceError `ValidationError` if there is no such stack, or it cannot be updated in its state.
   */
  async updateStack(request: UpdateStackRequest): Promise<Stack | undefined> {
    return (await this.beginUpdate(request))?.finished;
  }

  /**
   * Deletes a stack, its resources in reverse order of their creation; does nothing if there is none.
   *
   * @param caller - who deletes. @default - who created it
   * @throws StackFailedError naming what could not be deleted.
   * @throws ServiceError `ValidationError` if it is protected, or if other stacks import its exports.
   */
  async deleteStack(
    nameOrId: string,
    account: string,
    region: string,
    caller?: Caller,
  ): Promise<Stack | undefined> {
    return this.beginDelete(nameOrId, account, region, caller)?.finished;
  }

  /** @throws ServiceError `ValidationError` if there is no such stack. */
  describe(nameOrId: string, account: string, region: string): Stack {
    return this.store.get(nameOrId, account, region);
  }

  /** Undefined if there is no such stack. */
  find(nameOrId: string, account: string, region: string): Stack | undefined {
    return this.store.find(nameOrId, account, region);
  }

  /** The events of a stack, newest first, as DescribeStackEvents returns them. */
  events(nameOrId: string, account: string, region: string): StackEvent[] {
    return [...this.describe(nameOrId, account, region).events()].reverse();
  }

  /** All exports of an account and region. */
  exports(account: string, region: string): StackExport[] {
    return this.store.exports(account, region);
  }

  /** Reads a template from a URL, as nested stacks name theirs. */
  template(url: string, account: string, region: string): Promise<string> {
    return fetchTemplate(this.preparation, url, account, region);
  }

  /**
   * What deploying a template would come to, its parameters, exports and nested stacks left open.
   *
   * @throws ServiceError `ValidationError` if it is no template.
   */
  check(template: string): TemplateCheck {
    return checkTemplate(template, this.providers);
  }

  /** Names of the stacks that import an export. */
  importers(exportName: string, account: string, region: string): string[] {
    return this.store.importers(exportName, account, region);
  }

  /** All stacks that have not been deleted, nested ones included. */
  stacks(): Stack[] {
    return this.store.existing();
  }

  /**
   * Begins to create a stack.
   *
   * @param options.parent - the stack that it is nested in
   * @param options.reviewed - the stack that a change set of type CREATE has made room for
   * @throws as {@link createStack}, but for what fails later.
   */
  async beginCreate(
    request: CreateStackRequest,
    { parent, reviewed }: { readonly parent?: Stack; readonly reviewed?: Stack } = {},
  ): Promise<StackOperation> {
    if (!reviewed) this.refuseExisting(request);
    const stack = reviewed ?? this.newStack(request, parent);
    const prepared = await this.prepare(stack, request.template, request, request.parameters);
    // Another call may have taken the name while templates and parameters were read.
    if (!reviewed) this.refuseExisting(request);
    else if (stack.status !== 'REVIEW_IN_PROGRESS') refuseBusy(stack);
    stack.adopt(
      definitionOf(prepared, request.tags ?? {}, request, request.onFailure === 'DO_NOTHING'),
    );
    stack.terminationProtection = request.terminationProtection ?? stack.terminationProtection;
    this.store.add(stack);
    this.reportAllowedOnly(stack, prepared);
    stack.setStatus('CREATE_IN_PROGRESS', 'User Initiated');
    return { stack, finished: buildStack(stack, prepared, request, this.engine) };
  }

  /**
   * Begins to update a stack.
   *
   * @returns undefined if nothing would change.
   * @throws as {@link updateStack}, but for what fails later.
   */
  async beginUpdate(request: UpdateStackRequest): Promise<StackOperation | undefined> {
    const { changes, prepared, stack, tags } = await this.prepareUpdate(request);
    // What a failure has left as it was is brought to rest even by the template that the stack has.
    if (isEmpty(changes) && !isPaused(stack)) return undefined;
    if (request.disableRollback && changes.resources.some((one) => one.replacement === 'True')) {
      throw validationError(
        'Replacement type updates not supported on stack with disable-rollback.',
      );
    }
    // Another update may have begun while this one was prepared.
    refuseBusy(stack);
    requireDisableRollback(stack, request);
    stack.adopt({ ...stack.identity, express: request.express ?? false });
    stack.updateTime = this.options.clock.now();
    this.reportAllowedOnly(stack, prepared);
    stack.setStatus('UPDATE_IN_PROGRESS', 'User Initiated');
    return { stack, finished: updateStackResources(stack, prepared, request, tags, this.engine) };
  }

  /**
   * Begins to make existing resources part of a stack.
   *
   * @param reviewed - the stack that a change set has made room for, if it is a new one
   * @throws as {@link previewImport}
   */
  async beginImport(request: ImportStackRequest, reviewed: Stack): Promise<StackOperation> {
    const { imports, preview } = await this.previewImport(request, reviewed);
    const { prepared, stack, tags } = preview;
    this.store.add(stack);
    stack.setStatus('IMPORT_IN_PROGRESS', 'User Initiated');
    const finished = importIntoStack(stack, prepared, { ...request, imports }, tags, this.engine);
    return { stack, finished };
  }

  /** Begins to delete a stack; undefined if there is none. @throws as {@link deleteStack}, but for what fails later. */
  beginDelete(
    nameOrId: string,
    account: string,
    region: string,
    caller?: Caller,
  ): StackOperation | undefined {
    const stack = this.store.find(nameOrId, account, region);
    if (!stack) return undefined;
    const operation = { stack, finished: deleteWholeStack(stack, this.engine, caller) };
    for (const nested of this.store.existing()) {
      const { parentId, rootId } = nested.identity;
      if (parentId === stack.id || rootId === stack.id) this.discardReviewed(nested);
    }
    return operation;
  }

  /**
   * Begins to go on with a rollback that failed.
   *
   * @param skipped - logical ids of resources that stay as they are, whatever that is
   * @throws ServiceError `ValidationError` if the stack has no rollback that failed, or if what is to be skipped has not failed.
   */
  continueRollback(
    name: string,
    account: string,
    region: string,
    skipped: readonly string[] = [],
  ): StackOperation {
    const stack = this.describe(name, account, region);
    return { stack, finished: continueRollback(stack, skipped, this.engine) };
  }

  /**
   * Begins to roll back a creation or an update that failed and was told not to roll back by itself.
   *
   * @param retainsCreated - whether what has been made and is to be retained stays
   * @throws ServiceError `ValidationError` if the stack is in another state.
   */
  rollBack(name: string, account: string, region: string, retainsCreated = true): StackOperation {
    const stack = this.describe(name, account, region);
    return { stack, finished: rollBackByCall(stack, retainsCreated, this.engine) };
  }

  /**
   * What an update would do, without doing it.
   *
   * @throws as {@link updateStack}, but for what fails later.
   */
  async previewUpdate(request: UpdateStackRequest): Promise<StackPreview> {
    return this.prepareUpdate(request);
  }

  /**
   * What creating a stack would do, without doing it; `stack` is one that {@link reviewStack} made.
   *
   * @throws as {@link createStack}, but for what fails later.
   */
  async previewCreate(stack: Stack, request: CreateStackRequest): Promise<StackPreview> {
    const prepared = await this.prepare(stack, request.template, request, request.parameters);
    const { tags = {} } = request;
    return { stack, prepared, tags, changes: this.changes(stack, prepared, tags) };
  }

  /**
   * What an import would do, without doing it; `stack` is the one that is to have the resources, be it a new one
   * that {@link reviewStack} made.
   *
   * @throws ServiceError `ValidationError` if one cannot be imported, or if anything else would change.
   */
  async previewImport(request: ImportStackRequest, stack: Stack) {
    const preview =
      stack.status === 'REVIEW_IN_PROGRESS'
        ? await this.previewCreate(stack, request)
        : await this.prepareUpdate(request);
    const { changes, prepared } = preview;
    const about = { changes, plan: prepared.plan };
    const imports = await checkImports(request.resources, about, request, this.store);
    return { preview, imports };
  }

  /** The new resources in a preview that exist and become the stack's, if that is asked for. */
  automaticImports({ changes, prepared }: StackPreview, target: ImportTarget) {
    return automaticImports({ changes, plan: prepared.plan }, target, this.store);
  }

  /**
   * Makes a stack that a change set may create: it has nothing, its status is `REVIEW_IN_PROGRESS`, and
   * nobody else knows it before {@link keepReviewed}.
   *
   * @param parent - the stack that it is to be nested in
   */
  reviewStack(request: Omit<CreateStackRequest, 'template'>, parent?: Stack): Stack {
    this.refuseExisting(request);
    return this.newStack(request, parent);
  }

  /** Keeps a stack that {@link reviewStack} made. */
  keepReviewed(stack: Stack): void {
    this.store.add(stack);
  }

  /** Lets a nested stack go that {@link keepReviewed} kept, if nothing has become of it. */
  discardReviewed(stack: Stack): void {
    if (stack.status === 'REVIEW_IN_PROGRESS') stack.setStatus('DELETE_COMPLETE');
  }

  private async prepareUpdate(request: UpdateStackRequest): Promise<StackPreview> {
    const { name, account, region } = request;
    const stack = this.store.find(name, account, region);
    if (!stack || stack.status === 'DELETE_COMPLETE' || stack.status === 'REVIEW_IN_PROGRESS') {
      throw validationError(`Stack [${name}] does not exist`);
    }
    refuseBusy(stack);
    const text = request.template ?? stack.identity.template.text;
    const parameters = previousParameters(stack, text, request);
    const prepared = await this.prepare(stack, text, request, parameters);
    refuseBusy(stack);
    const retyped = [...prepared.plan.resources].filter(([logicalId, { declaration }]) => {
      const before = stack.identity.template.resources.get(logicalId);
      return before && stack.resource(logicalId) && before.type !== declaration.type;
    });
    if (retyped.length > 0) {
      throw validationError(
        `Update of resource type is not permitted. The new template modifies resource type of the following resources: [${retyped.map(([id]) => id).join(', ')}]`,
      );
    }
    const tags = request.tags ?? stack.identity.tags;
    const changes = this.changes(stack, prepared, tags);
    if (changes.unsupported.length > 0) {
      throw new TemplateRejectedError(stack.name, [], changes.unsupported, 'updated');
    }
    return { stack, prepared, tags, changes };
  }

  private changes(
    stack: Stack,
    prepared: PreparedStack,
    tags: Readonly<Record<string, string>>,
  ): StackChanges {
    return stackChanges(stack, prepared, tags, otherStacks(this.store, stack.identity));
  }

  /** Reads a template and refuses it if anything speaks against it. */
  private async prepare(
    stack: Stack,
    template: string,
    request: StackRequest,
    parameters: StackRequest['parameters'] = {},
  ): Promise<PreparedStack> {
    const { name, id, account, region } = stack.identity;
    const target: PreparationTarget = { stackName: name, stackId: id, account, region };
    const prepared = await this.options.clock.work(`prepare stack ${name}`, () =>
      prepareStack(target, template, parameters, this.preparation),
    );
    if (prepared.invalid.length + prepared.unsupported.length > 0) {
      const operation = stack.identity.template === emptyTemplate ? 'created' : 'updated';
      const { invalid, recordable, unsupported } = prepared;
      throw new TemplateRejectedError(name, invalid, unsupported, operation, recordable);
    }
    requireCapabilities(prepared.plan, request.capabilities);
    return prepared;
  }

  private reportAllowedOnly({ name }: Stack, { plan }: PreparedStack): void {
    const counts = new Map<string, number>();
    for (const { declaration, provider } of plan.resources.values()) {
      const { type } = declaration;
      if (provider.allowedOnly) counts.set(type, (counts.get(type) ?? 0) + 1);
    }
    if (counts.size > 0) this.options.onAllowedOnly?.(name, counts);
  }

  private newStack(request: Omit<CreateStackRequest, 'template'>, parent?: Stack): Stack {
    const { name, account, region, tags = {} } = request;
    if (!/^[A-Za-z][A-Za-z0-9-]{0,127}$/.test(name)) {
      throw validationError(
        `1 validation error detected: Value '${name}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
      );
    }
    const random = this.options.random.stream(`cloudformation/${account}/${region}/${name}`);
    const id = `arn:aws:cloudformation:${region}:${account}:stack/${name}/${random.uuid()}`;
    return new Stack(
      {
        id,
        name,
        account,
        region,
        template: emptyTemplate,
        parameters: [],
        tags,
        capabilities: [],
        disableRollback: false,
        express: parent?.identity.express ?? false,
        parentId: parent?.id,
        rootId: parent && (parent.identity.rootId ?? parent.id),
        imports: new Set(),
        dependencies: new Map(),
      },
      this.options.clock,
      random,
    );
  }

  private refuseExisting({ name, account, region }: Omit<StackRequest, 'caller' | 'origin'>): void {
    if (this.store.find(name, account, region)) {
      throw new ServiceError('AlreadyExistsException', `Stack [${name}] already exists`);
    }
  }
}

const updatable = [
  'CREATE_COMPLETE',
  'IMPORT_COMPLETE',
  'IMPORT_ROLLBACK_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_ROLLBACK_COMPLETE',
];
const paused = ['CREATE_FAILED', 'UPDATE_FAILED'];

/** Whether a failure has been left as it was, without rollback. */
function isPaused(stack: Stack): boolean {
  return paused.includes(stack.status);
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html */
function requireDisableRollback(stack: Stack, { disableRollback }: UpdateStackRequest): void {
  if (!isPaused(stack) || disableRollback) return;
  throw validationError(
    `This stack is currently in a non-terminal [${stack.status}] state. To update the stack from this state, please use the disable-rollback parameter with update-stack API. To rollback to the last known good state, use the rollback-stack API`,
  );
}

function refuseBusy(stack: Stack): void {
  if (updatable.includes(stack.status) || isPaused(stack)) return;
  throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
}
