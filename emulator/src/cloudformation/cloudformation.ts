import type { Clock } from '../clock/clock';
import type { Caller } from '../iam/caller';
import { ServiceError } from '../protocol/errors';
import type { RandomSource } from '../random/random';
import { requireCapabilities } from './capabilities';
import { CustomResourceProvider, type InvokeCustomResource } from './custom-resource-provider';
import type { ValueResolvers } from './dynamic-references';
import { evaluateSome } from './intrinsics';
import { NestedStackProvider, type NestedStacks } from './nested-stack-provider';
import { nestedStackName } from './physical-names';
import type {
  ExistingResourceRequest,
  ResourceProvider,
  ResourceRequest,
  TemplateValue,
} from './provider';
import { ProviderRegistry } from './provider-registry';
import { createResources, existingResources } from './resource-creation';
import { deleteResources } from './resource-deletion';
import { Stack, type StackEvent, StackFailedError, type StackOutput } from './stack';
import {
  type FetchTemplate,
  fetchTemplate,
  type PreparationContext,
  type PreparedStack,
  prepareStack,
} from './stack-preparation';
import { StackScope } from './stack-scope';
import { type StackExport, StackStore } from './stack-store';
import { TemplateRejectedError, validationError } from './template-errors';
import { isScalar } from './values';

/** What the composition root hands to CloudFormation. */
export interface CloudFormationOptions extends ValueResolvers {
  readonly clock: Clock;
  readonly random: RandomSource;
  /** Those of all services. */
  readonly providers: readonly ResourceProvider[];
  /** @default - a template with nested stacks is refused */
  readonly fetchTemplate?: FetchTemplate;
  /** @default - custom resources are unsupported */
  readonly invokeCustomResource?: InvokeCustomResource;
}

/** A stack to create. */
export interface CreateStackRequest {
  readonly name: string;
  /** JSON or YAML. */
  readonly template: string;
  readonly parameters?: Readonly<Record<string, TemplateValue>>;
  readonly tags?: Readonly<Record<string, string>>;
  readonly account: string;
  readonly region: string;
  readonly caller: Caller;
  /** Where the caller reaches the emulator, such as `http://127.0.0.1:4566`. */
  readonly origin: string;
  /** @default - all are granted */
  readonly capabilities?: readonly string[];
  /** What a failure leaves: nothing but the stack itself, not even that, or all that was made. @default 'ROLLBACK' */
  readonly onFailure?: 'ROLLBACK' | 'DELETE' | 'DO_NOTHING';
  /** @default false */
  readonly terminationProtection?: boolean;
}

/** The CloudFormation engine: makes stacks out of templates and takes them down again. */
export class CloudFormation {
  /** Which resource types there are, and how much of each. */
  readonly providers: ProviderRegistry;
  private readonly store = new StackStore();
  private readonly preparation: PreparationContext;

  constructor(private readonly options: CloudFormationOptions) {
    const { invokeCustomResource, random } = options;
    this.providers = new ProviderRegistry(
      random,
      [...options.providers, new NestedStackProvider(this.nestedStacks())],
      invokeCustomResource
        ? (type) => new CustomResourceProvider(type, invokeCustomResource, random)
        : undefined,
    );
    this.preparation = {
      resolvers: options,
      providers: this.providers,
      stacks: this.store,
      fetchTemplate: options.fetchTemplate,
    };
  }

  /**
   * Creates a stack and waits until it is there. Everything wrong or unsupported in its template is
   * named before anything is created.
   *
   * @throws TemplateRejectedError if the template cannot be deployed: no stack is made.
   * @throws StackFailedError if a resource fails: what was made has been rolled back.
   * @throws ServiceError `AlreadyExistsException` if there is a stack of that name.
   */
  createStack(request: CreateStackRequest): Promise<Stack> {
    return this.create(request);
  }

  /**
   * Deletes a stack, its resources in reverse order of their creation; does nothing if there is none.
   *
   * @param caller - who deletes. @default - who created it
   * @throws StackFailedError naming what could not be deleted.
   * @throws ServiceError `ValidationError` if it is protected, or if other stacks import its exports.
   */
  deleteStack(
    nameOrId: string,
    account: string,
    region: string,
    caller?: Caller,
  ): Promise<Stack | undefined> {
    return this.delete(nameOrId, account, region, caller);
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

  /** Names of the stacks that import an export. */
  importers(exportName: string, account: string, region: string): string[] {
    return this.store.importers(exportName, account, region);
  }

  /** All stacks that have not been deleted, nested ones included. */
  stacks(): Stack[] {
    return this.store.existing();
  }

  private async create(request: CreateStackRequest, parent?: Stack): Promise<Stack> {
    const { name, account, region } = request;
    if (!/^[A-Za-z][A-Za-z0-9-]{0,127}$/.test(name)) {
      throw validationError(
        `1 validation error detected: Value '${name}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
      );
    }
    this.refuseExisting(request);
    const random = this.options.random.stream(`cloudformation/${account}/${region}/${name}`);
    const id = `arn:aws:cloudformation:${region}:${account}:stack/${name}/${random.uuid()}`;
    const target = { stackName: name, stackId: id, account, region };
    const prepared = await this.options.clock.work(`prepare stack ${name}`, () =>
      prepareStack(target, request.template, request.parameters ?? {}, this.preparation),
    );
    if (prepared.invalid.length + prepared.unsupported.length > 0) {
      throw new TemplateRejectedError(name, prepared.invalid, prepared.unsupported);
    }
    requireCapabilities(prepared.plan, request.capabilities);
    // Another call may have taken the name while templates and parameters were read.
    this.refuseExisting(request);
    const stack = new Stack(
      {
        ...target,
        id,
        name,
        template: prepared.template,
        parameters: [...prepared.parameters.values()],
        tags: request.tags ?? {},
        capabilities: request.capabilities ?? [],
        disableRollback: request.onFailure === 'DO_NOTHING',
        parentId: parent?.id,
        rootId: parent && (parent.identity.rootId ?? parent.id),
        imports: prepared.plan.imports,
        dependencies: prepared.plan.dependencies,
      },
      this.options.clock,
      random,
    );
    stack.terminationProtection = request.terminationProtection ?? false;
    this.store.add(stack);
    stack.setStatus('CREATE_IN_PROGRESS', 'User Initiated');
    await this.build(stack, prepared, request);
    return stack;
  }

  private async build(
    stack: Stack,
    prepared: PreparedStack,
    request: CreateStackRequest,
  ): Promise<void> {
    const { clock, random } = this.options;
    const scope = new StackScope(prepared.scopeOptions, {
      ...existingResources(stack),
      importedValue: (name) => this.importedValue(name, stack),
    });
    const failures = await createResources(stack, prepared.plan, scope, {
      clock,
      random,
      resolvers: this.options,
      caller: request.caller,
      origin: request.origin,
    });
    if (failures.length === 0) {
      try {
        stack.setOutputs(this.outputs(stack, prepared, scope));
        stack.setStatus('CREATE_COMPLETE');
        return;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        await this.abandon(stack, request, reason);
        throw new StackFailedError(stack, 'create', [
          { logicalId: stack.name, type: 'AWS::CloudFormation::Stack', reason },
        ]);
      }
    }
    const failed = stack.resources().filter(({ status }) => status === 'CREATE_FAILED');
    const names = failed.map(({ logicalId }) => logicalId).join(', ');
    await this.abandon(stack, request, `The following resource(s) failed to create: [${names}].`);
    throw new StackFailedError(stack, 'create', failures);
  }

  /** Leaves a stack whose creation failed as the request says. */
  private async abandon(stack: Stack, request: CreateStackRequest, reason: string): Promise<void> {
    const onFailure = request.onFailure ?? 'ROLLBACK';
    if (onFailure === 'DO_NOTHING') {
      stack.setStatus('CREATE_FAILED', reason);
      return;
    }
    const [ongoing, done, failed] =
      onFailure === 'ROLLBACK'
        ? (['ROLLBACK_IN_PROGRESS', 'ROLLBACK_COMPLETE', 'ROLLBACK_FAILED'] as const)
        : (['DELETE_IN_PROGRESS', 'DELETE_COMPLETE', 'DELETE_FAILED'] as const);
    const what = onFailure === 'ROLLBACK' ? 'Rollback' : 'Delete';
    stack.setStatus(ongoing, `${reason} ${what} requested by user.`);
    const failures = await deleteResources(stack, this.providers, this.options.clock, true);
    const names = failures.map(({ logicalId }) => logicalId).join(', ');
    if (failures.length === 0) stack.setStatus(done);
    else stack.setStatus(failed, `The following resource(s) failed to delete: [${names}].`);
  }

  private async delete(
    nameOrId: string,
    account: string,
    region: string,
    caller?: Caller,
  ): Promise<Stack | undefined> {
    const stack = this.store.find(nameOrId, account, region);
    if (!stack || stack.status === 'DELETE_COMPLETE') return stack;
    if (stack.status.endsWith('_IN_PROGRESS')) {
      throw validationError(
        `Stack [${stack.name}] cannot be deleted while in status ${stack.status}`,
      );
    }
    if (stack.terminationProtection) {
      throw validationError(
        `Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`,
      );
    }
    for (const { exportName } of stack.outputs) {
      const importers =
        exportName === undefined ? [] : this.store.importers(exportName, account, region);
      if (importers.length === 0) continue;
      const reason = `Delete canceled. Cannot delete export ${exportName} as it is in use by ${importers.join(', ')}.`;
      stack.setStatus(stack.status, reason);
      throw validationError(reason);
    }
    stack.setStatus('DELETE_IN_PROGRESS', 'User Initiated');
    const failures = await deleteResources(
      stack,
      this.providers,
      this.options.clock,
      false,
      caller,
    );
    if (failures.length === 0) {
      stack.setStatus('DELETE_COMPLETE');
      return stack;
    }
    const names = failures.map(({ logicalId }) => logicalId).join(', ');
    stack.setStatus('DELETE_FAILED', `The following resource(s) failed to delete: [${names}].`);
    throw new StackFailedError(stack, 'delete', failures);
  }

  private refuseExisting({ name, account, region }: CreateStackRequest): void {
    if (this.store.find(name, account, region)) {
      throw new ServiceError('AlreadyExistsException', `Stack [${name}] already exists`);
    }
  }

  private outputs(stack: Stack, prepared: PreparedStack, scope: StackScope): StackOutput[] {
    const taken = new Map(
      this.exports(stack.identity.account, stack.identity.region).map((one) => [
        one.name,
        one.exportingStackId,
      ]),
    );
    return prepared.template.outputs.flatMap(
      ({ condition, description, exportName, key, value }) => {
        if (condition !== undefined && scope.condition(condition) === false) return [];
        const text = evaluateSome(value, scope);
        if (!isScalar(text)) {
          throw validationError(
            `Template format error: The Value field of every Outputs member must evaluate to a String (${key}).`,
          );
        }
        const exported = exportName === undefined ? undefined : evaluateSome(exportName, scope);
        const name = exported === undefined ? undefined : String(exported);
        if (name !== undefined) {
          const other = taken.get(name);
          if (other !== undefined) {
            throw validationError(
              `Export with name ${name} is already exported by stack ${other.split('/')[1]}.`,
            );
          }
          taken.set(name, stack.id);
        }
        return [{ key, value: String(text), description, exportName: name }];
      },
    );
  }

  private importedValue(name: string, stack: Stack): TemplateValue {
    const { account, region } = stack.identity;
    const found = this.exports(account, region).find((one) => one.name === name);
    if (!found) throw validationError(`No export named ${name} found.`);
    return found.value;
  }

  private nestedStacks(): NestedStacks {
    const { clock } = this.options;
    return {
      // The nested stack's own resources are the work in hand, not the parent that waits for them.
      create: (request, url, parameters) =>
        clock.park(() => this.createNested(request, url, parameters)),
      delete: (stackId, request) => clock.park(() => this.deleteNested(stackId, request)),
    };
  }

  private async createNested(
    request: ResourceRequest,
    url: string,
    parameters: Readonly<Record<string, TemplateValue>>,
  ): Promise<Stack> {
    const { account, region, logicalId, stackName } = request;
    const random = this.options.random.stream(
      `cloudformation/nested/${account}/${region}/${stackName}/${logicalId}`,
    );
    try {
      return await this.create(
        {
          name: nestedStackName(stackName, logicalId, random),
          template: await fetchTemplate(this.preparation, url, account, region),
          parameters,
          tags: request.stackTags,
          account,
          region,
          caller: request.caller,
          origin: request.origin,
          // Its parent rolls back, and nobody but the parent could delete what is left.
          onFailure: 'DELETE',
        },
        this.describe(request.stackId, account, region),
      );
    } catch (error) {
      if (!(error instanceof StackFailedError)) throw error;
      throw new Error(
        `Embedded stack ${error.failedStack.id} was not successfully created: ${error.message}`,
      );
    }
  }

  private async deleteNested(stackId: string, request: ExistingResourceRequest): Promise<void> {
    try {
      await this.delete(stackId, request.account, request.region, request.caller);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`Embedded stack ${stackId} was not successfully deleted: ${reason}`);
    }
  }
}
