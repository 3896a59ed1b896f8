import { ServiceError } from '../protocol/errors';
import { CustomResourceProvider, type InvokeCustomResource } from './custom-resource-provider';
import type { ValueResolvers } from './dynamic-references';
import { automaticImports, type ImportTarget } from './imports';
import { NestedStackProvider } from './nested-stack-provider';
import { NestedStacks } from './nested-stacks';
import { type NewStackContext, newStack } from './new-stack';
import type { AuthorizeStackOutput } from './other-stacks';
import type { ResourceProvider } from './provider';
import { type AllowRecorded, type NativeTypes, ProviderRegistry } from './provider-registry';
import type { Stack, StackEvent, StackOperator } from './stack';
import { isEmpty } from './stack-changes';
import { buildStack } from './stack-creation';
import { deleteWholeStack } from './stack-deletion';
import { importIntoStack } from './stack-import';
import {
  type FetchTemplate,
  fetchTemplate,
  type PreparationContext,
  type PreparedStack,
} from './stack-preparation';
import { type StackPreview, StackPreviews } from './stack-previews';
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
import { isPaused, refuseBusy, requireDisableRollback } from './stack-state';
import { type StackExport, StackStore } from './stack-store';
import { updateStackResources } from './stack-update';
import { checkTemplate, type TemplateCheck } from './template-check';
import { validationError } from './template-errors';
import type { RollbackOptions, UpdateRollbackOptions } from './update-rollback';

/** What the composition root hands to CloudFormation. */
export interface CloudFormationOptions extends NewStackContext, ValueResolvers {
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

/** The CloudFormation engine: makes stacks out of templates and takes them down again. */
export class CloudFormation {
  /** Which resource types there are, and how much of each. */
  readonly providers: ProviderRegistry;
  readonly nestedStacks: NestedStacks;
  private readonly store = new StackStore();
  private readonly engine: EngineContext;
  private readonly preparation: PreparationContext;
  /** What operations would come to, without doing anything. */
  readonly previews: StackPreviews;

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
    this.previews = new StackPreviews(this.preparation, clock);
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
   * @param operator - who deletes. @default - who created it
   * @throws StackFailedError naming what could not be deleted.
   * @throws ServiceError `ValidationError` if it is protected, or if other stacks import its exports.
   */
  async deleteStack(
    nameOrId: string,
    account: string,
    region: string,
    operator?: StackOperator,
  ): Promise<Stack | undefined> {
    return this.beginDelete(nameOrId, account, region, operator)?.finished;
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
    const stack = reviewed ?? newStack(request, parent, this.options);
    const { prepared, tags } = await this.previews.create(stack, request);
    // Another call may have taken the name while templates and parameters were read.
    if (!reviewed) this.refuseExisting(request);
    else if (stack.status !== 'REVIEW_IN_PROGRESS') refuseBusy(stack);
    stack.adopt(definitionOf(prepared, tags, request, request.onFailure === 'DO_NOTHING'));
    stack.terminationProtection = request.terminationProtection ?? stack.terminationProtection;
    stack.roleArn = request.roleArn ?? stack.roleArn;
    this.store.add(stack);
    this.reportAllowedOnly(stack, prepared);
    begin(stack, prepared, request);
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
    const { changes, prepared, stack, tags } = await this.previews.update(request);
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
    stack.roleArn = request.roleArn ?? stack.roleArn;
    stack.updateTime = this.options.clock.now();
    this.reportAllowedOnly(stack, prepared);
    begin(stack, prepared, request);
    stack.setStatus('UPDATE_IN_PROGRESS', 'User Initiated');
    return { stack, finished: updateStackResources(stack, prepared, request, tags, this.engine) };
  }

  /**
   * Begins to make existing resources part of a stack.
   *
   * @param reviewed - the stack that a change set has made room for, if it is a new one
   * @throws as {@link StackPreviews.import}
   */
  async beginImport(request: ImportStackRequest, reviewed: Stack): Promise<StackOperation> {
    const { imports, preview } = await this.previews.import(request, reviewed);
    const { prepared, stack, tags } = preview;
    this.store.add(stack);
    begin(stack, prepared, request);
    stack.setStatus('IMPORT_IN_PROGRESS', 'User Initiated');
    const finished = importIntoStack(stack, prepared, { ...request, imports }, tags, this.engine);
    return { stack, finished };
  }

  /** Begins to delete a stack; undefined if there is none. @throws as {@link deleteStack}, but for what fails later. */
  beginDelete(
    nameOrId: string,
    account: string,
    region: string,
    operator: StackOperator = {},
  ): StackOperation | undefined {
    const stack = this.store.find(nameOrId, account, region);
    if (!stack) return undefined;
    const operation = { stack, finished: deleteWholeStack(stack, this.engine, operator) };
    for (const nested of this.store.existing()) {
      const { parentId, rootId } = nested.identity;
      if (parentId === stack.id || rootId === stack.id) this.discardReviewed(nested);
    }
    return operation;
  }

  /**
   * Begins to go on with a rollback that failed.
   *
   * @throws ServiceError `ValidationError` if the stack has no rollback that failed, or if what is to be skipped has not failed.
   */
  continueRollback(
    name: string,
    account: string,
    region: string,
    options: UpdateRollbackOptions = {},
  ): StackOperation {
    const stack = this.describe(name, account, region);
    return { stack, finished: continueRollback(stack, options, this.engine) };
  }

  /**
   * Begins to roll back a creation or an update that failed and was told not to roll back by itself.
   *
   * @throws ServiceError `ValidationError` if the stack is in another state.
   */
  rollBack(
    name: string,
    account: string,
    region: string,
    options: RollbackOptions = {},
  ): StackOperation {
    const stack = this.describe(name, account, region);
    return { stack, finished: rollBackByCall(stack, options, this.engine) };
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
    return newStack(request, parent, this.options);
  }

  /** Keeps a stack that {@link reviewStack} made. */
  keepReviewed(stack: Stack): void {
    this.store.add(stack);
  }

  /** Lets a nested stack go that {@link keepReviewed} kept, if nothing has become of it. */
  discardReviewed(stack: Stack): void {
    if (stack.status === 'REVIEW_IN_PROGRESS') stack.setStatus('DELETE_COMPLETE');
  }

  private reportAllowedOnly({ name }: Stack, { plan }: PreparedStack): void {
    const counts = new Map<string, number>();
    for (const { declaration, provider } of plan.resources.values()) {
      const { type } = declaration;
      if (provider.allowedOnly) counts.set(type, (counts.get(type) ?? 0) + 1);
    }
    if (counts.size > 0) this.options.onAllowedOnly?.(name, counts);
  }

  private refuseExisting({ name, account, region }: Omit<StackRequest, 'caller' | 'origin'>): void {
    if (this.store.find(name, account, region)) {
      throw new ServiceError('AlreadyExistsException', `Stack [${name}] already exists`);
    }
  }
}

/** An operation takes a stack over, and tells from now on those whom it is to tell. */
function begin(stack: Stack, { scopeOptions }: PreparedStack, operator: StackOperator): void {
  stack.begin(operator);
  stack.notificationArns = scopeOptions.notificationArns;
}
