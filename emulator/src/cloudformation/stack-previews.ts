import type { Clock } from '../clock/clock';
import { requireCapabilities } from './capabilities';
import { checkImports, type Imports } from './imports';
import { otherStacks } from './other-stacks';
import { previousParameters } from './previous-parameters';
import type { Stack } from './stack';
import { type StackChanges, stackChanges } from './stack-changes';
import {
  type PreparationContext,
  type PreparationTarget,
  type PreparedStack,
  prepareStack,
} from './stack-preparation';
import type {
  CreateStackRequest,
  ImportStackRequest,
  StackRequest,
  UpdateStackRequest,
} from './stack-requests';
import { refuseBusy } from './stack-state';
import { emptyTemplate } from './template';
import { TemplateRejectedError, validationError } from './template-errors';

/** What an operation on a stack comes to. */
export interface StackPreview {
  readonly stack: Stack;
  readonly prepared: PreparedStack;
  /** Those that the stack will have. */
  readonly tags: Readonly<Record<string, string>>;
  readonly changes: StackChanges;
}

/** Works out what operations on stacks come to, and refuses those that cannot be carried out, without doing anything. */
export class StackPreviews {
  constructor(
    private readonly context: PreparationContext,
    private readonly clock: Clock,
  ) {}

  /**
   * What an update would do, without doing it.
   *
   * @throws TemplateRejectedError if the template cannot be deployed.
   * @throws ServiceError `ValidationError` if there is no such stack, or it cannot be updated in its state.
   */
  async update(request: UpdateStackRequest): Promise<StackPreview> {
    const { name, account, region } = request;
    const stack = this.context.stacks.find(name, account, region);
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

  /**
   * What creating a stack would do, without doing it.
   *
   * @param stack - one that is new, or under review
   * @throws TemplateRejectedError if the template cannot be deployed.
   */
  async create(stack: Stack, request: CreateStackRequest): Promise<StackPreview> {
    const prepared = await this.prepare(stack, request.template, request, request.parameters);
    const { tags = {} } = request;
    return { stack, prepared, tags, changes: this.changes(stack, prepared, tags) };
  }

  /**
   * What an import would do, without doing it.
   *
   * @param stack - the one that is to have the resources, be it one under review
   * @throws ServiceError `ValidationError` if one cannot be imported, or if anything else would change.
   */
  async import(
    request: ImportStackRequest,
    stack: Stack,
  ): Promise<{ readonly preview: StackPreview; readonly imports: Imports }> {
    const preview =
      stack.status === 'REVIEW_IN_PROGRESS'
        ? await this.create(stack, request)
        : await this.update(request);
    const { changes, prepared } = preview;
    const about = { changes, plan: prepared.plan };
    const imports = await checkImports(request.resources, about, request, this.context.stacks);
    return { preview, imports };
  }

  private changes(
    stack: Stack,
    prepared: PreparedStack,
    tags: Readonly<Record<string, string>>,
  ): StackChanges {
    return stackChanges(stack, prepared, tags, otherStacks(this.context.stacks, stack.identity));
  }

  /** Reads a template and refuses it if anything speaks against it. */
  private async prepare(
    stack: Stack,
    template: string,
    request: StackRequest,
    parameters: StackRequest['parameters'] = {},
  ): Promise<PreparedStack> {
    const { name, id, account, region } = stack.identity;
    const { notificationArns = stack.notificationArns } = request;
    const target: PreparationTarget = {
      stackName: name,
      stackId: id,
      account,
      region,
      notificationArns,
    };
    const prepared = await this.clock.work(`prepare stack ${name}`, () =>
      prepareStack(target, template, parameters, this.context),
    );
    if (prepared.invalid.length + prepared.unsupported.length > 0) {
      const operation = stack.identity.template === emptyTemplate ? 'created' : 'updated';
      const { invalid, recordable, unsupported } = prepared;
      throw new TemplateRejectedError(name, invalid, unsupported, operation, recordable);
    }
    requireCapabilities(prepared.plan, request.capabilities);
    return prepared;
  }
}
